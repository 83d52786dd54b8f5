/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"

/*
 * A sandbox is one private user + network + mount + PID + IPC + UTS namespace, held by its keeper,
 * PID 1 of the sandbox. It owns no name, link, rule, mount, shared memory or process on the host;
 * when the keeper dies the kernel removes all of it. The way is the same for root and for anybody
 * else: inside, the caller is root; who else exists says users.h.
 *
 * The keeper seals the machine (seal.h): what programs inside see of it they cannot change, however
 * much they are root. They live in a second user namespace below the keeper's, and what they write
 * goes to files of their own (files.h). A host among the nodes has mounts, IPC and a name of its
 * own besides (node.h).
 *
 * The network namespace that work inside begins in belongs to no node and stays empty: whoever has
 * not gone to a node reaches nothing, and nothing of the host.
 *
 * In the mount namespace of workers /run is a private tmpfs with /run/netns/<name> (one pinned
 * network namespace a node, as iproute2 has it) and /run/vpclab/ (the lab's own files). /proc shows
 * the sandbox's processes, /sys no network interface (a fresh one for each program, as `ip netns
 * exec` has it, would copy the table of all pins: 2.5 ms more with 1,000 nodes). Host names are
 * looked up in /etc/hosts, which is /run/vpclab/hosts/nodes, and then by the resolver of
 * /run/vpclab/resolv.conf; both are rewritten, never replaced by other files.
 *
 * The process that uses a sandbox stays outside: work inside is done by short-lived children
 * (sandbox_call, process.h), so that no survivor of a crash keeps a namespace alive.
 */
struct sandbox {
	pid_t keeper; /* in the caller's PID namespace */
	int pidfd;
	int pid_fd;                        /* its PID namespace, to know its processes by */
	int user_fd, network_fd, mount_fd; /* the namespaces of work inside */
	int machine_fd, sealed_fd; /* mount namespaces: what hosts' files are made from, and what
				      hosts begin with (node.h) */
	int part_fd;               /* the mount namespace of programs without files of a host */
	int directory; /* O_PATH of /run/vpclab inside; -1 if it cannot be reached from outside */
	int control;   /* to a keeper made by this process, for sandbox_release(); else -1 */
};

#define SANDBOX_CLOSED                       \
	((struct sandbox){ .keeper = -1,     \
			   .pidfd = -1,      \
			   .pid_fd = -1,     \
			   .user_fd = -1,    \
			   .network_fd = -1, \
			   .mount_fd = -1,   \
			   .machine_fd = -1, \
			   .sealed_fd = -1,  \
			   .part_fd = -1,    \
			   .directory = -1,  \
			   .control = -1 })

/* What is to be of the machine's files inside. */
struct sandbox_files {
	/* Directories, NULL-terminated, that stay the machine's own and writable, beside the
	 * working directory; or NULL. */
	char *const *share;
	const char *hidden; /* a directory that is empty in there, wherever it lies; or NULL */
};

/*
 * Makes a sandbox. bound_to_caller: it dies with the calling thread. registration: a file
 * descriptor on which the keeper is to hold a POSIX write lock for as long as it lives
 * (registry.h), or -1. files: NULL is nothing of both. Returns when it is ready to be used.
 * Errors name what the machine lacks and the cure (they are what `vpclab doctor` says).
 */
int sandbox_create(struct sandbox *ret_sandbox, bool bound_to_caller, int registration,
		   const struct sandbox_files *files, struct error *err);

/*
 * A bound sandbox that this process made lives on without it from now on: what is built for good is
 * built bound, so that nothing half made stays behind if the builder is killed.
 */
int sandbox_release(struct sandbox *sandbox, struct error *err);

/*
 * Opens the sandbox of a running keeper. The caller has made sure that the pid is one, and its own;
 * asking the registry once more afterwards rules out that the pid has changed hands in between.
 */
int sandbox_open(struct sandbox *ret_sandbox, pid_t keeper, struct error *err);
/* The same of a keeper of any version, only to end it: no work inside is possible. */
int sandbox_find(struct sandbox *ret_sandbox, pid_t keeper, struct error *err);

/*
 * Ends it and does not wait for the keeper's death, from which nobody can keep it any more: no
 * program inside runs when this returns, and the kernel takes the rest apart in the background.
 */
int sandbox_kill(const struct sandbox *sandbox, struct error *err);
/*
 * Ends it: SIGKILL to the keeper, returns when it is gone. Fine on a closed or dead sandbox.
 * Children of the caller that were inside are waited for here: process_wait() on them says 137
 * afterwards.
 */
int sandbox_destroy(struct sandbox *sandbox, struct error *err);
void sandbox_close(struct sandbox *sandbox); /* only forgets it */
bool sandbox_alive(const struct sandbox *sandbox);

/*
 * Runs fn(arg) in a child that has joined the sandbox's namespaces, waits for it, and hands back
 * its result and error. What fn must return beyond that goes through memory from sandbox_shared().
 * The child ignores SIGINT and its like: it is the caller's to decide. It dies by SIGKILL or with
 * the sandbox (-ECHILD), not with the caller: what was begun is finished. Descriptors are
 * inherited, so an flock() of the caller's lasts until the child is done.
 */
int sandbox_call(const struct sandbox *sandbox, int (*fn)(void *arg, struct error *err), void *arg,
		 struct error *err);
/*
 * The same in two steps, for a worker that tells on its way (through a pipe of the caller's): every
 * one that was started must be waited for.
 */
struct worker {
	pid_t pid;
	int answers; /* private */
};
int sandbox_start(const struct sandbox *sandbox, int (*fn)(void *arg, struct error *err), void *arg,
		  struct worker *ret_worker, struct error *err);
int sandbox_wait(const struct sandbox *sandbox, struct worker *worker, struct error *err);
/* Or nobody asks what it returns: then it is a child of the caller as any other, and its exit
 * status is 1 if it failed. It has to ignore SIGPIPE. */
pid_t sandbox_leave(struct worker *worker);

void *sandbox_shared(size_t size); /* zeroed memory that a child of sandbox_call can write into;
				      NULL when there is none */
void sandbox_shared_free(void *memory, size_t size);

/*
 * The fork under sandbox_call and process_spawn: returns 0 in a child that is a child of the caller
 * and inside all the namespaces, in the directory of the caller (where that is another one inside,
 * or out of reach: in /); its pid in the caller; or a negative errno with err, in the caller only.
 * The caller must have one thread only. The child must not return to the program: it ends with
 * _exit() or exec.
 */
pid_t sandbox_fork(const struct sandbox *sandbox, struct error *err);

/* In a child: joins the namespaces (PID: for its children). Never to be called in the program
 * itself. */
int sandbox_enter(const struct sandbox *sandbox, struct error *err);
/* In a process inside: go where the machine's files are; go on to what a host begins with, in a
 * copy of one's own; or to the files of what is no host. 0 or a negative errno. */
int sandbox_enter_machine(void);
int sandbox_enter_sealed(void);
int sandbox_enter_part(void);

/* In a process inside: the network namespace of a node. Opens its pin / moves the calling thread
 * into it. */
int netns_open(const char *name, struct error *err);
int netns_enter(const char *name, struct error *err);
