/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/rtnetlink.h>

#include "core/apply/daemon.h"
#include "core/base/cleanup.h"
#include "core/netlink/socket.h"
#include "core/netlink/sysctl.h"
#include "core/sandbox/netns.h"
#include "core/sandbox/sandbox.h"
#include "core/verify/internal.h"

/* It looks at every namespace in turn, then at links, whose ends lie in two of them, then at
 * programs and files. */

/* A time-out is missing where nothing tracks connections, and then none is needed. */
static int compare_sysctls(struct snapshot *snapshot, struct seen_netns *seen, struct error *err)
{
	struct sysctl list[SYSCTLS_MAX];
	size_t n = sysctls_wanted(&seen->netns->netns_, list);

	for (size_t i = 0; i < n; i++) {
		unsigned value;
		int r = list[i].at_first ? -ENOENT : sysctl_read(&list[i], seen->rtnl, &value, err);

		if (r < 0 && r != -ENOENT)
			return r;
		if (r < 0 || value == list[i].value)
			continue;
		seen->sysctls = arena_printf(&snapshot->arena, "%s%s%s is %u, not %u",
					     seen->sysctls ? seen->sysctls : "",
					     seen->sysctls ? ", " : "", list[i].name, value,
					     list[i].value);
	}
	return 0;
}

static int read_inside(struct snapshot *snapshot, struct seen_netns *seen, struct error *err)
{
	auto_fd int rtnl = netlink_open(NETLINK_ROUTE, err);
	auto_fd int nft = rtnl < 0 ? -1 : nft_socket_open(err);
	int r;

	if (rtnl < 0 || nft < 0)
		return rtnl < 0 ? rtnl : nft;
	seen->rtnl = rtnl;
	seen->nft = nft;
	r = read_links(snapshot, rtnl, &seen->link, &seen->n_link, err);
	if (r == 0)
		r = read_network(snapshot, seen, err);
	if (r == 0)
		r = read_nft(snapshot, seen, err);
	if (r == 0)
		r = compare_sysctls(snapshot, seen, err);
	seen->rtnl = seen->nft = -1;
	return r;
}

/* A namespace that is made again will have them. */
static void expect_default_rules(struct snapshot *snapshot, const struct seen_netns *seen)
{
	for (size_t k = 0; k < DEFAULT_RULES; k++) {
		struct object key = { .kind = OBJECT_RULE,
				      .netns = seen->netns->netns,
				      .rule = default_rules[k] };
		size_t i = snapshot_find(snapshot, &key);

		if (i != SIZE_MAX)
			snapshot->there[i] = true;
	}
}

static int read_netns(struct snapshot *snapshot, struct seen_netns *seen, struct error *err)
{
	const struct seen_link *lo;
	size_t i = snapshot_find(snapshot, seen->netns);
	int r;

	seen->there = netns_is_pinned(seen->netns->netns);
	if (!seen->there) {
		expect_default_rules(snapshot, seen);
		return 0;
	}
	r = netns_enter(seen->netns->netns, err);
	if (r == 0)
		r = read_inside(snapshot, seen, err);
	if (r < 0) {
		error_wrap(err, "%s", seen->netns->netns);
		return r;
	}
	lo = find_link(seen, "lo");
	seen->lo_down = lo && !lo->up;
	snapshot->there[i] = true;
	snapshot->detail[i] = seen->sysctls;
	if (seen->sysctls) /* plan_make() then takes it for another one */
		snapshot->found[i].netns_.role = seen->router ? NETNS_HOST : NETNS_ROUTER;
	return 0;
}

/* Return what is wrong with a link; NULL: both ends are there and right. */
static const char *veth_fault(const struct veth_object *veth, const struct seen_link *near,
			      const struct seen_link *far)
{
	if (!near || !far)
		return !near && !far ? ""
		       : near        ? "its far end is missing"
				     : "its near end is missing";
	if (!near->veth || !far->veth || near->peer_index != far->index ||
	    far->peer_index != near->index)
		return "its two ends do not belong together";
	if (memcmp(near->mac, veth->mac, sizeof(veth->mac)) != 0 ||
	    memcmp(far->mac, veth->mac, sizeof(veth->mac)) != 0)
		return "its MAC address is another";
	return NULL;
}

static const char *settings_fault(const struct veth_object *veth, const struct seen_link *near,
				  const struct seen_link *far)
{
	if (!near->up || !far->up)
		return !near->up && !far->up ? "it is down"
		       : far->up             ? "it is down at the near end"
					     : "it is down at the far end";
	if (near->arp || far->arp)
		return "ARP is on";
	if (near->mtu != veth->mtu || far->mtu != veth->mtu)
		return "its MTU is another";
	if (near->rp_filter || far->rp_filter)
		return "rp_filter is on";
	return near->quiet && far->quiet ? NULL : "it makes IPv6 addresses";
}

bool link_is_right(const struct seen_link *link, const struct veth_object *veth)
{
	return link->veth && memcmp(link->mac, veth->mac, sizeof(link->mac)) == 0 &&
	       !settings_fault(veth, link, link);
}

static void compare_veth(struct snapshot *snapshot, size_t i)
{
	const struct object *object = &snapshot->wanted->object[i];
	struct seen_link *near =
		find_link(snapshot_netns(snapshot, object->netns), object->veth.link);
	struct seen_link *far = find_link(snapshot_netns(snapshot, object->veth.peer_netns),
					  object->veth.peer_link);

	if (near)
		near->wanted = true;
	if (far)
		far->wanted = true;
	snapshot->detail[i] = veth_fault(&object->veth, near, far);
	if (snapshot->detail[i] || !near || !far)
		return;
	snapshot->there[i] = true;
	snapshot->detail[i] = settings_fault(&object->veth, near, far);
}

static bool is_inborn(const struct snapshot *snapshot, const char *name)
{
	for (size_t i = 0; i < snapshot->n_inborn; i++)
		if (strcmp(snapshot->inborn[i].name, name) == 0)
			return true;
	return false;
}

static void find_extra_links(struct snapshot *snapshot, struct seen_netns *seen)
{
	for (size_t i = 0; i < seen->n_link; i++) {
		const struct seen_link *link = &seen->link[i];
		struct {
			struct nlmsghdr head;
			struct ifinfomsg link;
		} message = { { .nlmsg_len = sizeof(message) }, { .ifi_index = link->index } };

		if (!seen->router && link->forwards && strcmp(link->name, "lo") != 0)
			add_by_hand(snapshot, seen,
				    arena_printf(&snapshot->arena, "forwarding from %s in %s",
						 link->name, seen->netns->netns));
		if (!link->wanted && !is_inborn(snapshot, link->name))
			add_extra(snapshot, seen, &message.head, RTM_DELLINK,
				  arena_printf(&snapshot->arena, "link %s in %s", link->name,
					       seen->netns->netns));
	}
}

static bool file_is_right(const struct file_object *file)
{
	size_t length = strlen(file->content);
	auto_free char *content = xalloc(length + 2);
	auto_file FILE *stream = fopen(file->path, "re");

	return stream && fread(content, 1, length + 1, stream) == length &&
	       memcmp(content, file->content, length) == 0;
}

/* Make an empty namespace, which has what every one is born with. */
static int open_scratch(struct snapshot *snapshot, struct error *err)
{
	int r = netns_create("for comparison", err);

	if (r < 0)
		return r;
	snapshot->scratch_rtnl = netlink_open(NETLINK_ROUTE, err);
	snapshot->scratch_nft = snapshot->scratch_rtnl < 0 ? -1 : nft_socket_open(err);
	if (snapshot->scratch_rtnl < 0 || snapshot->scratch_nft < 0)
		return snapshot->scratch_rtnl < 0 ? snapshot->scratch_rtnl : snapshot->scratch_nft;
	return read_links(snapshot, snapshot->scratch_rtnl, &snapshot->inborn, &snapshot->n_inborn,
			  err);
}

int snapshot_take(struct snapshot *snapshot, struct error *err)
{
	int r = open_scratch(snapshot, err);

	for (size_t i = 0; i < snapshot->n_seen && r == 0; i++)
		r = read_netns(snapshot, &snapshot->seen[i], err);
	for (size_t i = 0; i < snapshot->wanted->n_object && r == 0; i++) {
		const struct object *object = &snapshot->wanted->object[i];

		if (object->kind == OBJECT_VETH) {
			compare_veth(snapshot, i);
		} else if (object->kind == OBJECT_PROCESS) {
			snapshot->there[i] = daemon_is_running(object);
		} else if (object->kind == OBJECT_FILE) {
			snapshot->there[i] = file_is_right(&object->file);
		}
	}
	for (size_t i = 0; i < snapshot->n_seen && r == 0; i++)
		find_extra_links(snapshot, &snapshot->seen[i]);
	return r;
}
