/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/verify/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>

#include "core/base/memory.h"
#include "core/netlink/attributes.h"

/* Reads links, addresses, routes and rules back into the form in which they are wanted. What
 * cannot be said in that form is no wanted object, and so an extra one. */

/* ---- links ---- */

static void read_family(struct seen_link *link, const struct nlattr *family)
{
	const struct nlattr *setting;

	for_each_nested(setting, family)
	{
		const uint32_t *values = mnl_attr_get_payload(setting);

		if (mnl_attr_get_type(family) == AF_INET &&
		    mnl_attr_get_type(setting) == IFLA_INET_CONF &&
		    mnl_attr_get_payload_len(setting) >= IPV4_DEVCONF_RP_FILTER * sizeof(*values))
			link->rp_filter = values[IPV4_DEVCONF_RP_FILTER - 1] != 0;
		if (mnl_attr_get_type(family) == AF_INET6 &&
		    mnl_attr_get_type(setting) == IFLA_INET6_ADDR_GEN_MODE)
			link->quiet = mnl_attr_get_u8(setting) == IN6_ADDR_GEN_MODE_NONE;
	}
}

static void read_link(struct seen_link *link, const struct nlmsghdr *message)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr, *nested;
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	*link = (struct seen_link){ .index = head->ifi_index,
				    .peer_index = (int)attributes_number(&attributes, IFLA_LINK),
				    .quiet = true,
				    .up = head->ifi_flags & IFF_UP,
				    .arp = !(head->ifi_flags & IFF_NOARP) };
	if ((attr = attributes.attr[IFLA_IFNAME]))
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attr));
	if ((attr = attributes.attr[IFLA_ADDRESS]) &&
	    mnl_attr_get_payload_len(attr) == sizeof(link->mac))
		memcpy(link->mac, mnl_attr_get_payload(attr), sizeof(link->mac));
	if ((attr = attributes.attr[IFLA_LINKINFO]))
		for_each_nested(nested, attr) if (mnl_attr_get_type(nested) == IFLA_INFO_KIND)
			link->veth = strcmp(mnl_attr_get_str(nested), "veth") == 0;
	if ((attr = attributes.attr[IFLA_AF_SPEC]))
		for_each_nested(nested, attr) read_family(link, nested);
}

static int compare_links(const void *a, const void *b)
{
	return strcmp(((const struct seen_link *)a)->name, ((const struct seen_link *)b)->name);
}

int look_links(struct look *look, int fd, struct seen_link **ret_link, size_t *ret_n,
	       struct error *err)
{
	struct seen_link *link = NULL;
	struct netlink_answer answer;
	size_t n = 0;
	int r = rtnl_dump(fd, RTM_GETLINK, sizeof(struct ifinfomsg), "links", &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));)
		if (message->nlmsg_type == RTM_NEWLINK)
			read_link(ARRAY_PUSH(link, n), message);
	netlink_answer_free(&answer);
	if (n)
		qsort(link, n, sizeof(*link), compare_links);
	*ret_link = arena_alloc(&look->arena, (n + 1) * sizeof(*link));
	if (n)
		memcpy(*ret_link, link, n * sizeof(*link));
	*ret_n = n;
	free(link);
	return 0;
}

static const char *name_of(const struct verify_place *place, int index)
{
	for (size_t i = 0; i < place->n_link; i++)
		if (place->link[i].index == index)
			return place->link[i].name;
	return "";
}

/* ---- addresses, routes, rules ---- */

/* Note an object that is there: as the wanted one with its key, else as an extra one. A second
 * one with the same key (another metric, say) is extra, too. */
static void sort_in(struct look *look, struct verify_place *place, const struct object *object,
		    bool plain, const struct nlmsghdr *message, uint16_t delete_type)
{
	size_t i = plain ? look_find(look, object) : SIZE_MAX;
	char text[OBJECT_TEXT_SIZE];

	if (i != SIZE_MAX && !look->there[i]) {
		const char *origin = look->found[i].origin;

		look->there[i] = true;
		look->found[i] = *object;
		look->found[i].origin = origin;
	} else if (place->router) {
		place_extra(look, place, message, delete_type, object_describe(object, text));
	}
}

static void read_address(struct look *look, struct verify_place *place,
			 const struct nlmsghdr *message)
{
	const struct ifaddrmsg *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_ADDRESS, .netns = place->netns->netns };
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	object.address.link = name_of(place, (int)head->ifa_index);
	object.address.address = attributes_address(
		&attributes, attributes.attr[IFA_LOCAL] ? IFA_LOCAL : IFA_ADDRESS);
	object.address.length = head->ifa_prefixlen;
	if (object.address.address == 0x7f000001u && strcmp(object.address.link, "lo") == 0)
		return; /* it is the kernel's own */
	sort_in(look, place, &object, true, message, RTM_DELADDR);
}

static bool route_is_plain(const struct rtmsg *head, const struct attributes *attributes)
{
	static const unsigned special[] = { RTA_PREFSRC, RTA_METRICS, RTA_MULTIPATH, RTA_ENCAP,
					    RTA_VIA,     RTA_NH_ID,   RTA_FLOW };

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (attributes->attr[special[i]])
			return false;
	return head->rtm_tos == 0 && attributes_number(attributes, RTA_PRIORITY) == 0 &&
	       (head->rtm_type == RTN_UNICAST || head->rtm_type == RTN_BLACKHOLE);
}

static void read_route(struct look *look, struct verify_place *place,
		       const struct nlmsghdr *message)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_ROUTE, .netns = place->netns->netns };
	struct attributes attributes;

	/* Routes that follow from addresses are the kernel's own. */
	if (head->rtm_flags & RTM_F_CLONED)
		return;
	attributes_read(message, sizeof(*head), &attributes);
	if (head->rtm_protocol == RTPROT_KERNEL) {
		*ARRAY_PUSH(place->own, place->n_own) =
			(struct prefix){ attributes_address(&attributes, RTA_DST),
					 head->rtm_dst_len };
		return;
	}
	object.route = (struct route_object){
		.table = attributes.attr[RTA_TABLE] ? attributes_number(&attributes, RTA_TABLE)
						    : head->rtm_table,
		.to = { attributes_address(&attributes, RTA_DST), head->rtm_dst_len },
		.type = head->rtm_type == RTN_BLACKHOLE ? ROUTE_BLACKHOLE : ROUTE_UNICAST,
		.link = attributes.attr[RTA_OIF]
				? name_of(place, (int)attributes_number(&attributes, RTA_OIF))
				: NULL,
		.via = attributes_address(&attributes, RTA_GATEWAY),
		.onlink = head->rtm_flags & RTNH_F_ONLINK,
	};
	sort_in(look, place, &object, route_is_plain(head, &attributes), message, RTM_DELROUTE);
}

static bool rule_is_plain(const struct fib_rule_hdr *head, const struct attributes *attributes)
{
	static const unsigned special[] = {
		FRA_SRC,      FRA_DST,         FRA_OIFNAME,     FRA_GOTO,
		FRA_FLOW,     FRA_TUN_ID,      FRA_L3MDEV,      FRA_UID_RANGE,
		FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE, FRA_SUPPRESS_IFGROUP
	};
	uint32_t suppress = attributes->attr[FRA_SUPPRESS_PREFIXLEN]
				    ? attributes_number(attributes, FRA_SUPPRESS_PREFIXLEN)
				    : ~0u;

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (attributes->attr[special[i]])
			return false;
	if (attributes->attr[FRA_FWMASK] && attributes_number(attributes, FRA_FWMASK) != ~0u)
		return false;
	return head->tos == 0 && head->action == FR_ACT_TO_TBL &&
	       !(head->flags & FIB_RULE_INVERT) && (suppress == ~0u || suppress == 0);
}

static void read_rule(struct look *look, struct verify_place *place, const struct nlmsghdr *message)
{
	const struct fib_rule_hdr *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_RULE, .netns = place->netns->netns };
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	object.rule = (struct rule_object){
		.priority = attributes_number(&attributes, FRA_PRIORITY),
		.iif = attributes.attr[FRA_IIFNAME]
			       ? arena_strdup(&look->arena,
					      mnl_attr_get_str(attributes.attr[FRA_IIFNAME]))
			       : NULL,
		.mark = attributes_number(&attributes, FRA_FWMARK),
		.table = attributes.attr[FRA_TABLE] ? attributes_number(&attributes, FRA_TABLE)
						    : head->table,
		.ignore_default = attributes.attr[FRA_SUPPRESS_PREFIXLEN] &&
				  attributes_number(&attributes, FRA_SUPPRESS_PREFIXLEN) == 0,
	};
	sort_in(look, place, &object, rule_is_plain(head, &attributes), message, RTM_DELRULE);
}

static int read_all(struct look *look, struct verify_place *place, uint16_t get, uint16_t new,
		    size_t head, const char *what,
		    void (*read)(struct look *look, struct verify_place *place,
				 const struct nlmsghdr *message),
		    struct error *err)
{
	struct netlink_answer answer;
	int r = rtnl_dump(place->rtnl, get, head, what, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));)
		if (message->nlmsg_type == new)
			read(look, place, message);
	netlink_answer_free(&answer);
	return 0;
}

static bool has_own(const struct verify_place *place, struct prefix prefix)
{
	for (size_t i = 0; i < place->n_own; i++)
		if (prefix_equal(place->own[i], prefix))
			return true;
	return false;
}

/* An address without the routes that come with it is worth nothing. */
static void check_addresses(struct look *look, const struct verify_place *place)
{
	size_t n;
	const struct object *object =
		wanted_range(look->wanted, OBJECT_ADDRESS, place->netns->netns, &n);
	size_t first = n ? (size_t)(object - look->wanted->object) : 0;

	for (size_t i = first; i < first + n; i++) {
		const struct address_object *found = &look->found[i].address;
		const struct seen_link *link = place_link(place, found->link);

		if (!look->there[i] || !link || !link->up)
			continue;
		if (!has_own(place, (struct prefix){ found->address, 32 }) ||
		    !has_own(place, (struct prefix){ found->address & prefix_mask(found->length),
						     found->length }))
			look->detail[i] = "the kernel's own routes for it are gone";
	}
}

int look_network(struct look *look, struct verify_place *place, struct error *err)
{
	int r = read_all(look, place, RTM_GETADDR, RTM_NEWADDR, sizeof(struct ifaddrmsg),
			 "addresses", read_address, err);

	if (r == 0)
		r = read_all(look, place, RTM_GETROUTE, RTM_NEWROUTE, sizeof(struct rtmsg),
			     "routes", read_route, err);
	if (r == 0)
		r = read_all(look, place, RTM_GETRULE, RTM_NEWRULE, sizeof(struct fib_rule_hdr),
			     "routing rules", read_rule, err);
	if (r == 0)
		check_addresses(look, place);
	return r;
}
