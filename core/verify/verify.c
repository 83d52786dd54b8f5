/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/verify/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/rtnetlink.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/sandbox/sandbox.h"
#include "core/verify/internal.h"

/* snapshot.c looks. To mend, what is there and wrong is deleted first; then look again, and apply
 * the plan from that to what is wanted. */

/* ---- mending ---- */

/* It is no error that it is gone already. */
static int send_message(int fd, struct nlmsghdr *message)
{
	int r;

	message->nlmsg_flags |= NLM_F_ACK;
	message->nlmsg_seq = 1;
	r = netlink_tell(fd, message, message->nlmsg_len, 1);
	return r == -ENODEV || r == -EOPNOTSUPP || r == -EAFNOSUPPORT ? 0 : r;
}

/* Return the end of a link that is the right one. */
static int repair_link(int fd, const struct seen_link *link, const struct veth_object *veth)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	int r = link->arp ? send_message(fd, message_link_arp_off(room, link->index)) : 0;

	if (r == 0 && link->mtu != veth->mtu)
		r = send_message(fd, message_link_mtu(room, link->index, veth->mtu));
	if (r == 0 && !link->quiet)
		r = send_message(fd, message_link_quiet(room, NULL, link->index));
	if (r == 0 && (!link->up || link->rp_filter))
		r = send_message(fd, message_link_up(room, link->index));
	return r;
}

/* Set the right ends of wanted links in this namespace right, and delete what is left of others. */
static int repair_veth_end(const struct snapshot *snapshot, const struct seen_netns *seen, int fd,
			   size_t i)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	const struct object *object = &snapshot->wanted->object[i];
	bool near = strcmp(object->netns, seen->netns->netns) == 0;
	const struct seen_link *link =
		find_link(seen, near ? object->veth.link : object->veth.peer_link);

	if (!link)
		return 0;
	return snapshot->there[i] ? repair_link(fd, link, &object->veth)
				  : send_message(fd, message_link_delete(room, link->name));
}

static int repair_links(const struct snapshot *snapshot, const struct seen_netns *seen, int fd,
			const char **ret_what)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	static char text[OBJECT_TEXT_SIZE];
	int r = seen->lo_down ? send_message(fd, message_link_up(room, 1)) : 0;

	*ret_what = "link lo";
	for (size_t i = snapshot->n_seen; i < snapshot->wanted->n_object && r == 0; i++) {
		const struct object *object = &snapshot->wanted->object[i];

		if (object->kind != OBJECT_VETH)
			break; /* links follow the namespaces */
		if (!snapshot->detail[i] ||
		    (strcmp(object->netns, seen->netns->netns) != 0 &&
		     strcmp(object->veth.peer_netns, seen->netns->netns) != 0))
			continue;
		r = repair_veth_end(snapshot, seen, fd, i);
		*ret_what = object_describe(object, text);
	}
	return r;
}

/* Delete addresses whose routes are gone, so that they come back whole. */
static int delete_addresses(const struct snapshot *snapshot, const struct seen_netns *seen, int fd)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	size_t n;
	const struct object *object =
		wanted_range(snapshot->wanted, OBJECT_ADDRESS, seen->netns->netns, &n);
	size_t first = n ? (size_t)(object - snapshot->wanted->object) : 0;
	int r = 0;

	for (size_t i = first; i < first + n && r == 0; i++) {
		const struct address_object *found = &snapshot->found[i].address;
		const struct seen_link *link = find_link(seen, found->link);

		if (snapshot->detail[i] && link)
			r = send_message(fd, message_address_delete(room, found, link->index));
	}
	return r;
}

static int delete_extra(const struct extra *extra, int rtnl, int nft)
{
	int r = extra->by_hand   ? 0
		: extra->message ? netlink_tell(rtnl, extra->message, extra->message->nlmsg_len, 1)
				 : nft_delete_foreign(nft, extra);

	/* It went with another that was deleted before. */
	return r == -ENOENT || r == -ESRCH || r == -ENODEV || r == -EADDRNOTAVAIL ? 0 : r;
}

static void mark(const struct snapshot *snapshot, const char *netns)
{
	struct seen_netns *seen = snapshot_netns(snapshot, netns);

	if (seen)
		seen->needs_repair = true;
}

static void mark_repairs(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_seen; i++)
		snapshot->seen[i].needs_repair = snapshot->seen[i].lo_down ||
						 snapshot->seen[i].n_extra;
	for (size_t i = snapshot->n_seen; i < snapshot->wanted->n_object; i++) {
		const struct object *object = &snapshot->wanted->object[i];

		if (!snapshot->detail[i] ||
		    (object->kind != OBJECT_VETH && object->kind != OBJECT_ADDRESS))
			continue;
		mark(snapshot, object->netns);
		if (object->kind == OBJECT_VETH)
			mark(snapshot, object->veth.peer_netns);
	}
}

static int repair_netns(const struct snapshot *snapshot, const struct seen_netns *seen,
			struct error *err)
{
	int r = netns_enter(seen->netns->netns, err);
	auto_fd int rtnl = r < 0 ? -1 : netlink_open(NETLINK_ROUTE, err);
	auto_fd int nft = rtnl < 0 ? -1 : nft_socket_open(err);
	const char *what = "";

	if (rtnl < 0 || nft < 0)
		return r < 0 ? r : rtnl < 0 ? rtnl : nft;
	for (size_t i = 0; i < seen->n_extra && r == 0; i++) {
		what = seen->extra[i].object;
		r = delete_extra(&seen->extra[i], rtnl, nft);
	}
	if (r == 0) {
		what = "addresses";
		r = delete_addresses(snapshot, seen, rtnl);
	}
	if (r == 0)
		r = repair_links(snapshot, seen, rtnl, &what);
	return r < 0 ? error_set(err, r, "cannot mend %s: %s", what, strerror(-r)) : 0;
}

/* Make the plan from what is there to what is wanted. A link that only needed setting up has
 * been, and counts as there. */
static int apply_difference(struct snapshot *snapshot, struct error *err)
{
	struct wanted actual = { .object = NULL };
	struct plan plan;
	int r;

	for (size_t i = 0; i < snapshot->wanted->n_object; i++)
		if (snapshot->there[i])
			*ARRAY_PUSH(actual.object, actual.n_object) = snapshot->found[i];
	for (size_t i = 0; i < snapshot->n_unwanted; i++)
		*ARRAY_PUSH(actual.object, actual.n_object) = snapshot->unwanted[i];
	wanted_sort(&actual);
	plan_make(&plan, &actual, snapshot->wanted);
	r = plan.n_step ? apply_plan(&plan, APPLY_TOLERANT, err) : 0;
	plan_free(&plan);
	free(actual.object);
	return r;
}

static int repair_all(const struct wanted *wanted, const struct snapshot *first, int home,
		      struct error *err)
{
	struct snapshot snapshot;
	int r = 0;

	mark_repairs(first);
	for (size_t i = 0; i < first->n_seen && r == 0; i++)
		if (first->seen[i].there && first->seen[i].needs_repair)
			r = repair_netns(first, &first->seen[i], err);
	if (r < 0)
		return r;
	snapshot_begin(&snapshot, wanted);
	r = snapshot_take(&snapshot, err);
	if (setns(home, CLONE_NEWNET) < 0 && r == 0)
		r = error_set(err, -errno, "cannot come back from a network namespace: %s",
			      strerror(errno));
	if (r == 0)
		r = apply_difference(&snapshot, err);
	snapshot_free(&snapshot);
	return r;
}

static bool is_still_so(const struct findings *findings, const struct finding *finding)
{
	for (size_t i = 0; i < findings->n_finding; i++)
		if (strcmp(findings->finding[i].object, finding->object) == 0)
			return true;
	return false;
}

/* Look once more: what is found no more is mended, and what is new is told, too. */
static int check_repaired(const struct wanted *wanted, struct findings *findings, struct error *err)
{
	struct findings left = { 0 };
	size_t n = findings->n_finding;
	struct snapshot snapshot;
	int r;

	snapshot_begin(&snapshot, wanted);
	r = snapshot_take(&snapshot, err);
	if (r == 0)
		snapshot_report(&snapshot, &left);
	snapshot_free(&snapshot);
	for (size_t i = 0; i < n && r == 0; i++)
		findings->finding[i].mended = !is_still_so(&left, &findings->finding[i]);
	for (size_t i = 0; i < left.n_finding; i++)
		if (!is_still_so(findings, &left.finding[i]))
			findings_add(findings, left.finding[i].kind, left.finding[i].netns,
				     left.finding[i].origin, left.finding[i].object,
				     left.finding[i].detail, left.finding[i].by_hand);
	findings_free(&left);
	return r;
}

/* ---- the whole ---- */

static void add_default_rules(struct wanted *wanted)
{
	size_t n = wanted->n_object;

	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS ||
		    wanted->object[i].netns_.role != NETNS_ROUTER)
			continue;
		for (size_t k = 0; k < DEFAULT_RULES; k++) {
			struct object object = { .kind = OBJECT_RULE,
						 .netns = wanted->object[i].netns,
						 .origin = wanted->object[i].origin,
						 .rule = default_rules[k] };

			*ARRAY_PUSH(wanted->object, wanted->n_object) = object;
		}
	}
	wanted_sort(wanted);
}

static int compare_and_repair(const struct wanted *wanted, bool repair, int home,
			      struct findings *findings, struct error *err)
{
	struct snapshot snapshot;
	int r;

	snapshot_begin(&snapshot, wanted);
	r = snapshot_take(&snapshot, err);
	if (r == 0)
		snapshot_report(&snapshot, findings);
	if (r == 0 && repair && findings->n_finding) {
		r = repair_all(wanted, &snapshot, home, err);
		if (r == 0)
			r = check_repaired(wanted, findings, err);
	}
	snapshot_free(&snapshot);
	return r;
}

int verify(const struct wanted *wanted, bool repair, struct findings *ret_findings,
	   struct error *err)
{
	auto_fd int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	struct wanted whole = { .object = NULL };
	int r;

	*ret_findings = (struct findings){ 0 };
	if (home < 0)
		return error_set(err, -errno, "cannot open our own network namespace: %s",
				 strerror(errno));
	for (size_t i = 0; i < wanted->n_object; i++)
		*ARRAY_PUSH(whole.object, whole.n_object) = wanted->object[i];
	add_default_rules(&whole);
	r = compare_and_repair(&whole, repair, home, ret_findings, err);
	free(whole.object);
	if (setns(home, CLONE_NEWNET) < 0 && r == 0)
		r = error_set(err, -errno, "cannot come back from a network namespace: %s",
			      strerror(errno));
	return r;
}
