/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/cause.h"

#include "cli/view/decision.h"

/* '%' is the next fact. */
static const char *const templates[CAUSE_KIND_COUNT] = {
	[CAUSE_SNAT_ENTRY_ELSEWHERE] = "the SNAT entry % covers %, but on %; the route table of "
				       "%, %, leads to %",
	[CAUSE_NO_SNAT_ENTRY] = "% has no SNAT entry that covers %",
	[CAUSE_DNAT_ENTRY_ONLY] = "; the DNAT entry % publishes a port of it and gives it no way "
				  "out",
	[CAUSE_NO_EIP] = "no EIP is associated with %, and a NAT gateway without one does nothing",
	[CAUSE_HAIRPIN] = "% is both the way out for SNAT and the owner of %, and an enhanced "
			  "gateway does not turn traffic from inside round to its own DNAT "
			  "entries: take a gateway for each, or bind mode nat",
	[CAUSE_SMTP_CLOSED] =
		"the cloud keeps TCP 25 to the internet closed, whatever the rules say, "
		"until it is opened on request: mail goes out by port 465 or 587",
	[CAUSE_CHOSEN_ITSELF] =
		"% is itself the target that % chose, and with the client's address "
		"kept the packet comes back with its own address as source: a host "
		"drops that",
	[CAUSE_NO_LISTENER] = "% has no listener for %",
	[CAUSE_NO_TARGETS] = "the listener % leads to %, in which there is nobody",
	[CAUSE_TAKES_TCP_ONLY] = "% takes nothing but TCP, for which it has listeners",
	[CAUSE_LIMIT_OF_SIZE] = "limit reached: % connections that SNAT began are open at %, and "
				"its size, %, allows % at once; new ones are dropped until others "
				"end",
	[CAUSE_LIMIT_OF_PORTS] = "limit reached: % connections from % to % % are open at %, and "
				 "one EIP has ports for % to one destination; new ones are dropped "
				 "until others end",

	[CAUSE_PUBLIC_PORT_ADMITTED] = "% admits the public port (%), but behind the DNAT entry % "
				       "the packet goes to the private port %",
	[CAUSE_LISTENER_PORT_ADMITTED] =
		"% admits the port of the load balancer (%), but behind the "
		"listener % the packet goes to the port % of a target",
	[CAUSE_PRIVATE_SOURCE_ADMITTED] = "% admits the sender's private address % (%), but after "
					  "SNAT the packet comes from %",
	[CAUSE_UNTRANSLATED_ADMITTED] = "% admits % to the public port (%), but the packet comes "
					"from % and goes to the private port %",
	[CAUSE_GROUP_IN] = "the security group of % does not let % in from %: ",
	[CAUSE_GROUP_OUT] = "the security group of % does not let % out to %: ",
	[CAUSE_GROUP_RULE] = "% rule % drops it (%)",
	[CAUSE_NO_GROUP_RULE] = "no rule of % allows it",
	[CAUSE_ACL_IN] = "the network ACL of % does not let % in from % (%)",
	[CAUSE_ACL_OUT] = "the network ACL of % does not let % out to % (%)",
	[CAUSE_ACL_ANSWER_IN] = "the network ACL of % does not let the answer, % in from % (%); "
				"an ACL is stateless, so answers need a rule, too",
	[CAUSE_ACL_ANSWER_OUT] = "the network ACL of % does not let the answer, % out to % (%); "
				 "an ACL is stateless, so answers need a rule, too",

	[CAUSE_ANSWER_LOST] = "the answer is lost: ",
	[CAUSE_ANSWER_WITHOUT_WAY] = "the answer has no way back: ",
	[CAUSE_ANSWER_FROM_PRIVATE_SUBNET] = "the answer has no way back, for the subnet is a "
					     "private one: ",
	[CAUSE_SYSTEM_ROUTES_ONLY] = "% itself has only the system routes, and none leads to %",
	[CAUSE_NO_ROUTE_IN_SYSTEM_TABLE] = "the system route table % of % has no route to %",
	[CAUSE_NO_ROUTE_IN_CUSTOM_TABLE] = "the custom route table % of % has no route to %; the "
					   "default route that a gateway brings is in the system "
					   "table only",
	[CAUSE_NO_ROUTE_TO_NAT_IP] =
		"the route table % of % has no route to %, a NAT IP of % in a NAT "
		"CIDR that is no part of the VPC",
	[CAUSE_ROUTE_TO_DETACHED] = "the route % leads to %, and that is attached to no ECS",
	[CAUSE_ROUTE_TO_INACTIVE] = "the route % leads to %, and that is not active",
	[CAUSE_GATEWAY_NOT_PUBLIC] = "% is in %, which is not public: 0.0.0.0/0 does not lead from "
				     "there to an IPv4 gateway",
	[CAUSE_NO_IPV4_GATEWAY] = "the last IPv4 gateway of % was deleted in private mode, so "
				  "that nothing of it reaches the internet",
	[CAUSE_OWN_ADDRESS_NEEDS_ROUTE] = "% has a public address, but by its route table, %, it "
					  "does not leave by the IPv4 gateway",
	[CAUSE_NOT_FORWARDING] = "the route % leads to %, which is not meant itself and forwards "
				 "nothing unless its kernel is told to",

	[CAUSE_IN_OTHER_VPC] = "%, the route table of %, does not lead to %, which is in %",
	[CAUSE_JOINED_WITHOUT_ROUTE] = "; % joins the two, but only by a route to it",
	[CAUSE_PEERING_WAITS] = "; nobody has accepted the peering connection %",
	[CAUSE_PEERING_FAILED] = "; the peering connection % has failed, for the VPCs overlap",
	[CAUSE_NO_PEERING] = ", and nothing joins the two VPCs",
	[CAUSE_VPCS_OVERLAP] = "; % in % has it, but where the addresses of two VPCs overlap the "
			       "packet stays at home",
	[CAUSE_ANSWER_STAYS] = "the answer to % stays in %, where % has that address, too: the "
			       "addresses of the two VPCs overlap",
	[CAUSE_NOT_TRANSITIVE] = "% leads into % and ends there: peering is not transitive, and % "
				 "is in %",
	[CAUSE_NO_EDGE_TO_EDGE] = "% leads into % and ends there: what comes by a peering "
				  "connection uses no gateway of that VPC and no public address",

	[CAUSE_NO_ASSOCIATION] = "% is associated with no route table of %, so what comes in by it "
				 "is lost",
	[CAUSE_TRANSIT_BLACKHOLE] = "%, which % is associated with, has the route % to %, a "
				    "blackhole",
	[CAUSE_NO_TRANSIT_ROUTE] = "%, which % is associated with, has no route to %",
	[CAUSE_NOT_PROPAGATED] = ": % does not propagate the routes of % into it",
	[CAUSE_NOT_ATTACHED] = ": % is not attached to %",
	[CAUSE_NO_ATTACHMENT_IN_ZONE] =
		"% is in the zone %, where % has no subnet: a route to % is "
		"of no use there",

	[CAUSE_ANOTHER_INTERFACE] = "the request came in by eth% of %, but its answer leaves by "
				    "another interface, and a VPC whose route there leads to an "
				    "enhanced gateway does not pass that on",
	[CAUSE_PAST_CUT_THROUGH] = "the request came in by eth% of %, which has % as its own "
				   "address, but its answer leaves by another interface",
	[CAUSE_OWN_ADDRESS_WINS] = "the request came in through %, but % has a public address of "
				   "its own, and its answers leave by that",
	[CAUSE_ANSWER_TO_OTHER_GATEWAY] = "the request came in through %, but %, the route table "
					  "of %, sends the answer to %, which knows nothing of it",
	[CAUSE_GATEWAY_TAKES_NO_ANSWERS] = "% is a gateway: it passes packets on and takes none "
					   "for itself, not even answers",
	[CAUSE_ANOTHER_WAY_BACK] = "the answer takes another way back than the request came, and "
				   "is lost at %",

	[CAUSE_ROUTE_BACK_TO_SENDER] = "% sent it itself, and the route % leads it to %, which is "
				       "in %: a router takes nothing that claims to come from "
				       "itself",
	[CAUSE_BACK_AT_SENDER] = "% sent it itself and gets it back, and a host takes nothing that "
				 "claims to come from itself",
	[CAUSE_DETACHED] = "% has the address %, but is attached to no %",
	[CAUSE_CUT_THROUGH] = "% has the EIP % in the place of %, and no part in its VPC",
	[CAUSE_GATEWAY_TAKES_NONE_AT] = "% is the private address of %, and a NAT gateway takes no "
					"packets for itself",
	[CAUSE_HELD] = "% is what % holds in %, and nobody answers there",
	[CAUSE_RESERVED] = "% is reserved by the cloud in %, and nobody answers there",
	[CAUSE_NOT_HELD] = "nobody in % holds the address %",
	[CAUSE_BROADCAST] = "% is the last address of a %, its broadcast address, and a VPC knows "
			    "no broadcast",
	[CAUSE_LINK_LOCAL] = "% is a link-local address, of use between neighbours only",
	[CAUSE_IN_NO_VSWITCH] = "% is in the range of %, %, but in no % of it",
	[CAUSE_CLOUD_SERVICES] = "% is in 100.64.0.0/10, where the cloud has its own services, and "
				 "the lab has only its resolvers and the metadata",
	[CAUSE_NO_ADDRESS_OF_ITS_OWN] = "% has no address of its own that anybody could answer to",
	[CAUSE_GATEWAY_TAKES_NONE] = "% is a gateway: it passes packets on and takes none for "
				     "itself",
	[CAUSE_TRANSLATED_BY] = "; between the two % has to translate, which needs a route to it",
	[CAUSE_PRIVATE_ON_INTERNET] = "% is a private address, which nobody on the internet has",
	[CAUSE_NOBODY_ON_INTERNET] = "nobody on the internet has the address %",
	[CAUSE_NOBODY] = "nobody has the address %",

	[CAUSE_NO_PINGS] = "% answers no pings to % (icmp-reply is off), and only an any-port DNAT "
			   "entry would pass them on",
	[CAUSE_DNAT_TO_NOBODY] =
		"the DNAT entry % leads to %, which no ECS and no ENI holds, so it "
		"has no effect",
	[CAUSE_NO_DNAT_ENTRY] = "% has no DNAT entry for % %",
	[CAUSE_PUBLISHED_ELSEWHERE] = "; % publishes % of % as % of %, and a port is published "
				      "once",
	[CAUSE_PUBLISHED_FIRST] = "; what it has is for %",
	[CAUSE_PUBLISHED_NEXT] = ", %",
	[CAUSE_EIP_UNBOUND] = "% is associated with nothing, so packets to it go nowhere",
	[CAUSE_ROUTER_LISTENS_NOT] = "% is a router, and nothing listens on it",
	[CAUSE_RESOLVER_OFF] = "the resolver of % answers nobody: dns-support is off",
	[CAUSE_WRONG_PRIVATE_PORT] = "the DNAT entry % leads to % of %, where nothing listens; % "
				     "listens on %",
	[CAUSE_NOT_LISTENING] = "it gets there, but nothing on % listens on %",
	[CAUSE_LISTENS_ON] = "; % listens on %",
	[CAUSE_SERVICE_DOWN] =
		"it gets there, but the service % does not listen on %: it has ended, "
		"or has not begun to",

	[CAUSE_GUEST_MISLEADS] = "what somebody has set up in % leads it astray, %, and it is lost "
				 "at %",
	[CAUSE_GUEST_STOPS] = "% itself sends nothing to %: %",
	[CAUSE_GUEST_NO_ROUTE] = "% itself has no route to %; the one that the lab made is gone",
	[CAUSE_GUEST_FILTERS] = "% itself drops it: %",
	[CAUSE_GUEST_LACKS] = "%",

	[CAUSE_SUBNET_TABLE] = "the route table of %, ",
	[CAUSE_NO_AWS_ROUTE] = "%, has no route to %",
	[CAUSE_ROUTE_TO_DELETED] = "%, has the route %, whose next hop % was deleted: a blackhole",
	[CAUSE_ROUTE_TO_DETACHED_GATEWAY] = "%, has the route % to %, which is not attached to % "
					    "any more: a blackhole",
	[CAUSE_ROUTE_TO_GATEWAY_ITSELF] = "%, leads back to the gateway itself by the route %",
	[CAUSE_ROUTE_TO_DETACHED_ENI] = "%, has the route % to %, which is attached to no "
					"instance: a blackhole",
	[CAUSE_NO_INTERNET_GATEWAY_OF_ADDRESS] = "the VPC of this public address has no internet "
						 "gateway, so the address leads nowhere",
	[CAUSE_LOCAL_ROUTE_ONLY] = "% itself has the local route only, and that does not lead "
				   "there",
	[CAUSE_GATEWAY_IN_PRIVATE_SUBNET] = "% is in the private subnet %: the subnet's route "
					    "table, ",
	[CAUSE_NO_INTERNET_GATEWAY] = ", and the VPC has no internet gateway",
	[CAUSE_PRIVATE_GATEWAY] = "% is a private NAT gateway: it has no EIP, and % drops what has "
				  "no public address",
	[CAUSE_NO_PUBLIC_ADDRESS] = "% has no public address, and its route table, %, leads "
				    "straight to %, which drops what has none",
	[CAUSE_SENDER_WITHOUT_PUBLIC_ADDRESS] = "the sender has no public address, and its route "
						"table, %, leads straight to %, which drops what "
						"has none",
	[CAUSE_UNSOLICITED] = "% lets nothing in that no host behind it has asked for: it has no "
			      "port forwarding and answers no pings; a host that others shall call "
			      "needs a public address of its own, in a public subnet",
	[CAUSE_AWS_ANOTHER_INTERFACE] = "the request came in by eth% of %, but its answer leaves "
					"by another interface, ",
	[CAUSE_CHECK_DROPS_IT] = "and the source/destination check drops what has not the "
				 "interface's own address",
	[CAUSE_AND_LOST_AT] = "and so by another way, and is lost at %",
	[CAUSE_ANSWER_FROM_PRIVATE_SUBNET_TO_GATEWAY] = "the request came in by the public "
							"address, but % is a private subnet: its "
							"route table, %, sends the answer to %, "
							"which knows nothing of it",
	[CAUSE_ROUTE_TO_OTHER_GATEWAY] = "the answer takes another way back than the request came: "
					 "the route % sends it to %, which knows nothing of it",
	[CAUSE_SOURCE_CHECK] = "% sends with the address %, which is not its own, and its "
			       "source/destination check drops that",
	[CAUSE_SOURCE_DEST_CHECK] = "the route % leads to %, whose source/destination check drops "
				    "what is not for itself; a host that forwards for others needs "
				    "it off",
	[CAUSE_AWS_NOT_FORWARDING] = "the route % leads to %, and what a guest forwards is its own "
				     "business: as it is, nothing",
};

static void add_port(struct text *text, const struct fact *fact)
{
	text_add(text, protocol_word(fact->port.protocol));
	if (fact->port.first)
		text_addf(text, " %u", fact->port.first);
	if (fact->port.last != fact->port.first)
		text_addf(text, "-%u", fact->port.last);
}

static void add_fact(struct text *text, const struct model *model, const struct fact *fact)
{
	char buffer[FILTER_RULE_TEXT_SIZE];

	switch (fact->kind) {
	case FACT_NAME:
		text_add(text, fact->name);
		break;
	case FACT_ADDRESS:
		address_format(fact->address, buffer);
		text_addf(text, fact->name ? "%2$s (%1$s)" : "%1$s", buffer, fact->name);
		break;
	case FACT_PREFIX:
		text_add(text, prefix_format(fact->prefix, buffer));
		break;
	case FACT_NUMBER:
		text_addf(text, "%u", (unsigned)fact->number);
		break;
	case FACT_COUNT:
		view_add_count(text, fact->number);
		break;
	case FACT_PORT:
		add_port(text, fact);
		break;
	case FACT_RULE:
		text_addf(text, "%s %s %s", fact->rule->policy == POLICY_DROP ? "drop" : "allow",
			  fact->rule->direction == DIRECTION_IN ? "in" : "out",
			  filter_rule_format(fact->rule, buffer));
		break;
	case FACT_DECISION:
		decision_add_text(text, model, &fact->decision);
		break;
	}
}

void cause_add_text(struct text *text, const struct model *model, const struct cause *cause)
{
	for (size_t i = 0; i < cause->n_clause; i++) {
		const struct clause *clause = &cause->clause[i];
		const struct fact *fact = clause->fact;

		for (const char *c = templates[clause->kind]; *c; c++) {
			if (*c != '%')
				text_add_char(text, *c);
			else if (fact < clause->fact + clause->n_fact)
				add_fact(text, model, fact++);
		}
	}
}
