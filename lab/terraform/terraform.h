/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "lab/language/tokenizer.h"

/*
 * Reading a network from Terraform: what `terraform show -json` (or tofu's) prints of a plan or a
 * state, providers alicloud and aws, as a topology in the lab's own language. Pure: no file is
 * opened and no kernel is asked.
 *
 * A plan does not know the ids that the cloud will give, so a link between two resources is found
 * by following the plan's references. Where those leave several answers, or none, the likeliest is
 * taken and a note says so.
 */
struct language;

enum terraform_note_kind {
	TERRAFORM_GUESSED,  /* a link that the file does not settle */
	TERRAFORM_LEFT_OUT, /* what the lab has no word for, or lacks a link that is not in the file
			     */
	TERRAFORM_PASSED_OVER, /* what no packet meets */
	TERRAFORM_CHOSEN, /* what the cloud decides when the plan is applied, and the lab decides
			     here */
};

struct terraform_note {
	enum terraform_note_kind kind;
	const char *
		address; /* of the resource in Terraform's words; a type where `count` is above 0 */
	const char *text; /* what it is about, without a full stop */
	unsigned
		count; /* of resources of one type that were left out as a whole; 0: one resource */
};

struct terraform {
	struct arena arena;    /* owns the notes' strings */
	char *text;            /* the topology file */
	struct origin *origin; /* the addresses that its lines are of */
	size_t n_origin;
	struct terraform_note *note;
	size_t n_note;
	/* Links between resources: settled by the file, taken to be, and not there at all. */
	unsigned n_exact, n_guessed, n_missing;
};

/* Is this what such a file begins like? A topology file never begins with a brace. */
bool terraform_is_json(const char *text, size_t length);

/*
 * Translate the JSON, which is freed as soon as it is read, for it may be long. The words of
 * `language` are no names.
 * -EINVAL with err where it is no plan or state that can be read.
 */
int terraform_import(char *json, size_t length, const struct language *language,
		     struct terraform *ret_terraform, struct error *err);
void terraform_free(struct terraform *terraform);

/*
 * The lab as a configuration that builds it in its cloud: HCL as `terraform fmt` leaves it, or the
 * same as .tf.json. Resources refer to each other by name. What Terraform has no word for
 * (services, internet hosts) is a comment, and what the cloud has to choose (zones, images, public
 * addresses) a variable or not said. The caller frees.
 */
enum terraform_syntax { TERRAFORM_HCL, TERRAFORM_JSON };
struct model;
char *terraform_export(const struct model *model, enum terraform_syntax syntax);
