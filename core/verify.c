#include "core/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/msg.h>

#include <linux/rtnetlink.h>

#include "core/apply.h"
#include "core/cleanup.h"
#include "core/daemon.h"
#include "core/netlink_dump.h"
#include "core/netns_create.h"
#include "core/rtnl.h"
#include "core/rtnl_message.h"
#include "core/script.h"
#include "core/sysctl.h"
#include "core/verify_work.h"
#include "core/world.h"

/*
 * To look: every namespace in turn, then the links, whose two ends lie in two of them, then programs and files.
 * To mend: first away with what is there and wrong, then look again, then apply the plan from that to what is wanted.
 */

/* What routers need beside what we put there: the kernel's own routing rules, with which every namespace is born. */
static const struct rule_object usual_rules[] = {
	{ .priority = 0, .table = 255 },
	{ .priority = 32766, .table = 254 },
	{ .priority = 32767, .table = 253 },
};

/* ---- what was seen ---- */

struct place *look_place(const struct look *look, const char *netns)
{
	size_t low = 0, high = look->n_place;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(look->place[middle].netns->netns, netns);

		if (order == 0)
			return &look->place[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int compare_key(const void *a, const void *b)
{
	return object_compare_key(a, b);
}

size_t look_find(const struct look *look, const struct object *key)
{
	const struct object *object =
		look->wanted->n_object ? bsearch(key, look->wanted->object, look->wanted->n_object, sizeof(*key), compare_key)
				       : NULL;

	return object ? (size_t)(object - look->wanted->object) : SIZE_MAX;
}

struct seen_link *place_link(const struct place *place, const char *name)
{
	for (size_t i = 0; place && i < place->n_link; i++)
		if (strcmp(place->link[i].name, name) == 0)
			return &place->link[i];
	return NULL;
}

void place_extra(struct look *look, struct place *place, const struct nlmsghdr *message, uint16_t delete_type, const char *object)
{
	struct nlmsghdr *copy = memcpy(arena_alloc(&look->arena, message->nlmsg_len), message, message->nlmsg_len);

	copy->nlmsg_type = delete_type;
	copy->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	copy->nlmsg_seq = 1;
	copy->nlmsg_pid = 0;
	*ARRAY_PUSH(place->extra, place->n_extra) =
		(struct extra){ .message = copy, .object = arena_strdup(&look->arena, object) };
}

/* ---- looking ---- */

static void look_sysctls(struct look *look, struct place *place)
{
	struct sysctl_wanted wanted;

	for (size_t i = 0; sysctl_wanted(&place->netns->netns_, i, &wanted); i++) {
		char value[SYSCTL_VALUE_SIZE];

		if (sysctl_is_right(&wanted, value))
			continue;
		place->sysctls = arena_printf(&look->arena, "%s%s%s is %s, not %s", place->sysctls ? place->sysctls : "",
					      place->sysctls ? ", " : "", wanted.name, *value ? value : "missing", wanted.value);
	}
}

static int look_inside(struct look *look, struct place *place, struct error *err)
{
	auto_fd int rtnl = rtnl_socket_open(err);
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
	look_sysctls(look, place);
	place->rtnl = place->nft = -1;
	return r;
}

/* A namespace that is to be made again will have them. */
static void expect_usual_rules(struct look *look, const struct place *place)
{
	for (size_t k = 0; k < ARRAY_SIZE(usual_rules); k++) {
		struct object key = { .kind = OBJECT_RULE, .netns = place->netns->netns, .rule = usual_rules[k] };
		size_t i = look_find(look, &key);

		if (i != SIZE_MAX)
			look->there[i] = true;
	}
}

static int look_at_place(struct look *look, struct place *place, struct error *err)
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
	if (place->sysctls) /* so that plan_make() takes it for another */
		look->found[i].netns_.role = place->router ? NETNS_HOST : NETNS_ROUTER;
	return 0;
}

/* NULL: the two ends of a link are there and as they should be. */
static const char *veth_fault(const struct veth_object *veth, const struct seen_link *near, const struct seen_link *far)
{
	if (!near || !far)
		return !near && !far ? "" : near ? "its far end is missing" : "its near end is missing";
	if (!near->veth || !far->veth || near->peer_index != far->index || far->peer_index != near->index)
		return "its two ends do not belong together";
	if (memcmp(near->mac, veth->mac, sizeof(veth->mac)) != 0 || memcmp(far->mac, veth->mac, sizeof(veth->mac)) != 0)
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
	struct seen_link *far = place_link(look_place(look, object->veth.peer_netns), object->veth.peer_link);

	if (near)
		near->wanted = true;
	if (far)
		far->wanted = true;
	look->detail[i] = veth_fault(&object->veth, near, far);
	if (look->detail[i])
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

static void look_for_extra_links(struct look *look, struct place *place)
{
	for (size_t i = 0; place->router && i < place->n_link; i++) {
		const struct seen_link *link = &place->link[i];
		struct {
			struct nlmsghdr head;
			struct ifinfomsg link;
		} message = { { .nlmsg_len = sizeof(message) }, { .ifi_index = link->index } };

		if (!link->wanted && !is_usual(look, link->name))
			place_extra(look, place, &message.head, RTM_DELLINK,
				    arena_printf(&look->arena, "link %s in %s", link->name, place->netns->netns));
	}
}

static bool file_is_right(const struct file_object *file)
{
	size_t length = strlen(file->content);
	auto_free char *content = xalloc(length + 2);
	auto_file FILE *stream = fopen(file->path, "re");

	return stream && fread(content, 1, length + 1, stream) == length && memcmp(content, file->content, length) == 0;
}

/* An empty namespace, for comparison: what it has, every one is born with. */
static int open_scratch(struct look *look, struct error *err)
{
	int r = netns_create("for comparison", err);

	if (r < 0)
		return r;
	look->scratch_rtnl = rtnl_socket_open(err);
	look->scratch_nft = look->scratch_rtnl < 0 ? -1 : nft_socket_open(err);
	if (look->scratch_rtnl < 0 || look->scratch_nft < 0)
		return look->scratch_rtnl < 0 ? look->scratch_rtnl : look->scratch_nft;
	return look_links(look, look->scratch_rtnl, &look->usual, &look->n_usual, err);
}

static void look_begin(struct look *look, const struct wanted *wanted)
{
	size_t n = wanted->n_object;

	*look = (struct look){ .wanted = wanted, .scratch_rtnl = -1, .scratch_nft = -1 };
	look->found = xalloc((n + 1) * sizeof(*look->found));
	look->there = xalloc(n + 1);
	look->detail = xalloc((n + 1) * sizeof(*look->detail));
	if (n)
		memcpy(look->found, wanted->object, n * sizeof(*look->found));
	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS)
			break; /* they come first */
		*ARRAY_PUSH(look->place, look->n_place) = (struct place){
			.netns = &wanted->object[i],
			.router = wanted->object[i].netns_.role == NETNS_ROUTER,
			.rtnl = -1,
			.nft = -1,
		};
	}
}

static void look_free(struct look *look)
{
	for (size_t i = 0; i < look->n_place; i++) {
		free(look->place[i].extra);
		free(look->place[i].own);
	}
	if (look->scratch_rtnl >= 0)
		close(look->scratch_rtnl);
	if (look->scratch_nft >= 0)
		close(look->scratch_nft);
	free(look->place);
	free(look->found);
	free(look->there);
	free(look->detail);
	free(look->alien);
	arena_free(&look->arena);
}

static int look_at_all(struct look *look, struct error *err)
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

/* ---- telling ---- */

static void tell(struct findings *findings, enum finding_kind kind, const char *netns, const char *origin, const char *object,
		 const char *detail)
{
	struct arena *arena = &findings->arena;

	*ARRAY_PUSH(findings->finding, findings->n_finding) = (struct finding){
		.kind = kind,
		.netns = arena_strdup(arena, netns),
		.origin = arena_strdup(arena, origin ? origin : ""),
		.object = arena_strdup(arena, object),
		.detail = arena_strdup(arena, detail ? detail : ""),
	};
}

/* What is told with something else: what is in a namespace that is gone, on a link that is, in a table or set that is. */
static bool is_implied(const struct look *look, const struct object *object)
{
	const struct place *place = object->kind == OBJECT_FILE ? NULL : look_place(look, object->netns);
	const char *link = object->kind == OBJECT_ADDRESS ? object->address.link
			   : object->kind == OBJECT_ROUTE ? object->route.link
							  : NULL;

	if (object->kind == OBJECT_NETNS || !place)
		return false;
	if (!place->there)
		return true;
	if (object->kind == OBJECT_VETH) {
		place = look_place(look, object->veth.peer_netns);
		return place && !place->there;
	}
	if (link && !place_link(place, link))
		return true;
	if (object->kind == OBJECT_NFT_ELEMENT && place->table == TABLE_FINE) {
		struct object set = { .kind = OBJECT_NFT_SET, .netns = object->netns, .set.name = object->element.set };
		size_t i = look_find(look, &set);

		return i != SIZE_MAX && (!look->there[i] || look->detail[i]);
	}
	return place->table != TABLE_FINE &&
	       (object->kind == OBJECT_NFT_SET || object->kind == OBJECT_NFT_CHAIN || object->kind == OBJECT_NFT_ELEMENT);
}

/* The words of ip that make what is there instead. */
static const char *say_found(struct look *look, const struct object *found)
{
	struct wanted one = { .object = (struct object[]){ *found }, .n_object = 1 };
	auto_text text = { 0 };
	struct plan plan;
	const char *words;

	one.object->origin = NULL;
	plan_make(&plan, NULL, &one);
	script_add_plan(&text, &plan, SCRIPT_KERNEL);
	plan_free(&plan);
	words = strstr(text_get(&text), " add ");
	return arena_printf(&look->arena, "there is %.*s", (int)strcspn(words ? words + 5 : "another", "\n"),
			    words ? words + 5 : "another");
}

/* An element by its key: "element 192.0.2.1 of nft set eip in NAT1". */
static const char *say_element(struct look *look, const struct object *object, char text[static OBJECT_TEXT_SIZE])
{
	struct object key = { .kind = OBJECT_NFT_SET, .netns = object->netns, .set.name = object->element.set };
	size_t i = look_find(look, &key);
	auto_text words = { 0 };
	struct nft_set set;

	if (i == SIZE_MAX)
		return object_describe(object, text);
	set = look->wanted->object[i].set;
	set.data = NFT_DATA_NONE;
	nft_format_element(&words, &set, &object->element);
	snprintf(text, OBJECT_TEXT_SIZE, "element %.200s of nft set %s in %s", text_get(&words), object->element.set,
		 object->netns);
	return text;
}

static void tell_object(struct look *look, struct findings *findings, size_t i)
{
	const struct object *object = &look->wanted->object[i], *found = &look->found[i];
	const char *detail = look->detail[i];
	char text[OBJECT_TEXT_SIZE];
	bool equal = look->there[i] && object_equal(found, object);

	if ((equal && !detail) || is_implied(look, object))
		return;
	if (!detail && look->there[i] &&
	    (object->kind == OBJECT_ADDRESS || object->kind == OBJECT_ROUTE || object->kind == OBJECT_RULE))
		detail = say_found(look, found);
	else if (!detail && look->there[i])
		detail = "it leads elsewhere";
	if (object->kind == OBJECT_NFT_ELEMENT)
		say_element(look, object, text);
	else
		object_describe(object, text);
	if (object->kind == OBJECT_FILE)
		tell(findings, FINDING_DIFFERENT, object->netns, object->origin, text, NULL);
	else
		tell(findings, look->there[i] || (detail && *detail) ? FINDING_DIFFERENT : FINDING_MISSING, object->netns,
		     object->origin, text, detail);
}

/* Whose parts have gone with a table: every origin once, but for the namespace's own. */
static const char *table_origins(const struct look *look, const struct place *place, struct text *text)
{
	static const enum object_kind kinds[] = { OBJECT_NFT_SET, OBJECT_NFT_CHAIN, OBJECT_NFT_ELEMENT };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n;
		const struct object *object = wanted_range(look->wanted, kinds[k], place->netns->netns, &n);

		for (size_t i = 0; i < n && text->length < 400; i++) {
			const char *origin = object[i].origin;

			if (!origin || (place->netns->origin && strcmp(origin, place->netns->origin) == 0) ||
			    strstr(text_get(text), origin))
				continue;
			text_addf(text, "%s%s", text->length ? ", " : "with what is in it of ", origin);
		}
	}
	return text_get(text);
}

static void tell_place(struct look *look, struct findings *findings, const struct place *place)
{
	const char *netns = place->netns->netns, *origin = place->netns->origin;
	auto_text origins = { 0 };

	if (place->lo_down)
		tell(findings, FINDING_DIFFERENT, netns, origin, arena_printf(&look->arena, "link lo of %s", netns),
		     "it is down");
	if (place->there && place->table != TABLE_FINE)
		tell(findings, place->table == TABLE_GONE ? FINDING_MISSING : FINDING_DIFFERENT, netns, origin,
		     arena_printf(&look->arena, "nft table ip " NFT_TABLE " in %s", netns),
		     place->table == TABLE_DORMANT ? "it is dormant" : table_origins(look, place, &origins));
	for (size_t i = 0; i < place->n_extra; i++)
		tell(findings, FINDING_EXTRA, netns, origin, place->extra[i].object, NULL);
}

static void tell_all(struct look *look, struct findings *findings)
{
	char text[OBJECT_TEXT_SIZE];

	for (size_t i = 0; i < look->n_place; i++)
		tell_place(look, findings, &look->place[i]);
	for (size_t i = 0; i < look->wanted->n_object; i++)
		tell_object(look, findings, i);
	for (size_t i = 0; i < look->n_alien; i++) {
		const struct place *place = look_place(look, look->alien[i].netns);

		tell(findings, FINDING_EXTRA, look->alien[i].netns, place ? place->netns->origin : NULL,
		     look->alien[i].kind == OBJECT_NFT_ELEMENT ? say_element(look, &look->alien[i], text)
							       : object_describe(&look->alien[i], text),
		     NULL);
	}
}

/* ---- mending ---- */

/* Takes the message over. What is gone is gone. */
static int send_message(int fd, struct nl_msg *message)
{
	struct nlmsghdr *header = message ? nlmsg_hdr(message) : NULL;
	int r;

	if (!header)
		return -ENOMEM;
	header->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	header->nlmsg_seq = 1;
	header->nlmsg_pid = 0;
	r = netlink_tell(fd, header, header->nlmsg_len, 1);
	nlmsg_free(message);
	return r == -ENODEV || r == -EOPNOTSUPP || r == -EAFNOSUPPORT ? 0 : r;
}

/* ARP off again: nothing else makes a link so but creating it. */
static int arp_off(int fd, int index)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} message = { { .nlmsg_len = sizeof(message),
			.nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = 1 },
		      { .ifi_index = index, .ifi_flags = IFF_NOARP, .ifi_change = IFF_NOARP } };

	return netlink_tell(fd, &message, sizeof(message), 1);
}

/* The end of a link that is the right one. */
static int mend_link(int fd, const struct seen_link *link)
{
	int r = link->arp ? arp_off(fd, link->index) : 0;

	if (r == 0 && !link->quiet)
		r = send_message(fd, message_link_quiet(NULL, link->index));
	if (r == 0 && (!link->up || link->rp_filter))
		r = send_message(fd, message_link_up(link->index));
	return r;
}

/* The ends of wanted links in this place: the right ones are set right, what is left of others is deleted. */
static int mend_veth_end(const struct look *look, const struct place *place, int fd, size_t i)
{
	const struct object *object = &look->wanted->object[i];
	bool near = strcmp(object->netns, place->netns->netns) == 0;
	const struct seen_link *link = place_link(place, near ? object->veth.link : object->veth.peer_link);

	if (!link)
		return 0;
	return look->there[i] ? mend_link(fd, link) : send_message(fd, message_link_delete(link->name));
}

static int mend_links(const struct look *look, const struct place *place, int fd, const char **ret_what)
{
	static char text[OBJECT_TEXT_SIZE];
	int r = place->lo_down ? send_message(fd, message_link_up(1)) : 0;

	*ret_what = "link lo";
	for (size_t i = look->n_place; i < look->wanted->n_object && r == 0; i++) {
		const struct object *object = &look->wanted->object[i];

		if (object->kind != OBJECT_VETH)
			break; /* they come right behind the namespaces */
		if (!look->detail[i] || (strcmp(object->netns, place->netns->netns) != 0 &&
					 strcmp(object->veth.peer_netns, place->netns->netns) != 0))
			continue;
		r = mend_veth_end(look, place, fd, i);
		*ret_what = object_describe(object, text);
	}
	return r;
}

/* Addresses whose routes are gone: away with them, so that they come back whole. */
static int clear_addresses(const struct look *look, const struct place *place, int fd, bool *ret_any)
{
	size_t n;
	const struct object *object = wanted_range(look->wanted, OBJECT_ADDRESS, place->netns->netns, &n);
	size_t first = n ? (size_t)(object - look->wanted->object) : 0;
	int r = 0;

	*ret_any = false;
	for (size_t i = first; i < first + n && r == 0; i++) {
		const struct seen_link *link = place_link(place, look->found[i].address.link);

		if (!look->detail[i] || !link)
			continue;
		*ret_any = true;
		if (fd >= 0)
			r = send_message(fd, message_address_delete(&look->found[i].address, link->index));
	}
	return r;
}

static int clear_extra(const struct extra *extra, int rtnl, int nft)
{
	int r = extra->message ? netlink_tell(rtnl, extra->message, extra->message->nlmsg_len, 1)
			       : nft_delete_foreign(nft, extra);

	/* Gone with another that was deleted before it. */
	return r == -ENOENT || r == -ESRCH || r == -ENODEV || r == -EADDRNOTAVAIL ? 0 : r;
}

static bool needs_clearing(const struct look *look, const struct place *place)
{
	bool any;

	if (place->lo_down || place->n_extra || (clear_addresses(look, place, -1, &any), any))
		return true;
	for (size_t i = look->n_place; i < look->wanted->n_object && look->wanted->object[i].kind == OBJECT_VETH; i++)
		if (look->detail[i] && (strcmp(look->wanted->object[i].netns, place->netns->netns) == 0 ||
					strcmp(look->wanted->object[i].veth.peer_netns, place->netns->netns) == 0))
			return true;
	return false;
}

static int clear_place(const struct look *look, const struct place *place, struct error *err)
{
	int r = netns_enter(place->netns->netns, err);
	auto_fd int rtnl = r < 0 ? -1 : rtnl_socket_open(err);
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

/* The plan from what is there to what is wanted. A link that only needed setting up has been, and counts as there. */
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
		r = error_set(err, -errno, "cannot come back from a network namespace: %s", strerror(errno));
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

/* Looks once more; what was found first and is found no more is mended, what is new is told, too. */
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
			tell(findings, left.finding[i].kind, left.finding[i].netns, left.finding[i].origin,
			     left.finding[i].object, left.finding[i].detail);
	findings_free(&left);
	return r;
}

/* ---- all of it ---- */

static void add_usual_rules(struct wanted *wanted)
{
	size_t n = wanted->n_object;

	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS || wanted->object[i].netns_.role != NETNS_ROUTER)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(usual_rules); k++) {
			struct object object = { .kind = OBJECT_RULE,
						 .netns = wanted->object[i].netns,
						 .origin = wanted->object[i].origin,
						 .rule = usual_rules[k] };

			*ARRAY_PUSH(wanted->object, wanted->n_object) = object;
		}
	}
	wanted_sort(wanted);
}

static int look_and_mend(const struct wanted *wanted, bool repair, int home, struct findings *findings, struct error *err)
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

int verify(const struct wanted *wanted, bool repair, struct findings *ret_findings, struct error *err)
{
	auto_fd int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	struct wanted whole = { .object = NULL };
	int r;

	*ret_findings = (struct findings){ 0 };
	if (home < 0)
		return error_set(err, -errno, "cannot open our own network namespace: %s", strerror(errno));
	for (size_t i = 0; i < wanted->n_object; i++)
		*ARRAY_PUSH(whole.object, whole.n_object) = wanted->object[i];
	add_usual_rules(&whole);
	r = look_and_mend(&whole, repair, home, ret_findings, err);
	free(whole.object);
	if (setns(home, CLONE_NEWNET) < 0 && r == 0)
		r = error_set(err, -errno, "cannot come back from a network namespace: %s", strerror(errno));
	return r;
}
