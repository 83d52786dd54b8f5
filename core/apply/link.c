/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "core/netlink/message.h"

/* Links that are about to be deleted are put into this group. Nothing else in a lab is in one. */
#define DOOMED_GROUP 0x76706c00

#define VETHS_AT_ONCE 10 /* each needs a descriptor of its far namespace meanwhile */

static void *room(struct work *work)
{
	return rtnl_room(&work->batch);
}

static void request(struct work *work, struct nlmsghdr *message, const char *doing,
		    const struct object *object, unsigned tolerance)
{
	rtnl_add(
		&work->batch, message,
		&(struct rtnl_request){ .doing = doing, .object = object, .tolerance = tolerance });
}

/* ---- indexes ---- */

int apply_find_links(struct work *work, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		const struct target *target = &work->target[i];

		for (size_t j = 0; j < target->n_link; j++) {
			struct target_link *link = &target->link[j];
			struct rtnl_request look_up = { .doing = "find the link of",
							.object = link->object,
							.tolerance = RTNL_MAY_BE_GONE,
							.ret_index = &link->index };

			if (!link->is_new && !link->index)
				rtnl_add(&work->batch, message_link_get(room(work), link->name),
					 &look_up);
		}
		r = rtnl_commit(&work->batch, target->rtnl, err);
	}
	return r;
}

static int index_of(const struct target *target, const char *name)
{
	const struct target_link *link = find_target_link(target, name);

	return link ? link->index : 0;
}

static int link_is_missing(const struct object *object, const char *name, struct error *err)
{
	char what[OBJECT_TEXT_SIZE];

	return error_set(err, -ENODEV, "cannot add %s: there is no link %s",
			 object_describe(object, what), name);
}

/* ---- deletions ---- */

static void delete_one(struct work *work, const struct target *target, const struct object *object)
{
	struct nlmsghdr *message = NULL;
	int index;

	switch (object->kind) {
	case OBJECT_ADDRESS:
		index = index_of(target, object->address.link);
		if (!index)
			return; /* it is gone with its link */
		message = message_address_delete(room(work), &object->address, index);
		break;
	case OBJECT_ROUTE:
		message = message_route_delete(room(work), &object->route);
		break;
	case OBJECT_RULE:
		message = message_rule_delete(room(work), &object->rule);
		break;
	case OBJECT_NETNS:
	case OBJECT_VETH:
	case OBJECT_NFT_SET:
	case OBJECT_NFT_CHAIN:
	case OBJECT_NFT_ELEMENT:
	case OBJECT_FILE:
	case OBJECT_PROCESS:
		return;
	}
	request(work, message, "delete", object, RTNL_MAY_BE_GONE);
}

/* Return the end of a veth that is in this target. */
static const char *near_link(const struct target *target, const struct object *veth)
{
	return strcmp(target->netns, veth->netns) == 0 ? veth->veth.link : veth->veth.peer_link;
}

static void delete_links(struct work *work, const struct target *target)
{
	const struct object *veth = NULL;
	size_t n = 0;

	for (size_t i = 0; i < target->n_step; i++) {
		if (target->step[i]->action == STEP_DELETE &&
		    target->step[i]->before->kind == OBJECT_VETH) {
			veth = target->step[i]->before;
			n++;
		}
	}
	if (n == 1)
		request(work, message_link_delete(room(work), near_link(target, veth)), "delete",
			veth, RTNL_MAY_BE_GONE);
	if (n <= 1)
		return;
	for (size_t i = 0; i < target->n_step; i++) {
		const struct object *object = step_object(target->step[i]);

		if (target->step[i]->action == STEP_DELETE && object->kind == OBJECT_VETH)
			request(work,
				message_link_set_group(room(work), near_link(target, object),
						       DOOMED_GROUP),
				"delete", object, RTNL_MAY_BE_GONE);
	}
	request(work, message_group_delete(room(work), DOOMED_GROUP), "delete", veth,
		RTNL_MAY_BE_GONE);
}

int apply_delete(struct work *work, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		const struct target *target = &work->target[i];

		for (size_t j = 0; j < target->n_step; j++)
			if (target->step[j]->action == STEP_DELETE)
				delete_one(work, target, target->step[j]->before);
		delete_links(work, target);
		r = rtnl_commit(&work->batch, target->rtnl, err);
	}
	return r;
}

/* ---- veths ---- */

struct far_ends {
	int fd[VETHS_AT_ONCE];
	unsigned n;
};

static int add_veth(struct work *work, const struct target *target, const struct object *object,
		    struct far_ends *far, struct error *err)
{
	const struct veth_object *veth = &object->veth;
	const struct target *peer = work_target(work, veth->peer_netns);
	int fd = ioctl(peer->rtnl, SIOCGSKNS);
	struct rtnl_request look_up = { .doing = "find", .object = object };

	if (fd < 0)
		return error_set(err, -errno, "cannot open the network namespace of %s: %s",
				 veth->peer_netns, strerror(errno));
	far->fd[far->n++] = fd;
	request(work, message_veth_add(room(work), veth, fd), "add", object,
		work->tolerant ? RTNL_MAY_EXIST : 0);
	if (work->tolerant) /* it may have been about to be deleted */
		request(work, message_link_set_group(room(work), veth->link, 0), "keep", object, 0);
	request(work, message_link_quiet(room(work), veth->link, 0), "quieten", object,
		RTNL_MAY_BE_UNKNOWN);
	look_up.ret_index = &find_target_link(target, veth->link)->index;
	look_up.ret_peer_index = &find_target_link(peer, veth->peer_link)->index;
	rtnl_add(&work->batch, message_link_get(room(work), veth->link), &look_up);
	return 0;
}

static int make_veths(struct work *work, const struct target *target, struct far_ends *far,
		      struct error *err)
{
	int r = rtnl_commit(&work->batch, target->rtnl, err);

	while (far->n)
		close(far->fd[--far->n]);
	return r;
}

int apply_veths(struct work *work, struct error *err)
{
	struct far_ends far = { .n = 0 };
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		const struct target *target = &work->target[i];

		for (size_t j = 0; j < target->n_step && r == 0; j++) {
			const struct step *step = target->step[j];

			if (step->action == STEP_ADD && step->after->kind == OBJECT_VETH)
				r = add_veth(work, target, step->after, &far, err);
			if (r == 0 && far.n == VETHS_AT_ONCE)
				r = make_veths(work, target, &far, err);
		}
		if (r == 0)
			r = make_veths(work, target, &far, err);
	}
	while (far.n)
		close(far.fd[--far.n]);
	return r;
}

/* ---- addresses, routes, rules ---- */

static int add_on_link(struct work *work, const struct target *target, const struct step *step,
		       struct error *err)
{
	const struct object *object = step->after;
	const char *link = object->kind == OBJECT_ADDRESS ? object->address.link
							  : object->route.link;
	int index = link ? index_of(target, link) : 0;
	bool replace = work->tolerant || step->action == STEP_CHANGE;

	if (link && !index)
		return link_is_missing(object, link, err);
	request(work,
		object->kind == OBJECT_ADDRESS
			? message_address_add(room(work), &object->address, index, replace)
			: message_route_add(room(work), &object->route, index, replace),
		"add", object, 0);
	return 0;
}

/* Direct routes come first, since they may lead to a next hop. */
static int add_objects(struct work *work, const struct target *target, struct error *err)
{
	int r = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < target->n_step && r == 0; i++) {
			const struct step *step = target->step[i];
			const struct object *object = step->after;

			if (!object)
				continue;
			if ((object->kind == OBJECT_ADDRESS && pass == 0) ||
			    (object->kind == OBJECT_ROUTE &&
			     object_has_next_hop(object) == (pass == 1)))
				r = add_on_link(work, target, step, err);
			else if (object->kind == OBJECT_RULE && pass == 1)
				request(work, message_rule_add(room(work), &object->rule), "add",
					object, work->tolerant ? RTNL_MAY_EXIST : 0);
		}
	}
	return r;
}

static void bring_up(struct work *work, const struct target_link *link)
{
	request(work, message_link_quiet(room(work), NULL, link->index), "quieten", link->object,
		RTNL_MAY_BE_UNKNOWN);
	request(work, message_link_up(room(work), link->index), "bring up", link->object, 0);
}

/*
 * The end that was up first gets its carrier with the other end, and the kernel makes use of it a
 * little later, in a worker of its own; until then what is sent there is lost. Asked about the
 * link, it sees to that first (since 6.8).
 */
static int await_carriers(struct work *work, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		const struct target *target = &work->target[i];

		for (size_t j = 0; j < target->n_link; j++)
			if (target->link[j].is_new && !target->link[j].bring_up)
				request(work, message_link_get(room(work), target->link[j].name),
					"find", target->link[j].object, 0);
		r = rtnl_commit(&work->batch, target->rtnl, err);
	}
	return r;
}

int apply_configure(struct work *work, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < work->n_target && r == 0; i++) {
		const struct target *target = &work->target[i];

		if (target->is_new)
			request(work, message_link_up(room(work), 1), "bring up lo of",
				target->settings, 0);
		for (size_t j = 0; j < target->n_link; j++)
			if (target->link[j].bring_up)
				bring_up(work, &target->link[j]);
		r = add_objects(work, target, err);
		if (r == 0)
			r = rtnl_commit(&work->batch, target->rtnl, err);
	}
	return r < 0 ? r : await_carriers(work, err);
}
