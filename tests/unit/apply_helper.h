/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * For tests of apply: a sandbox of one's own on the real kernel, from one wanted state to another
 * in it, and what is there then. Include after test.h.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <net/if.h>

#include "core/apply/apply.h"
#include "core/base/cleanup.h"
#include "core/sandbox/sandbox.h"
#include "wanted_helper.h"

static struct sandbox sandbox = SANDBOX_CLOSED;

static inline void make_sandbox(void)
{
	struct error err = { 0 };

	if (sandbox_create(&sandbox, true, -1, NULL, &err) < 0) {
		printf("# %s\n# hint: %s\n", err.message, err.hint);
		test_skip("this machine can make no sandbox");
	}
}

static inline void end_sandbox(void)
{
	struct error err;

	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
}

/* ---- things to do inside; each returns 0 or a negative errno ---- */

struct application {
	const struct plan *plan;
	enum apply_mode mode;
	rlim_t open_files; /* 0: as many as there may be */
};

static inline int apply_inside(void *arg, struct error *err)
{
	const struct application *application = arg;

	if (application->open_files) {
		struct rlimit limit = { application->open_files, application->open_files };

		CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	return apply_plan(application->plan, application->mode, err);
}

static inline int apply(const struct plan *plan, enum apply_mode mode, struct error *err)
{
	struct application application = { plan, mode, 0 };

	return sandbox_call(&sandbox, apply_inside, &application, err);
}

/* From one state to the other, which must work. `from` may be NULL. */
static inline void go(struct wanted *from, struct wanted *to, enum apply_mode mode)
{
	struct error err = { 0 };
	struct plan plan;

	if (from)
		wanted_sort(from);
	wanted_sort(to);
	plan_make(&plan, from, to);
	if (apply(&plan, mode, &err) < 0)
		test_fail("%s", err.message);
	plan_free(&plan);
}

/* The same, and it must not; the message has to contain what is given. */
static inline void go_wrong(struct wanted *from, struct wanted *to, const char *message,
			    struct error *ret_err)
{
	struct plan plan;

	*ret_err = (struct error){ 0 };
	if (from)
		wanted_sort(from);
	wanted_sort(to);
	plan_make(&plan, from, to);
	CHECK(apply(&plan, APPLY_EXACT, ret_err) < 0);
	if (!strstr(ret_err->message, message))
		test_fail("\"%s\" does not say \"%s\"", ret_err->message, message);
	plan_free(&plan);
}

struct conversation {
	const char *from, *to;
	const char *address;
	int patience; /* ms */
};

/* A socket belongs to the namespace that the thread is in when it is made. */
static inline int connect_inside(void *arg, struct error *err)
{
	const struct conversation *conversation = arg;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7777) };
	struct timeval patience = { conversation->patience / 1000,
				    conversation->patience % 1000 * 1000 };
	auto_fd int listener = -1;
	auto_fd int client = -1;

	CHECK_INT(netns_enter(conversation->to, err), 0);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(listen(listener, 1), 0);
	CHECK_INT(netns_enter(conversation->from, err), 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)), 0);
	address.sin_addr.s_addr = htonl(ip(conversation->address));
	return connect(client, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : -errno;
}

static inline int talk(const char *from, const char *to, const char *address)
{
	struct conversation conversation = { from, to, address, 10000 };
	struct error err;

	return sandbox_call(&sandbox, connect_inside, &conversation, &err);
}

/* Nothing comes through; where it would, it does at once. */
static inline bool is_cut(const char *from, const char *to, const char *address)
{
	struct conversation conversation = { from, to, address, 200 };
	struct error err;

	return sandbox_call(&sandbox, connect_inside, &conversation, &err) < 0;
}

struct question {
	const char *netns;
	const char *path;
	const char *link;
	char *answer; /* shared memory */
};

#define ANSWER_SIZE 4096

static inline int read_inside(void *arg, struct error *err)
{
	const struct question *question = arg;
	auto_fd int fd = -1;
	ssize_t n;

	if (question->netns && netns_enter(question->netns, err) < 0)
		return -ENOENT;
	fd = open(question->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, question->answer, ANSWER_SIZE - 1);
	question->answer[n > 0 ? n : 0] = '\0';
	return 0;
}

/* What is in a file as seen in that namespace (NULL: anywhere); a string that nobody frees,
 * "(none)" if there is none. */
static inline const char *read_file(const char *netns, const char *path)
{
	struct question question = { .netns = netns,
				     .path = path,
				     .answer = sandbox_shared(ANSWER_SIZE) };
	struct error err;

	CHECK(question.answer);
	return sandbox_call(&sandbox, read_inside, &question, &err) == 0 ? question.answer
									 : "(none)";
}

static inline int link_inside(void *arg, struct error *err)
{
	const struct question *question = arg;
	int r = netns_enter(question->netns, err);

	return r < 0 ? r : (int)if_nametoindex(question->link);
}

/* Its index, 0 if it is not there. */
static inline int link_index(const char *netns, const char *link)
{
	struct question question = { .netns = netns, .link = link };
	struct error err;

	return sandbox_call(&sandbox, link_inside, &question, &err);
}

static inline int count_inside(void *arg, struct error *err)
{
	DIR *directory = opendir(arg);
	const struct dirent *entry;
	int n = 0;

	(void)err;
	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(directory);
	return n;
}

static inline int count_files(const char *directory)
{
	struct error err;

	return sandbox_call(&sandbox, count_inside, (void *)(uintptr_t)directory, &err);
}

/* ---- a net to play with: router R, guests behind it ---- */

static inline void add_router(struct wanted *wanted)
{
	want_netns(wanted, "R", NETNS_ROUTER);
	want_address(wanted, "R", "lo", "10.0.0.253", 32);
	want_route(wanted, "R", 254, "10.0.0.0/24", NULL, NULL);
}

static inline void add_guest(struct wanted *wanted, const char *name, const char *address)
{
	char host[PREFIX_TEXT_SIZE];

	snprintf(host, sizeof(host), "%s/32", address);
	want_netns(wanted, name, NETNS_HOST);
	want_veth(wanted, "R", name, name, "eth0", (uint8_t)ip(address));
	want_address(wanted, name, "eth0", address, 24);
	want_route(wanted, name, 254, "0.0.0.0/0", "eth0", "10.0.0.253");
	want_route(wanted, "R", 254, host, name, NULL);
}

static inline void add_two_guests(struct wanted *wanted)
{
	add_router(wanted);
	add_guest(wanted, "A", "10.0.0.1");
	add_guest(wanted, "B", "10.0.0.2");
}

static inline void add_many(struct wanted *wanted, int n)
{
	add_router(wanted);
	for (int i = 1; i <= n; i++) {
		char name[8], address[ADDRESS_TEXT_SIZE];

		snprintf(name, sizeof(name), "G%d", i);
		snprintf(address, sizeof(address), "10.0.0.%d", i);
		add_guest(wanted, name, address);
	}
}

/* Forwarding is for the addresses in a set only, or for everybody. */
static inline void add_filter(struct wanted *wanted, const char *first, const char *second,
			      bool everybody)
{
	static const enum nft_field key[] = { NFT_SADDR };
	struct nft_chain *chain;
	struct nft_rule *rule;

	add_two_guests(wanted);
	want_set(wanted, "R", "allowed");
	if (first)
		want_element(wanted, "R", "allowed", first);
	if (second)
		want_element(wanted, "R", "allowed", second);
	chain = want_chain(wanted, "R", "forward", !everybody);
	rule = nft_rule_add(&wanted->arena, chain);
	nft_lookup(&wanted->arena, rule, NFT_IN_SET, "allowed", key, 1, 32, false);
	nft_verdict(&wanted->arena, rule, NFT_VERDICT_ACCEPT, NULL);
}
