/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/message.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <netlink/addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>

static struct nl_addr *make_address(uint32_t address, uint8_t length)
{
	uint32_t wire = htonl(address);
	struct nl_addr *made = nl_addr_build(AF_INET, &wire, sizeof(wire));

	if (made)
		nl_addr_set_prefixlen(made, length);
	return made;
}

static struct rtnl_addr *describe_address(const struct address_object *address, int index)
{
	struct rtnl_addr *made = rtnl_addr_alloc();
	struct nl_addr *local = make_address(address->address, address->length);
	bool ok = made && local && rtnl_addr_set_local(made, local) == 0;

	if (local)
		nl_addr_put(local);
	if (!ok) {
		if (made)
			rtnl_addr_put(made);
		return NULL;
	}
	rtnl_addr_set_ifindex(made, index);
	return made;
}

struct nl_msg *message_address_add(const struct address_object *address, int index, bool replace)
{
	struct rtnl_addr *made = describe_address(address, index);
	struct nl_msg *message = NULL;

	if (!made)
		return NULL;
	if (rtnl_addr_build_add_request(made, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL),
					&message) < 0)
		message = NULL;
	rtnl_addr_put(made);
	return message;
}

struct nl_msg *message_address_delete(const struct address_object *address, int index)
{
	struct rtnl_addr *made = describe_address(address, index);
	struct nl_msg *message = NULL;

	if (!made)
		return NULL;
	if (rtnl_addr_build_delete_request(made, 0, &message) < 0)
		message = NULL;
	rtnl_addr_put(made);
	return message;
}

static bool add_next_hop(struct rtnl_route *made, const struct route_object *route, int index)
{
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();

	if (!hop)
		return false;
	rtnl_route_nh_set_ifindex(hop, index);
	if (route->onlink)
		rtnl_route_nh_set_flags(hop, RTNH_F_ONLINK);
	if (route->via) {
		struct nl_addr *via = make_address(route->via, 32);

		if (!via) {
			rtnl_route_nh_free(hop);
			return false;
		}
		rtnl_route_nh_set_gateway(hop, via);
		nl_addr_put(via);
	}
	rtnl_route_add_nexthop(made, hop);
	return true;
}

/* Table, prefix and kind: what names a route. */
static struct rtnl_route *describe_route(const struct route_object *route)
{
	struct rtnl_route *made = rtnl_route_alloc();
	struct nl_addr *to = make_address(route->to.address, route->to.length);
	bool ok = made && to && rtnl_route_set_dst(made, to) == 0;

	if (to)
		nl_addr_put(to);
	if (!ok) {
		if (made)
			rtnl_route_put(made);
		return NULL;
	}
	rtnl_route_set_table(made, route->table);
	rtnl_route_set_protocol(made, RTPROT_UNSPEC); /* whoever made it; not libnl's own default */
	rtnl_route_set_type(made, route->type == ROUTE_BLACKHOLE ? RTN_BLACKHOLE : RTN_UNICAST);
	return made;
}

struct nl_msg *message_route_add(const struct route_object *route, int index, bool replace)
{
	struct rtnl_route *made = describe_route(route);
	struct nl_msg *message = NULL;
	bool ok = made != NULL;

	if (!made)
		return NULL;
	rtnl_route_set_protocol(
		made,
		RTPROT_BOOT); /* what ip(8) makes: so our routes look like those made by hand */
	rtnl_route_set_scope(made, route->link && !route->via ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
	if (route->type == ROUTE_UNICAST) {
		ok = add_next_hop(made, route, index);
	}
	if (!ok ||
	    rtnl_route_build_add_request(
		    made, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), &message) < 0)
		message = NULL;
	rtnl_route_put(made);
	return message;
}

struct nl_msg *message_route_delete(const struct route_object *route)
{
	struct rtnl_route *made = describe_route(route);
	struct nl_msg *message = NULL;

	if (!made)
		return NULL;
	rtnl_route_set_scope(made, RT_SCOPE_NOWHERE); /* whatever it has */
	if (rtnl_route_build_del_request(made, 0, &message) < 0)
		message = NULL;
	rtnl_route_put(made);
	return message;
}

static struct rtnl_rule *describe_rule(const struct rule_object *rule)
{
	struct rtnl_rule *made = rtnl_rule_alloc();

	if (!made)
		return NULL;
	rtnl_rule_set_family(made, AF_INET);
	rtnl_rule_set_prio(made, rule->priority);
	rtnl_rule_set_table(made, rule->table);
	rtnl_rule_set_action(made, FR_ACT_TO_TBL);
	if (rule->mark)
		rtnl_rule_set_mark(made, rule->mark);
	if (rule->iif && rtnl_rule_set_iif(made, rule->iif) < 0) {
		rtnl_rule_put(made);
		return NULL;
	}
	return made;
}

struct nl_msg *message_rule_add(const struct rule_object *rule)
{
	struct rtnl_rule *made = describe_rule(rule);
	struct nl_msg *message = NULL;

	if (!made)
		return NULL;
	if (rtnl_rule_build_add_request(made, NLM_F_EXCL, &message) < 0)
		message = NULL;
	rtnl_rule_put(made);
	/* libnl has no word for this one. */
	if (message && rule->ignore_default &&
	    nla_put_u32(message, FRA_SUPPRESS_PREFIXLEN, 0) < 0) {
		nlmsg_free(message);
		message = NULL;
	}
	return message;
}

struct nl_msg *message_rule_delete(const struct rule_object *rule)
{
	struct rtnl_rule *made = describe_rule(rule);
	struct nl_msg *message = NULL;

	if (!made)
		return NULL;
	if (rtnl_rule_build_delete_request(made, 0, &message) < 0)
		message = NULL;
	rtnl_rule_put(made);
	return message;
}
