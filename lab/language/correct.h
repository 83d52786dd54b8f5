/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lab/language/command.h"
#include "lab/language/grammar.h"
#include "lab/language/tokenizer.h"

/*
 * What somebody meant who typed a command as other tools have it: the verb first ("create vpc"), a
 * noun in two words
 * ("nat gateway"), a program without its node, a value without its key. Each says it as err's hint,
 * and whether it knew anything. model may be NULL: then only the table is asked.
 */

/* "create vpc", "delete VSW1", "show eips"; a verb alone says where the noun goes. */
bool correct_order(const struct language *language, const struct model *model,
		   const struct token *token, size_t n_token, struct error *err);
/* A noun in two words: "route table create". */
bool correct_noun(const struct language *language, const struct model *model,
		  const struct token *token, size_t n_token, struct error *err);
/* The name before the verb: "vpc VPC1 delete", "service ECS1 http". */
bool correct_name_first(const struct language *language, const struct model *model,
			const struct token *token, size_t n_token, struct error *err);
/* A program's name where its node's should be: "curl http://EIP1", "ssh ECS1". */
bool correct_program(const struct model *model, const struct token *token, size_t n_token,
		     struct error *err);
/* Words of Mininet, containerlab, routers and shells: "pingall", "nodes", "ping A B", "sleep". */
bool correct_foreign(const struct model *model, const struct token *token, size_t n_token,
		     struct error *err);
/* A flow, and nothing to do with it: "ECS1 -> ECS2 80". */
bool correct_flow(const struct token *token, size_t n_token, struct error *err);
/* Where a flow could go to, and nothing to do with it: "ECS2:80", "http://ECS2". */
bool correct_target(const struct model *model, const struct token *token, struct error *err);
/* Two commands on a line: "a; b", "a && b", and a redirection without blanks: "show|less". */
bool correct_joined(const struct token *token, size_t n_token, struct error *err);
/* Alibaba Cloud's "-1/-1", which is all ports: the line without it. */
bool correct_all_ports(const struct token *token, size_t n_token, const struct token *fault,
		       struct error *err);
/* For a word that stands where one of the command's keys should. */
bool correct_key(const struct model *model, const struct grammar *grammar,
		 const struct token *token, struct error *err);
/* For a word that should be one of the parameter's choices and then a name: "NAT1" for "nat-gateway
 * NAT1". */
bool correct_choice(const struct model *model, const struct parameter *parameter,
		    const struct token *token, struct error *err);
