/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"

struct sandbox_files; /* sandbox.h */

/*
 * The keeper, PID 1 of a sandbox: seals the machine in the namespaces it was born into, makes the
 * user and mount namespace in which programs live, then holds them all and reaps. sandbox.c makes
 * it and is the only one to talk to it, over a SOCK_SEQPACKET pair:
 *
 *   caller: KEEPER_GO        the user and group maps are written, the keeper may begin
 *   keeper: an answer        the sandbox is ready, or why it cannot be (the keeper then ends)
 *   caller: KEEPER_RELEASE   no longer die with the caller
 *   keeper: KEEPER_RELEASE   done
 */
enum { KEEPER_GO = 'g', KEEPER_RELEASE = 'r' };

/* Where it holds what others need, as descriptors. */
enum keeper_descriptor {
	KEEPER_CHANNEL = 3,
	KEEPER_REGISTRATION, /* not always */
	KEEPER_USER,         /* the user namespace of programs */
	KEEPER_NETWORK,      /* theirs before they are in a node: empty */
	KEEPER_MACHINE,      /* mounts: the machine's files, from which those of nodes are made */
	KEEPER_SEALED,       /* mounts: what hosts begin with */
	KEEPER_MOUNT,        /* mounts: the workers' */
	KEEPER_DIRECTORY,    /* /run/vpclab; what follows came later, and older labs lack it */
	KEEPER_PART,         /* mounts: those of programs that have no files of a host */
	KEEPER_FREE
};

/*
 * Runs in the child that was just cloned into its namespaces, with all signals blocked. bound: ends
 * with the thread that cloned it. files, process_limit: seal.h. Closes everything it inherited but
 * the channel and the registration.
 */
_Noreturn void keeper_main(int channel, int registration, bool bound,
			   const struct sandbox_files *files, unsigned process_limit);
