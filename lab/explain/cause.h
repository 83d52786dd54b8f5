/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "core/base/address.h"
#include "lab/model/decision.h"
#include "lab/model/model.h"

/*
 * Why a packet dies, as data: clauses, one behind the other, each a kind and the facts that it is
 * about. The sentence is made in cli/view/cause.c, which has a template for each kind; the facts
 * below stand in the order in which they stand there.
 */
struct packet {
	uint32_t source, destination;
	uint16_t source_port, destination_port; /* 0: a port of the sender's own choice, or a
						   protocol without ports */
	enum protocol protocol;
};

enum cause_kind {
	/* SNAT */
	CAUSE_SNAT_ENTRY_ELSEWHERE,
	CAUSE_NO_SNAT_ENTRY,
	CAUSE_DNAT_ENTRY_ONLY,
	CAUSE_NO_EIP,
	CAUSE_HAIRPIN,
	CAUSE_SMTP_CLOSED,
	CAUSE_LIMIT_OF_SIZE,
	CAUSE_LIMIT_OF_PORTS,

	/* filters */
	CAUSE_PUBLIC_PORT_ADMITTED,
	CAUSE_PRIVATE_SOURCE_ADMITTED,
	CAUSE_UNTRANSLATED_ADMITTED,
	CAUSE_GROUP_IN,
	CAUSE_GROUP_OUT,
	CAUSE_GROUP_RULE,
	CAUSE_NO_GROUP_RULE,
	CAUSE_ACL_IN,
	CAUSE_ACL_OUT,
	CAUSE_ACL_ANSWER_IN,
	CAUSE_ACL_ANSWER_OUT,

	/* routes */
	CAUSE_ANSWER_LOST,
	CAUSE_ANSWER_WITHOUT_WAY,
	CAUSE_ANSWER_FROM_PRIVATE_SUBNET,
	CAUSE_SYSTEM_ROUTES_ONLY,
	CAUSE_NO_ROUTE_IN_SYSTEM_TABLE,
	CAUSE_NO_ROUTE_IN_CUSTOM_TABLE,
	CAUSE_ROUTE_TO_DETACHED,
	CAUSE_NOT_FORWARDING,

	/* more than one VPC */
	CAUSE_IN_OTHER_VPC,
	CAUSE_JOINED_WITHOUT_ROUTE,
	CAUSE_PEERING_WAITS,
	CAUSE_PEERING_FAILED,
	CAUSE_NO_PEERING,
	CAUSE_VPCS_OVERLAP,
	CAUSE_ANSWER_STAYS,
	CAUSE_NOT_TRANSITIVE,
	CAUSE_NO_EDGE_TO_EDGE,
	CAUSE_NO_ASSOCIATION,
	CAUSE_TRANSIT_BLACKHOLE,
	CAUSE_NO_TRANSIT_ROUTE,
	CAUSE_NOT_PROPAGATED,
	CAUSE_NOT_ATTACHED,
	CAUSE_NO_ATTACHMENT_IN_ZONE,

	/* the way back */
	CAUSE_ANOTHER_INTERFACE,
	CAUSE_OWN_ADDRESS_WINS,
	CAUSE_ANSWER_TO_OTHER_GATEWAY,
	CAUSE_GATEWAY_TAKES_NO_ANSWERS,
	CAUSE_ANOTHER_WAY_BACK,

	/* addresses */
	CAUSE_ROUTE_BACK_TO_SENDER,
	CAUSE_BACK_AT_SENDER,
	CAUSE_DETACHED,
	CAUSE_GATEWAY_TAKES_NONE_AT,
	CAUSE_HELD,
	CAUSE_RESERVED,
	CAUSE_NOT_HELD,
	CAUSE_BROADCAST,
	CAUSE_LINK_LOCAL,
	CAUSE_IN_NO_VSWITCH,
	CAUSE_CLOUD_SERVICES,
	CAUSE_NO_ADDRESS_OF_ITS_OWN,
	CAUSE_GATEWAY_TAKES_NONE,
	CAUSE_PRIVATE_ON_INTERNET,
	CAUSE_NOBODY_ON_INTERNET,
	CAUSE_NOBODY,

	/* what is published, and who listens */
	CAUSE_NO_PINGS,
	CAUSE_DNAT_TO_NOBODY,
	CAUSE_NO_DNAT_ENTRY,
	CAUSE_PUBLISHED_ELSEWHERE,
	CAUSE_PUBLISHED_FIRST,
	CAUSE_PUBLISHED_NEXT,
	CAUSE_EIP_UNBOUND,
	CAUSE_ROUTER_LISTENS_NOT,
	CAUSE_RESOLVER_OFF,
	CAUSE_WRONG_PRIVATE_PORT,
	CAUSE_NOT_LISTENING,
	CAUSE_LISTENS_ON,

	CAUSE_SERVICE_DOWN,

	/* the inside of hosts */
	CAUSE_GUEST_MISLEADS,
	CAUSE_GUEST_STOPS,
	CAUSE_GUEST_NO_ROUTE,
	CAUSE_GUEST_FILTERS,
	CAUSE_GUEST_LACKS,

	/* AWS */
	CAUSE_SUBNET_TABLE,
	CAUSE_NO_AWS_ROUTE,
	CAUSE_ROUTE_TO_DELETED,
	CAUSE_ROUTE_TO_DETACHED_GATEWAY,
	CAUSE_ROUTE_TO_GATEWAY_ITSELF,
	CAUSE_ROUTE_TO_DETACHED_ENI,
	CAUSE_NO_INTERNET_GATEWAY_OF_ADDRESS,
	CAUSE_LOCAL_ROUTE_ONLY,
	CAUSE_GATEWAY_IN_PRIVATE_SUBNET,
	CAUSE_NO_INTERNET_GATEWAY,
	CAUSE_PRIVATE_GATEWAY,
	CAUSE_NO_PUBLIC_ADDRESS,
	CAUSE_SENDER_WITHOUT_PUBLIC_ADDRESS,
	CAUSE_UNSOLICITED,
	CAUSE_AWS_ANOTHER_INTERFACE,
	CAUSE_CHECK_DROPS_IT,
	CAUSE_AND_LOST_AT,
	CAUSE_ANSWER_FROM_PRIVATE_SUBNET_TO_GATEWAY,
	CAUSE_ROUTE_TO_OTHER_GATEWAY,
	CAUSE_SOURCE_DEST_CHECK,
	CAUSE_AWS_NOT_FORWARDING,
	CAUSE_KIND_COUNT
};

enum fact_kind {
	FACT_NAME,    /* of a resource, a node, or as it was called */
	FACT_ADDRESS, /* and whose it is, where `name` says it */
	FACT_PREFIX,
	FACT_NUMBER,
	FACT_COUNT, /* a number that may be large */
	FACT_PORT,  /* of a protocol, "tcp 80"; "tcp 80-90", if last is another */
	FACT_RULE,  /* of a security group, without its name */
	FACT_DECISION,
};

struct fact {
	enum fact_kind kind;
	const char *name;
	union {
		uint32_t address;
		struct prefix prefix;
		uint64_t number;
		struct {
			enum protocol protocol;
			uint16_t first, last;
		} port;
		const struct filter_rule *rule;
		struct decision decision;
	};
};

struct clause {
	enum cause_kind kind;
	const struct fact *fact;
	size_t n_fact;
};

#define CAUSE_CLAUSES_MAX 8
struct cause {
	struct clause clause[CAUSE_CLAUSES_MAX];
	size_t n_clause;
};
