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
#include "core/sandbox/netns_create.h"
#include "core/sandbox/sandbox.h"
#include "core/verify/internal.h"

/* It looks at every namespace in turn, then at links, whose ends lie in two of them, then at
 * programs and files. */

/* A time-out is missing where nothing tracks connections, and then none is needed. */
static int look_sysctls(struct look *look, struct verify_place *place, struct error *err)
{
	struct sysctl list[SYSCTLS_MAX];
	size_t n = sysctls_wanted(&place->netns->netns_, list);

	for (size_t i = 0; i < n; i++) {
		unsigned value;
		int r = list[i].at_first ? -ENOENT
					 : sysctl_read(&list[i], place->rtnl, &value, err);

		if (r < 0 && r != -ENOENT)
			return r;
		if (r < 0 || value == list[i].value)
			continue;
		place->sysctls = arena_printf(
			&look->arena, "%s%s%s is %u, not %u", place->sysctls ? place->sysctls : "",
			place->sysctls ? ", " : "", list[i].name, value, list[i].value);
	}
	return 0;
}

static int look_inside(struct look *look, struct verify_place *place, struct error *err)
{
	auto_fd int rtnl = netlink_open(NETLINK_ROUTE, err);
	auto_fd int nft = rtnl < 0 ? -1 : nft_socket_open(err);
	int r;

	if (rtnl < 0 || nft < 0)
		return rtnl < 0 ? rtnl : nft;
	place->rtnl = rtnl;
	place->nft = nft;
	r = look_links(look, rtnl, &place->link, &place->n_link, err);
	if (r == 0)
		r = look_network(look, place, err);
	if (r == 0)
		r = look_nft(look, place, err);
	if (r == 0)
		r = look_sysctls(look, place, err);
	place->rtnl = place->nft = -1;
	return r;
}

/* A namespace that is made again will have them. */
static void expect_usual_rules(struct look *look, const struct verify_place *place)
{
	for (size_t k = 0; k < USUAL_RULES; k++) {
		struct object key = { .kind = OBJECT_RULE,
				      .netns = place->netns->netns,
				      .rule = usual_rules[k] };
		size_t i = look_find(look, &key);

		if (i != SIZE_MAX)
			look->there[i] = true;
	}
}

static int look_at_place(struct look *look, struct verify_place *place, struct error *err)
{
	const struct seen_link *lo;
	size_t i = look_find(look, place->netns);
	int r;

	place->there = netns_is_pinned(place->netns->netns);
	if (!place->there) {
		expect_usual_rules(look, place);
		return 0;
	}
	r = netns_enter(place->netns->netns, err);
	if (r == 0)
		r = look_inside(look, place, err);
	if (r < 0) {
		error_wrap(err, "%s", place->netns->netns);
		return r;
	}
	lo = place_link(place, "lo");
	place->lo_down = lo && !lo->up;
	look->there[i] = true;
	look->detail[i] = place->sysctls;
	if (place->sysctls) /* plan_make() then takes it for another one */
		look->found[i].netns_.role = place->router ? NETNS_HOST : NETNS_ROUTER;
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

static const char *settings_fault(const struct seen_link *near, const struct seen_link *far)
{
	if (!near->up || !far->up)
		return !near->up && !far->up ? "it is down"
		       : far->up             ? "it is down at the near end"
					     : "it is down at the far end";
	if (near->arp || far->arp)
		return "ARP is on";
	if (near->rp_filter || far->rp_filter)
		return "rp_filter is on";
	return near->quiet && far->quiet ? NULL : "it makes IPv6 addresses";
}

static void look_at_veth(struct look *look, size_t i)
{
	const struct object *object = &look->wanted->object[i];
	struct seen_link *near = place_link(look_place(look, object->netns), object->veth.link);
	struct seen_link *far =
		place_link(look_place(look, object->veth.peer_netns), object->veth.peer_link);

	if (near)
		near->wanted = true;
	if (far)
		far->wanted = true;
	look->detail[i] = veth_fault(&object->veth, near, far);
	if (look->detail[i] || !near || !far)
		return;
	look->there[i] = true;
	look->detail[i] = settings_fault(near, far);
}

static bool is_usual(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->n_usual; i++)
		if (strcmp(look->usual[i].name, name) == 0)
			return true;
	return false;
}

static void look_for_extra_links(struct look *look, struct verify_place *place)
{
	for (size_t i = 0; place->router && i < place->n_link; i++) {
		const struct seen_link *link = &place->link[i];
		struct {
			struct nlmsghdr head;
			struct ifinfomsg link;
		} message = { { .nlmsg_len = sizeof(message) }, { .ifi_index = link->index } };

		if (!link->wanted && !is_usual(look, link->name))
			place_extra(look, place, &message.head, RTM_DELLINK,
				    arena_printf(&look->arena, "link %s in %s", link->name,
						 place->netns->netns));
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
static int open_scratch(struct look *look, struct error *err)
{
	int r = netns_create("for comparison", err);

	if (r < 0)
		return r;
	look->scratch_rtnl = netlink_open(NETLINK_ROUTE, err);
	look->scratch_nft = look->scratch_rtnl < 0 ? -1 : nft_socket_open(err);
	if (look->scratch_rtnl < 0 || look->scratch_nft < 0)
		return look->scratch_rtnl < 0 ? look->scratch_rtnl : look->scratch_nft;
	return look_links(look, look->scratch_rtnl, &look->usual, &look->n_usual, err);
}

int look_at_all(struct look *look, struct error *err)
{
	int r = open_scratch(look, err);

	for (size_t i = 0; i < look->n_place && r == 0; i++)
		r = look_at_place(look, &look->place[i], err);
	for (size_t i = 0; i < look->wanted->n_object && r == 0; i++) {
		const struct object *object = &look->wanted->object[i];

		if (object->kind == OBJECT_VETH) {
			look_at_veth(look, i);
		} else if (object->kind == OBJECT_PROCESS) {
			look->there[i] = daemon_is_running(object);
		} else if (object->kind == OBJECT_FILE) {
			look->there[i] = file_is_right(&object->file);
		}
	}
	for (size_t i = 0; i < look->n_place && r == 0; i++)
		look_for_extra_links(look, &look->place[i]);
	return r;
}
