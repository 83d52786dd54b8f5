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

	for_each_nested(setting, family) {
		const uint32_t *values = mnl_attr_get_payload(setting);

		if (mnl_attr_get_type(family) == AF_INET &&
		    mnl_attr_get_type(setting) == IFLA_INET_CONF &&
		    mnl_attr_get_payload_len(setting) >= IPV4_DEVCONF_RP_FILTER * sizeof(*values)) {
			link->rp_filter = values[IPV4_DEVCONF_RP_FILTER - 1] != 0;
			link->forwards = values[IPV4_DEVCONF_FORWARDING - 1] != 0;
		}
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
	link->mtu = attributes_number(&attributes, IFLA_MTU);
	if ((attr = attributes.attr[IFLA_LINKINFO]))
		for_each_nested(nested, attr)
			if (mnl_attr_get_type(nested) == IFLA_INFO_KIND)
				link->veth = strcmp(mnl_attr_get_str(nested), "veth") == 0;
	if ((attr = attributes.attr[IFLA_AF_SPEC]))
		for_each_nested(nested, attr)
			read_family(link, nested);
}

static int compare_links(const void *a, const void *b)
{
	return strcmp(((const struct seen_link *)a)->name, ((const struct seen_link *)b)->name);
}

int read_links(struct snapshot *snapshot, int fd, struct seen_link **ret_link, size_t *ret_n,
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
	*ret_link = arena_alloc(&snapshot->arena, (n + 1) * sizeof(*link));
	if (n)
		memcpy(*ret_link, link, n * sizeof(*link));
	*ret_n = n;
	free(link);
	return 0;
}

static int compare_index(const void *a, const void *b)
{
	const struct seen_link *const *x = a, *const *y = b;

	return ((*x)->index > (*y)->index) - ((*x)->index < (*y)->index);
}

static void sort_by_index(struct snapshot *snapshot, struct seen_netns *seen)
{
	seen->by_index = arena_alloc(&snapshot->arena, seen->n_link * sizeof(*seen->by_index));
	for (size_t i = 0; i < seen->n_link; i++)
		seen->by_index[i] = &seen->link[i];
	if (seen->n_link)
		qsort(seen->by_index, seen->n_link, sizeof(*seen->by_index), compare_index);
}

static const char *name_of(const struct seen_netns *seen, int index)
{
	const struct seen_link key = { .index = index }, *p = &key;
	struct seen_link *const *found =
		seen->n_link ? bsearch(&p, seen->by_index, seen->n_link, sizeof(p), compare_index)
			     : NULL;

	return found ? (*found)->name : "";
}

/* ---- addresses, routes, rules ---- */

/* Note an object that is there: as the wanted one with its key, else as an extra one. A second
 * one with the same key (another type of service, say) is extra, too. */
static void note_object(struct snapshot *snapshot, struct seen_netns *seen,
			const struct object *object, bool plain, const struct nlmsghdr *message,
			uint16_t delete_type)
{
	size_t i = plain ? snapshot_find(snapshot, object) : SIZE_MAX;
	char text[OBJECT_TEXT_SIZE];

	if (i != SIZE_MAX && !snapshot->there[i]) {
		const char *origin = snapshot->found[i].origin;

		snapshot->there[i] = true;
		snapshot->found[i] = *object;
		snapshot->found[i].origin = origin;
	} else {
		add_extra(snapshot, seen, message, delete_type, object_describe(object, text));
	}
}

static void read_address(struct snapshot *snapshot, struct seen_netns *seen,
			 const struct nlmsghdr *message)
{
	const struct ifaddrmsg *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_ADDRESS, .netns = seen->netns->netns };
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	object.address.link = name_of(seen, (int)head->ifa_index);
	object.address.address = attributes_address(
		&attributes, attributes.attr[IFA_LOCAL] ? IFA_LOCAL : IFA_ADDRESS);
	object.address.length = head->ifa_prefixlen;
	object.address.never_source = head->ifa_scope == RT_SCOPE_HOST;
	if (object.address.address == 0x7f000001u && strcmp(object.address.link, "lo") == 0)
		return; /* it is the kernel's own */
	note_object(snapshot, seen, &object, true, message, RTM_DELADDR);
}

static bool route_is_plain(const struct rtmsg *head, const struct attributes *attributes)
{
	static const unsigned special[] = { RTA_PREFSRC, RTA_METRICS, RTA_MULTIPATH, RTA_ENCAP,
					    RTA_VIA,     RTA_NH_ID,   RTA_FLOW };

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (attributes->attr[special[i]])
			return false;
	return head->rtm_tos == 0 &&
	       (head->rtm_type == RTN_UNICAST || head->rtm_type == RTN_BLACKHOLE ||
		head->rtm_type == RTN_THROW);
}

static void read_route(struct snapshot *snapshot, struct seen_netns *seen,
		       const struct nlmsghdr *message)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_ROUTE, .netns = seen->netns->netns };
	struct attributes attributes;

	/* Routes that follow from addresses are the kernel's own. */
	if (head->rtm_flags & RTM_F_CLONED)
		return;
	attributes_read(message, sizeof(*head), &attributes);
	if (head->rtm_protocol == RTPROT_KERNEL) {
		*ARRAY_PUSH(seen->own, seen->n_own) =
			(struct prefix){ attributes_address(&attributes, RTA_DST),
					 head->rtm_dst_len };
		return;
	}
	object.route = (struct route_object){
		.table = attributes.attr[RTA_TABLE] ? attributes_number(&attributes, RTA_TABLE)
						    : head->rtm_table,
		.to = { attributes_address(&attributes, RTA_DST), head->rtm_dst_len },
		.type = head->rtm_type == RTN_BLACKHOLE ? ROUTE_BLACKHOLE
			: head->rtm_type == RTN_THROW   ? ROUTE_THROW
							: ROUTE_UNICAST,
		.link = attributes.attr[RTA_OIF]
				? name_of(seen, (int)attributes_number(&attributes, RTA_OIF))
				: NULL,
		.via = attributes_address(&attributes, RTA_GATEWAY),
		.onlink = head->rtm_flags & RTNH_F_ONLINK,
		.metric = attributes_number(&attributes, RTA_PRIORITY),
	};
	note_object(snapshot, seen, &object, route_is_plain(head, &attributes), message,
		    RTM_DELROUTE);
}

static bool rule_is_plain(const struct fib_rule_hdr *head, const struct attributes *attributes)
{
	static const unsigned special[] = {
		FRA_SRC,      FRA_DST,         FRA_OIFNAME,     FRA_GOTO,
		FRA_FLOW,     FRA_TUN_ID,      FRA_L3MDEV,      FRA_UID_RANGE,
		FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE, FRA_SUPPRESS_IFGROUP
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (attributes->attr[special[i]])
			return false;
	if ((attributes->attr[FRA_FWMASK] && attributes_number(attributes, FRA_FWMASK) != ~0u) ||
	    (attributes->attr[FRA_SUPPRESS_PREFIXLEN] &&
	     attributes_number(attributes, FRA_SUPPRESS_PREFIXLEN) != ~0u))
		return false;
	return head->tos == 0 && head->action == FR_ACT_TO_TBL && !(head->flags & FIB_RULE_INVERT);
}

static void read_rule(struct snapshot *snapshot, struct seen_netns *seen,
		      const struct nlmsghdr *message)
{
	const struct fib_rule_hdr *head = mnl_nlmsg_get_payload(message);
	struct object object = { .kind = OBJECT_RULE, .netns = seen->netns->netns };
	struct attributes attributes;
	bool plain;

	attributes_read(message, sizeof(*head), &attributes);
	object.rule = (struct rule_object){
		.priority = attributes_number(&attributes, FRA_PRIORITY),
		.iif = attributes.attr[FRA_IIFNAME]
			       ? arena_strdup(&snapshot->arena,
					      mnl_attr_get_str(attributes.attr[FRA_IIFNAME]))
			       : NULL,
		.mark = attributes_number(&attributes, FRA_FWMARK),
		.table = attributes.attr[FRA_TABLE] ? attributes_number(&attributes, FRA_TABLE)
						    : head->table,
	};
	plain = rule_is_plain(head, &attributes);
	for (size_t i = 0; !seen->router && plain && i < DEFAULT_RULES; i++)
		if (default_rules[i].priority == object.rule.priority &&
		    default_rules[i].table == object.rule.table)
			return;
	note_object(snapshot, seen, &object, plain, message, RTM_DELRULE);
}

static int read_all(struct snapshot *snapshot, struct seen_netns *seen, uint16_t get, uint16_t new,
		    size_t head, const char *what,
		    void (*read)(struct snapshot *snapshot, struct seen_netns *seen,
				 const struct nlmsghdr *message),
		    struct error *err)
{
	struct netlink_answer answer;
	int r = rtnl_dump(seen->rtnl, get, head, what, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));)
		if (message->nlmsg_type == new)
			read(snapshot, seen, message);
	netlink_answer_free(&answer);
	return 0;
}

static bool has_own(const struct seen_netns *seen, struct prefix prefix)
{
	for (size_t i = 0; i < seen->n_own; i++)
		if (prefix_equal(seen->own[i], prefix))
			return true;
	return false;
}

/* An address without the routes that come with it is worth nothing. */
static void check_addresses(struct snapshot *snapshot, const struct seen_netns *seen)
{
	size_t n;
	const struct object *object =
		wanted_range(snapshot->wanted, OBJECT_ADDRESS, seen->netns->netns, &n);
	size_t first = n ? (size_t)(object - snapshot->wanted->object) : 0;

	for (size_t i = first; i < first + n; i++) {
		const struct address_object *found = &snapshot->found[i].address;
		const struct seen_link *link = find_link(seen, found->link);

		if (!snapshot->there[i] || !link || !link->up)
			continue;
		if (!has_own(seen, (struct prefix){ found->address, 32 }) ||
		    !has_own(seen, (struct prefix){ found->address & prefix_mask(found->length),
						    found->length }))
			snapshot->detail[i] = "the kernel's own routes for it are gone";
	}
}

int read_network(struct snapshot *snapshot, struct seen_netns *seen, struct error *err)
{
	int r;

	sort_by_index(snapshot, seen);
	r = read_all(snapshot, seen, RTM_GETADDR, RTM_NEWADDR, sizeof(struct ifaddrmsg),
		     "addresses", read_address, err);

	if (r == 0)
		r = read_all(snapshot, seen, RTM_GETROUTE, RTM_NEWROUTE, sizeof(struct rtmsg),
			     "routes", read_route, err);
	if (r == 0)
		r = read_all(snapshot, seen, RTM_GETRULE, RTM_NEWRULE, sizeof(struct fib_rule_hdr),
			     "routing rules", read_rule, err);
	if (r == 0)
		check_addresses(snapshot, seen);
	return r;
}
