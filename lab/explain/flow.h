/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "lab/model/model.h"

/* FROM -> TO [tcp PORT | udp PORT | icmp] */
struct flow {
	char from[129];       /* a node, or the stranger's address */
	char to[256];         /* as it was typed */
	uint32_t destination; /* the address it comes down to */
	enum protocol protocol;
	uint16_t port; /* 0 for ICMP */
	/* A public address that nobody in the lab has, but somebody on the internet, who answers
	 * anything; 0: there is no such stranger. */
	uint32_t stranger;
};

/* From words: {"ECS1","->","EIP2","tcp","80"}. error.argument: "from", "to", "protocol", "port". */
int flow_parse(const struct model *model, const char *const *word, size_t n_word,
	       struct flow *ret_flow, struct error *err);
/* What stands behind TO alone: [tcp [PORT] | udp PORT | icmp]. Sets protocol and port. */
int flow_parse_protocol(const char *const *word, size_t n_word, struct flow *flow,
			struct error *err);
/*
 * Who, in the sender's VPC, gets what is for the address of somebody in another one, as it has that
 * address, too; NULL: nobody. cloud-semantics: peer-9, peer-23
 */
const struct resource *flow_taker(const struct model *model, const struct resource *from,
				  const struct resource *to, uint32_t destination);
/* A packet that is another's is no packet of a flow to that one. 0: it is nobody's. */
int flow_refuse_taken(const struct model *model, const struct resource *from,
		      const struct resource *to, uint32_t destination, struct error *err);
void flow_format(const struct flow *flow, char *text, size_t size);
