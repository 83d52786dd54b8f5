/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "core/netlink/socket.h"
#include "core/sandbox/netns.h"
#include "core/sandbox/node.h"
#include "core/sandbox/sandbox.h"

/*
 * Making namespaces is the one step that the kernel does on several CPUs at once, and two threads
 * get nearly all of the gain. A thread that has been in a namespace is good for nothing else, so
 * each ends with its work.
 */
#define THREADS 2

struct thread_pool {
	struct work *work;
	atomic_size_t next;
	atomic_bool failed;
	pthread_mutex_t lock; /* protects the first error */
	int r;
	struct error *err;
};

static int set_sysctls(struct work *work, const struct target *target, bool fresh, bool *ret_late,
		       struct error *err)
{
	const struct netns_object *settings = &target->settings->netns_;
	int r = sysctl_apply_role(settings, fresh ? &work->inherited : NULL, err);

	return r < 0 ? r : sysctl_apply_conntrack(settings, ret_late, err);
}

/* Enter the namespace, or make it. All its settings are made before it gets its name. */
static int enter(struct work *work, struct target *target, bool *ret_late, struct error *err)
{
	bool fresh = target->is_new && !(work->tolerant && netns_is_pinned(target->netns));
	int r = fresh ? netns_create(target->netns, err) : netns_enter(target->netns, err);

	if (r < 0)
		return r;
	if (target->settings)
		r = set_sysctls(work, target, fresh, ret_late, err);
	if (r == 0 && target->needs_rtnl) {
		target->rtnl = netlink_open(NETLINK_ROUTE, err);
		r = target->rtnl < 0 ? target->rtnl : 0;
	}
	if (r < 0)
		error_wrap(err, "%s", target->netns);
	else if (fresh)
		r = netns_pin(target->netns, target->rtnl, work->tolerant, err);
	if (r == 0 && fresh && target->settings && target->settings->netns_.node != NODE_HOST &&
	    (r = node_mark(target->netns, target->settings->netns_.node)) < 0)
		error_set(err, r, "cannot mark what %s is: %s", target->netns, strerror(-r));
	return r;
}

static int load_nft(struct work *work, const struct target *target, bool late, struct error *err)
{
	int r = target->needs_nft ? apply_nft(work, target, err) : 0;

	/* Loading the rules has loaded connection tracking. Where it has not, there is nothing
	 * to time out. */
	if (r == 0 && late)
		r = sysctl_apply_conntrack(&target->settings->netns_, &late, err);
	if (r < 0)
		error_wrap(err, "%s", target->netns);
	return r;
}

static int enter_and_load(struct work *work, struct target *target, struct error *err)
{
	bool late = false;
	int r = enter(work, target, &late, err);

	return r < 0 ? r : load_nft(work, target, late, err);
}

static void pool_fail(struct thread_pool *pool, int r, const struct error *err)
{
	pthread_mutex_lock(&pool->lock);
	if (pool->r == 0) {
		pool->r = r;
		if (pool->err)
			*pool->err = *err;
	}
	pthread_mutex_unlock(&pool->lock);
	pool->failed = true;
}

static void *pool_thread(void *arg)
{
	struct thread_pool *pool = arg;
	struct work *work = pool->work;
	size_t i;

	while (!pool->failed && (i = pool->next++) < work->n_target) {
		struct target *target = &work->target[i];
		struct error err = { 0 };
		int r = 0;

		if (!target->is_gone &&
		    (target->settings || target->needs_rtnl || target->needs_nft))
			r = enter_and_load(work, target, &err);
		if (r < 0)
			pool_fail(pool, r, &err);
	}
	return NULL;
}

static int count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

int apply_enter(struct work *work, struct error *err)
{
	struct thread_pool pool = { .work = work, .lock = PTHREAD_MUTEX_INITIALIZER, .err = err };
	pthread_t thread[THREADS];
	size_t wanted = count_cpus() < THREADS || work->n_target < 4 ? 1 : THREADS;
	size_t n_thread = 0;
	int r = 0;

	if (!work->n_target)
		return 0;
	while (n_thread < wanted &&
	       (r = pthread_create(&thread[n_thread], NULL, pool_thread, &pool)) == 0)
		n_thread++;
	for (size_t i = 0; i < n_thread; i++)
		pthread_join(thread[i], NULL);
	if (n_thread == 0)
		return error_set(err, -r, "cannot start a thread: %s", strerror(r));
	return pool.r;
}
