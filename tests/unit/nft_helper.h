/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* For tests of nftables: a private network, the nft program as a witness. Include after test.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "core/base/cleanup.h"
#include "core/base/error.h"
#include "core/nftables/message.h"
#include "core/state/nft.h"

static inline void helper_write(const char *path, const char *content)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, content, strlen(content)), strlen(content));
}

/* Root of a user namespace of its own, with private networks and mounts. */
static inline void private_sandbox(void)
{
	char map[64];
	unsigned uid = getuid(), gid = getgid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0)
		test_skip("no user namespaces for this user here");
	helper_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	helper_write("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	helper_write("/proc/self/gid_map", map);
}

/* Another empty network. */
static inline void private_network(void)
{
	CHECK_INT(unshare(CLONE_NEWNET), 0);
}

/* Texts live as long as the test. */
static inline char *keep(char *text)
{
	static char **kept;
	static size_t n_kept;

	*ARRAY_PUSH(kept, n_kept) = text;
	return text;
}

/* Runs a program, which has to exit with 0, with that input; its output. */
static inline char *run(const char *input, const char *const argv[])
{
	auto_fd int in = memfd_create("in", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
	int status;
	pid_t pid;

	CHECK(in >= 0 && out >= 0);
	CHECK_INT(write(in, input, strlen(input)), strlen(input));
	CHECK_INT(lseek(in, 0, SEEK_SET), 0);
	pid = fork();
	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(out, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);

	off_t size = lseek(out, 0, SEEK_END);
	char *output = keep(xalloc((size_t)size + 1));

	CHECK_INT(pread(out, output, (size_t)size, 0), size);
	if (status != 0)
		test_fail("%s %s failed: %s", argv[0], argv[1], output);
	return output;
}

#define RUN(input, ...) run(input, (const char *const[]){ __VA_ARGS__, NULL })

static inline int nft_socket(void)
{
	struct error err = { 0 };
	int fd = nft_socket_open(&err);

	if (fd < 0)
		test_fail("%s", err.message);
	return fd;
}

/* Commits, which has to work, and frees. */
static inline void commit(struct nft_batch *batch, int fd)
{
	struct error err = { 0 };

	if (nft_batch_commit(batch, fd, &err) < 0)
		test_fail("commit: %s", err.message);
	nft_batch_free(batch);
}
