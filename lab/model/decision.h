/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "core/guest/guest.h"
#include "lab/model/model.h"

/*
 * What decides about a packet at a node, as data. Explain finds it by walking the model. The
 * compiler gives every rule, route and element in the kernel the cookie of the decision that it
 * stands for, so that a trace finds the same one from what the kernel has done. Sentences about it
 * are made in cli/view/decision.c; what is configured has one name everywhere, which the kernel
 * keeps, too, as a comment.
 */
enum decision_kind {
	DECISION_NONE,
	DECISION_PART, /* nothing: it is a part of what `resource` and `other` became in the kernel
			*/
	DECISION_PART_OF_GROUPS, /* or of the security groups of the interface `resource` */

	/* Filters. */
	DECISION_GROUP_RULE,    /* `rule` of the security group */
	DECISION_GROUP_MEMBERS, /* the sender is a member of the receiver's group */
	DECISION_GROUP_REST,    /* no rule of the group decides */
	DECISION_CONNECTION,    /* it belongs to a connection that was allowed */
	DECISION_ACL_RULE,      /* `rule` of the network ACL; NULL: none accepts it */
	DECISION_ONE_INTERFACE, /* it comes by one interface with the address of another */
	DECISION_SOURCE_CHECK,  /* AWS: of the interface `resource` */
	DECISION_DESTINATION_CHECK,
	DECISION_FRAGMENT,
	DECISION_PAST_GROUPS, /* it is for a service of the cloud's that no group filters */

	/* Routes. */
	DECISION_ROUTE,          /* a custom one */
	DECISION_LOCAL_ROUTE,    /* of the route table, or of the VPC's own router, to `other` */
	DECISION_TRANSIT_ROUTE,  /* of the transit router's table `other`: the static route, or the
				    attachment that propagates it */
	DECISION_NO_ZONE,        /* the attachment has none of its vSwitches there */
	DECISION_CLOUD_SERVICES, /* of the route table, to the cloud's own services */
	DECISION_FOREIGN_RESOLVER, /* AWS: that of the VPC `resource`, asked from another one */
	DECISION_NO_ROUTE,         /* in the route table, or in the VPC's own router */
	DECISION_PUBLIC_ROUTE,     /* the host `resource` has a public address of its own */
	DECISION_EIP_ROUTE,        /* on the internet, to what the EIP is associated with */
	DECISION_ADDRESS_ROUTE,    /* on the internet, to the static public address of an ECS */
	DECISION_HOST_ROUTE,       /* on the internet, to the internet host */
	DECISION_ENDPOINT_ROUTE,   /* on the internet, by a gateway endpoint to its VPC */
	DECISION_ENDPOINT_REST,    /* what a gateway endpoint does not take */
	DECISION_BALANCER_RETURN,  /* an answer to what the load balancer brought */

	/* Translations. */
	/* To the EIP `other`, if it is known. New connections beyond `limit` a second were dropped,
	 * `count` of them so far. */
	DECISION_SNAT,
	DECISION_ANY_PORT_SNAT,    /* by the EIP of an any-port DNAT entry */
	DECISION_DNAT,             /* by the DNAT entry */
	DECISION_PUBLIC_ADDRESS,   /* from or to that of the host `resource` */
	DECISION_GATEWAY_ADDRESS,  /* AWS: to that of the NAT gateway */
	DECISION_BALANCED,         /* by the listener, to the target `other` */
	DECISION_BALANCER_ADDRESS, /* to the load balancer's own: the group does not preserve the
				      client's */
	DECISION_ICMP_REPLY,       /* the NAT gateway answers itself */
	DECISION_ANSWER,           /* turned round, as connection tracking knows; `resource` has
				      translated the question, if it is known */

	/* What a gateway does not do. */
	DECISION_HAIRPIN,
	DECISION_SMTP, /* TCP 25 to the internet */
	DECISION_UNKNOWN_ANSWER,
	DECISION_NO_SNAT_ENTRY,
	DECISION_NO_DNAT_ENTRY,
	DECISION_NO_LISTENER,
	DECISION_NO_PUBLIC_ADDRESS,
	DECISION_NO_INTERNET_GATEWAY,
	DECISION_NOT_PUBLIC, /* the vSwitch `resource` of a NAT gateway; Alibaba */
	DECISION_UNSOLICITED,
	DECISION_LIMIT_OF_SIZE, /* `count` connections of `limit` */
	DECISION_LIMIT_OF_PORTS,
	DECISION_LIMIT_OF_RATE,
	DECISION_LIMIT_OF_BANDWIDTH, /* of the EIP `resource` */
	DECISION_NO_HOP,             /* nothing is taken from the TTL */

	/* Ends, which no rule in the kernel stands for. */
	DECISION_INTERFACE, /* of the sender: eth`number`, by `address` where that is a router */
	DECISION_ROUTER_ITSELF,
	DECISION_GATEWAY_ITSELF,
	DECISION_SERVICE,
	DECISION_PING,
	DECISION_RESOLVER, /* of the VPC */
	DECISION_METADATA,
	DECISION_NOT_LISTENING, /* on the host `resource`, not the service `other` either; NULL: on
				   a router */
	DECISION_ITS_ANSWER,
	DECISION_NOT_ITS_ANSWER, /* from `address` */
	DECISION_NOT_FOR_GATEWAY,
	DECISION_NO_SOURCE_ADDRESS,
	DECISION_NOT_FORWARDING,
	DECISION_GUEST,           /* what somebody has set up in the host `resource`: guest_rule or
				     guest_route;	 neither: that a route which the lab made is gone */
	DECISION_GUEST_ADDRESS,   /* the host has not `address` any more */
	DECISION_GUEST_SECONDARY, /* nobody has set up there the secondary `address` of eth`number`
				   */
	DECISION_GUEST_LINK,      /* its eth`number` is down, or gone */
	DECISION_LISTENER,        /* a program that is no service of the lab's */
	DECISION_OWN_SOURCE,      /* it claims to come from the node itself */
	DECISION_ROUTER_SOURCE,   /* or from what every router calls itself */
	DECISION_BROADCAST,
	DECISION_NOBODY,     /* answers at the address: in the vSwitch or VPC `resource`, or on the
				internet (NULL); `other` has it, and is attached to nothing */
	DECISION_GOES_ROUND, /* until its time to live is over */

	/* Seen by a trace, where it is nothing of the above. */
	DECISION_NFT,     /* a rule or policy of `chain` */
	DECISION_NOWHERE, /* routing has dropped it */
	DECISION_REFUSED,
	DECISION_NO_ANSWER,
	DECISION_NOT_TAKEN, /* for an answer */
	DECISION_KIND_COUNT
};

struct decision {
	enum decision_kind kind;
	const struct resource *resource, *other;
	const struct filter_rule *rule;
	enum direction direction;
	unsigned number;
	uint32_t address;
	uint64_t count, limit;
	const struct guest_rule *guest_rule;
	const struct guest_route *guest_route;
	/* DECISION_NFT; the strings are the holder's */
	const char *chain;
	const char *words; /* of nft(8); NULL: the chain is not as the lab made it */
	bool foreign, by_policy, drop;
};

/* BY(ROUTE, .resource = ...) */
#define BY(kind_, ...) ((struct decision){ .kind = DECISION_##kind_, ##__VA_ARGS__ })

struct transit_entry;
struct decision transit_decision(const struct transit_entry *entry,
				 const struct transit_table *table);

/* The same thing decided? What only one of two knows of it does not count. */
bool decision_equal(const struct decision *a, const struct decision *b);

/* An opaque number for the kernel's objects, and back. Resources that are gone are NULL. */
uint64_t decision_cookie(const struct decision *decision);
struct decision decision_of_cookie(const struct model *model, uint64_t cookie);
/* Is what carries the cookie a part of the resource? NULL: of the internet. */
bool cookie_has(const struct model *model, uint64_t cookie, const struct resource *resource);

/*
 * The name of what is configured, or of what a gateway does by itself: "SG2 rule 1: allow in tcp 80
 * from 0.0.0.0/0", "DNAT entry dnat1". Adds nothing of a kind that has none.
 */
void decision_add_name(struct text *text, const struct model *model,
		       const struct decision *decision);
