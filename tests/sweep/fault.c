/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Preloaded into vpclab by tests/sweep/run: lets one call of the C library go wrong, the N-th that
 * any of its processes makes.
 *
 *     FAULT_FILE=PATH           a file of 8 bytes in which the calls are counted
 *     FAULT=error|interrupt|short|kill   how
 *     FAULT_AT=N                which one; 0: none
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	MINUS,
	NOTHING = 1,
	INTERRUPTS = 2,
	SHORTENS = 4
}; /* what it returns, and what can happen */

/* Six registers hold the arguments of all of them, also of those that take any number. */
typedef long call_function(long a, long b, long c, long d, long e, long f);

static atomic_long *count;
static long at;
static const char *how;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAULT_FILE"), *number = getenv("FAULT_AT");
	int fd;

	how = getenv("FAULT");
	/* A node's programs are no part of it. */
	if (!path || !how || !number || strcmp(program_invocation_short_name, "vpclab") != 0)
		return;
	at = strtol(number, NULL, 10);
	fd = (int)syscall(SYS_open, path, O_RDWR | O_CLOEXEC);
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (count == MAP_FAILED)
		abort();
}

static int fails(int error, long value)
{
	errno = error;
	return (int)value;
}

static long call(const char *name, call_function **real, int error, unsigned flags, long a, long b,
		 long c, long d, long e, long f)
{
	/* Who has said by a bare write that he waits for clients is a service from then on, and
	 * dies as one. */
	const bool says_ready = strcmp(name, "syscall") == 0 && a == SYS_write;
	struct stat st;
	long r;

	if (!*real)
		*real = (call_function *)dlsym(RTLD_NEXT, name);
	/* The keeper drops all memory that it knows of, and ours is what it does not. */
	if (strcmp(name, "syscall") == 0 && a == SYS_madvise)
		return 0;
	if (!count || atomic_fetch_add(count, 1) + 1 != at) {
		r = (*real)(a, b, c, d, e, f);
		if (says_ready)
			count = NULL;
		return r;
	}
	if (*how == 'k')
		kill(getpid(), SIGKILL);
	if (*how == 'e')
		return fails(error, flags & NOTHING ? 0 : -1);
	if (*how == 'i' && flags & INTERRUPTS)
		return fails(EINTR, -1);
	/* Pipes and sockets take what is as small as all of ours in one piece. */
	if (*how == 's' && flags & SHORTENS && c > 1 && fstat((int)a, &st) == 0 &&
	    S_ISREG(st.st_mode))
		c /= 2;
	return (*real)(a, b, c, d, e, f);
}

#define CALL(name, error, flags)                                           \
	call_function fault_##name __asm__(#name);                         \
	long fault_##name(long a, long b, long c, long d, long e, long f)  \
	{                                                                  \
		static call_function *real;                                \
		return call(#name, &real, error, flags, a, b, c, d, e, f); \
	}

CALL(access, EACCES, MINUS)
CALL(bind, ENOMEM, MINUS)
CALL(chdir, EACCES, MINUS)
CALL(chmod, EPERM, MINUS)
CALL(chown, EPERM, MINUS)
CALL(connect, ENOBUFS, INTERRUPTS)
CALL(dup2, EMFILE, MINUS)
CALL(execve, ENOMEM, MINUS)
CALL(fchmod, EPERM, MINUS)
CALL(fcntl, EMFILE, MINUS)
CALL(fdopendir, ENOMEM, NOTHING)
CALL(flock, ENOLCK, INTERRUPTS)
CALL(fopen, EMFILE, NOTHING)
CALL(fork, EAGAIN, MINUS)
CALL(ftruncate, EIO, INTERRUPTS)
CALL(getcwd, ENOENT, NOTHING)
CALL(ioctl, ENOMEM, MINUS)
CALL(link, ENOSPC, MINUS)
CALL(mkdir, ENOSPC, MINUS)
CALL(mount, ENOMEM, MINUS)
CALL(mount_setattr, ENOMEM, MINUS)
CALL(move_mount, ENOMEM, MINUS)
CALL(open, EMFILE, INTERRUPTS)
CALL(open_tree, EMFILE, MINUS)
CALL(openat, EMFILE, INTERRUPTS)
CALL(opendir, EMFILE, NOTHING)
CALL(pipe2, EMFILE, MINUS)
CALL(poll, ENOMEM, INTERRUPTS)
CALL(pread, EIO, INTERRUPTS | SHORTENS)
CALL(pwrite, ENOSPC, INTERRUPTS | SHORTENS)
CALL(read, EIO, INTERRUPTS | SHORTENS)
CALL(readlink, EACCES, MINUS)
CALL(realpath, EACCES, NOTHING)
CALL(recv, ENOBUFS, INTERRUPTS)
CALL(recvfrom, ENOBUFS, INTERRUPTS)
CALL(renameat, ENOSPC, MINUS)
CALL(send, ENOBUFS, INTERRUPTS)
CALL(sendmsg, ENOBUFS, INTERRUPTS)
CALL(setns, EMFILE, MINUS)
CALL(setsockopt, ENOBUFS, MINUS)
CALL(socket, EMFILE, MINUS)
CALL(socketpair, EMFILE, MINUS)
CALL(symlink, ENOSPC, MINUS)
CALL(syscall, ENOMEM, MINUS)
CALL(umount2, EBUSY, MINUS)
CALL(unlink, EIO, MINUS)
CALL(unlinkat, EIO, MINUS)
CALL(unshare, ENOSPC, MINUS)
CALL(waitpid, ECHILD, INTERRUPTS)
CALL(write, ENOSPC, INTERRUPTS | SHORTENS)
