/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define FAMILIES 64 /* of sockets: more than any kernel has */

/* The other ways into the same kernel: programs of another word size. */
static int add_architectures(scmp_filter_ctx filter)
{
	static const uint32_t others[][3] = {
		{ SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 },
		{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_ARM },
		{ SCMP_ARCH_S390X, SCMP_ARCH_S390, SCMP_ARCH_S390 },
		{ SCMP_ARCH_PPC64, SCMP_ARCH_PPC, SCMP_ARCH_PPC },
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (seccomp_arch_native() != others[i][0])
			continue;
		for (size_t j = 1; r == 0 && j < 3; j++) {
			r = seccomp_arch_add(filter, others[i][j]);
			r = r == -EEXIST ? 0 : r;
		}
	}
	return r;
}

/*
 * Of a network namespace are only some kinds of sockets: by one of another kind, such as that of
 * virtual machines, a program would reach the machine and beyond. Where one call makes sockets and
 * does all else with them (32-bit x86) the filter cannot see the kind, and there are none.
 */
static int refuse_foreign_sockets(scmp_filter_ctx filter)
{
	static const uint64_t of_namespace[] = { AF_UNIX,    AF_INET,   AF_INET6, AF_KEY,
						 AF_NETLINK, AF_PACKET, AF_CAN,   AF_TIPC,
						 AF_ALG,     AF_SMC,    AF_XDP };
	const uint32_t refuse = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	int r = 0;

	/* There, all programs do it by that call. */
	if (seccomp_arch_native() == SCMP_ARCH_S390X)
		return 0;
	for (uint64_t family = 0, next = 0; r == 0 && family < FAMILIES; family++) {
		if (next < ARRAY_SIZE(of_namespace) && family == of_namespace[next])
			next++;
		else
			r = seccomp_rule_add(filter, refuse, SCMP_SYS(socket), 1,
					     SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffu, family));
	}
	return r;
}

static int add_rules(scmp_filter_ctx filter, bool single_user)
{
	static const uint64_t refused[] = { TIOCSTI, TIOCLINUX };
	static const char *const pretended[] = {
		"setuid",     "setgid",     "setreuid",    "setregid",    "setresuid",
		"setresgid",  "setfsuid",   "setfsgid",    "setgroups",   "setuid32",
		"setgid32",   "setreuid32", "setregid32",  "setresuid32", "setresgid32",
		"setfsuid32", "setfsgid32", "setgroups32", "chown",       "fchown",
		"lchown",     "fchownat",   "chown32",     "fchown32",    "lchown32",
	};
	int r = add_architectures(filter);

	if (r == 0)
		r = refuse_foreign_sockets(filter);
	/* The kernel looks at the lower half of the word only. */
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(refused); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, refused[i]));
	for (size_t i = 0; r == 0 && single_user && i < ARRAY_SIZE(pretended); i++) {
		int number = seccomp_syscall_resolve_name(pretended[i]);

		if (number != __NR_SCMP_ERROR)
			r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), number, 0);
	}
	return r;
}

int filter_write(const char *path, bool single_user, struct error *err)
{
	auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	scmp_filter_ctx filter;
	int r;

	if (fd < 0) {
		r = -errno;
		return error_set(err, r, "cannot write the lab's own file %s", path);
	}
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(uint32_t){ SECCOMP_RET_ERRNO }) < 0)
		return 0;
	filter = seccomp_init(SCMP_ACT_ALLOW);
	r = filter ? add_rules(filter, single_user) : -ENOMEM;
	if (r == 0)
		r = seccomp_export_bpf(filter, fd);
	seccomp_release(filter);
	if (r < 0)
		error_set(err, r, "cannot make the filter of system calls: %s", strerror(-r));
	return r;
}

int filter_load(int fd)
{
	struct sock_filter instruction[BPF_MAXINSNS];
	ssize_t n = pread(fd, instruction, sizeof(instruction), 0);
	struct sock_fprog program = { .filter = instruction };

	if (n < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	program.len = (unsigned short)((size_t)n / sizeof(instruction[0]));
	if (program.len == 0)
		return 0;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}
