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

/* look.c looks. To mend, what is there and wrong is deleted first; then look again, and apply
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
static int mend_link(int fd, const struct seen_link *link)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	int r = link->arp ? send_message(fd, message_link_arp_off(room, link->index)) : 0;

	if (r == 0 && !link->quiet)
		r = send_message(fd, message_link_quiet(room, NULL, link->index));
	if (r == 0 && (!link->up || link->rp_filter))
		r = send_message(fd, message_link_up(room, link->index));
	return r;
}

/* Set the right ends of wanted links in this place right, and delete what is left of others. */
static int mend_veth_end(const struct look *look, const struct verify_place *place, int fd,
			 size_t i)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	const struct object *object = &look->wanted->object[i];
	bool near = strcmp(object->netns, place->netns->netns) == 0;
	const struct seen_link *link =
		place_link(place, near ? object->veth.link : object->veth.peer_link);

	if (!link)
		return 0;
	return look->there[i] ? mend_link(fd, link)
			      : send_message(fd, message_link_delete(room, link->name));
}

static int mend_links(const struct look *look, const struct verify_place *place, int fd,
		      const char **ret_what)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	static char text[OBJECT_TEXT_SIZE];
	int r = place->lo_down ? send_message(fd, message_link_up(room, 1)) : 0;

	*ret_what = "link lo";
	for (size_t i = look->n_place; i < look->wanted->n_object && r == 0; i++) {
		const struct object *object = &look->wanted->object[i];

		if (object->kind != OBJECT_VETH)
			break; /* links follow the namespaces */
		if (!look->detail[i] || (strcmp(object->netns, place->netns->netns) != 0 &&
					 strcmp(object->veth.peer_netns, place->netns->netns) != 0))
			continue;
		r = mend_veth_end(look, place, fd, i);
		*ret_what = object_describe(object, text);
	}
	return r;
}

/* Delete addresses whose routes are gone, so that they come back whole. */
static int clear_addresses(const struct look *look, const struct verify_place *place, int fd,
			   bool *ret_any)
{
	_Alignas(struct nlmsghdr) char room[MESSAGE_SIZE];
	size_t n;
	const struct object *object =
		wanted_range(look->wanted, OBJECT_ADDRESS, place->netns->netns, &n);
	size_t first = n ? (size_t)(object - look->wanted->object) : 0;
	int r = 0;

	*ret_any = false;
	for (size_t i = first; i < first + n && r == 0; i++) {
		const struct seen_link *link = place_link(place, look->found[i].address.link);

		if (!look->detail[i] || !link)
			continue;
		*ret_any = true;
		if (fd >= 0)
			r = send_message(fd, message_address_delete(room, &look->found[i].address,
								    link->index));
	}
	return r;
}

static int clear_extra(const struct extra *extra, int rtnl, int nft)
{
	int r = extra->message ? netlink_tell(rtnl, extra->message, extra->message->nlmsg_len, 1)
			       : nft_delete_foreign(nft, extra);

	/* It went with another that was deleted before. */
	return r == -ENOENT || r == -ESRCH || r == -ENODEV || r == -EADDRNOTAVAIL ? 0 : r;
}

static bool needs_clearing(const struct look *look, const struct verify_place *place)
{
	bool any;

	if (place->lo_down || place->n_extra || (clear_addresses(look, place, -1, &any), any))
		return true;
	for (size_t i = look->n_place;
	     i < look->wanted->n_object && look->wanted->object[i].kind == OBJECT_VETH; i++)
		if (look->detail[i] &&
		    (strcmp(look->wanted->object[i].netns, place->netns->netns) == 0 ||
		     strcmp(look->wanted->object[i].veth.peer_netns, place->netns->netns) == 0))
			return true;
	return false;
}

static int clear_place(const struct look *look, const struct verify_place *place, struct error *err)
{
	int r = netns_enter(place->netns->netns, err);
	auto_fd int rtnl = r < 0 ? -1 : netlink_open(NETLINK_ROUTE, err);
	auto_fd int nft = rtnl < 0 ? -1 : nft_socket_open(err);
	const char *what = "";
	bool any;

	if (rtnl < 0 || nft < 0)
		return r < 0 ? r : rtnl < 0 ? rtnl : nft;
	for (size_t i = 0; i < place->n_extra && r == 0; i++) {
		what = place->extra[i].object;
		r = clear_extra(&place->extra[i], rtnl, nft);
	}
	if (r == 0) {
		what = "addresses";
		r = clear_addresses(look, place, rtnl, &any);
	}
	if (r == 0)
		r = mend_links(look, place, rtnl, &what);
	return r < 0 ? error_set(err, r, "cannot mend %s: %s", what, strerror(-r)) : 0;
}

/* Make the plan from what is there to what is wanted. A link that only needed setting up has
 * been, and counts as there. */
static int apply_difference(struct look *look, struct error *err)
{
	struct wanted actual = { .object = NULL };
	struct plan plan;
	int r;

	for (size_t i = 0; i < look->wanted->n_object; i++)
		if (look->there[i])
			*ARRAY_PUSH(actual.object, actual.n_object) = look->found[i];
	for (size_t i = 0; i < look->n_alien; i++)
		*ARRAY_PUSH(actual.object, actual.n_object) = look->alien[i];
	wanted_sort(&actual);
	plan_make(&plan, &actual, look->wanted);
	r = plan.n_step ? apply_plan(&plan, APPLY_TOLERANT, err) : 0;
	plan_free(&plan);
	free(actual.object);
	return r;
}

static int mend(const struct wanted *wanted, const struct look *first, int home, struct error *err)
{
	struct look look;
	int r = 0;

	for (size_t i = 0; i < first->n_place && r == 0; i++)
		if (first->place[i].there && needs_clearing(first, &first->place[i]))
			r = clear_place(first, &first->place[i], err);
	if (r < 0)
		return r;
	look_begin(&look, wanted);
	r = look_at_all(&look, err);
	if (setns(home, CLONE_NEWNET) < 0 && r == 0)
		r = error_set(err, -errno, "cannot come back from a network namespace: %s",
			      strerror(errno));
	if (r == 0)
		r = apply_difference(&look, err);
	look_free(&look);
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
static int check_mended(const struct wanted *wanted, struct findings *findings, struct error *err)
{
	struct findings left = { 0 };
	size_t n = findings->n_finding;
	struct look look;
	int r;

	look_begin(&look, wanted);
	r = look_at_all(&look, err);
	if (r == 0)
		tell_all(&look, &left);
	look_free(&look);
	for (size_t i = 0; i < n && r == 0; i++)
		findings->finding[i].mended = !is_still_so(&left, &findings->finding[i]);
	for (size_t i = 0; i < left.n_finding; i++)
		if (!is_still_so(findings, &left.finding[i]))
			tell(findings, left.finding[i].kind, left.finding[i].netns,
			     left.finding[i].origin, left.finding[i].object,
			     left.finding[i].detail);
	findings_free(&left);
	return r;
}

/* ---- the whole ---- */

static void add_usual_rules(struct wanted *wanted)
{
	size_t n = wanted->n_object;

	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS ||
		    wanted->object[i].netns_.role != NETNS_ROUTER)
			continue;
		for (size_t k = 0; k < USUAL_RULES; k++) {
			struct object object = { .kind = OBJECT_RULE,
						 .netns = wanted->object[i].netns,
						 .origin = wanted->object[i].origin,
						 .rule = usual_rules[k] };

			*ARRAY_PUSH(wanted->object, wanted->n_object) = object;
		}
	}
	wanted_sort(wanted);
}

static int look_and_mend(const struct wanted *wanted, bool repair, int home,
			 struct findings *findings, struct error *err)
{
	struct look look;
	int r;

	look_begin(&look, wanted);
	r = look_at_all(&look, err);
	if (r == 0)
		tell_all(&look, findings);
	if (r == 0 && repair && findings->n_finding) {
		r = mend(wanted, &look, home, err);
		if (r == 0)
			r = check_mended(wanted, findings, err);
	}
	look_free(&look);
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
	add_usual_rules(&whole);
	r = look_and_mend(&whole, repair, home, ret_findings, err);
	free(whole.object);
	if (setns(home, CLONE_NEWNET) < 0 && r == 0)
		r = error_set(err, -errno, "cannot come back from a network namespace: %s",
			      strerror(errno));
	return r;
}
