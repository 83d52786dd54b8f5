/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "core/netlink/socket.h"
#include "core/sandbox/netns_create.h"
#include "core/sandbox/sandbox.h"

/*
 * Making namespaces is the one step that the kernel does on several CPUs at once, and two threads
 * get nearly all of the gain. A thread that has been in a namespace is good for nothing else, so
 * each ends with its work.
 */
#define THREADS 2

struct crew {
	struct work *work;
	atomic_size_t next;
	atomic_bool failed;
	pthread_mutex_t lock; /* protects the first error */
	int r;
	struct error *err;
};

static int settle(struct work *work, const struct site *site, bool fresh, bool *ret_late,
		  struct error *err)
{
	const struct netns_object *settings = &site->settings->netns_;
	int r = sysctl_apply_role(settings, fresh ? &work->inherited : NULL, err);

	return r < 0 ? r : sysctl_apply_conntrack(settings, ret_late, err);
}

/* Enter the namespace, or make it. All its settings are made before it gets its name. */
static int enter(struct work *work, struct site *site, bool *ret_late, struct error *err)
{
	bool fresh = site->is_new && !(work->tolerant && netns_is_pinned(site->netns));
	int r = fresh ? netns_create(site->netns, err) : netns_enter(site->netns, err);

	if (r < 0)
		return r;
	if (site->settings)
		r = settle(work, site, fresh, ret_late, err);
	if (r == 0 && site->needs_rtnl) {
		site->rtnl = netlink_open(NETLINK_ROUTE, err);
		r = site->rtnl < 0 ? site->rtnl : 0;
	}
	if (r < 0)
		error_wrap(err, "%s", site->netns);
	else if (fresh)
		r = netns_pin(site->netns, site->rtnl, work->tolerant, err);
	return r;
}

static int load_nft(struct work *work, const struct site *site, bool late, struct error *err)
{
	int r = site->needs_nft ? apply_nft(work, site, err) : 0;

	/* Loading the rules has loaded connection tracking. Where it has not, there is nothing
	 * to time out. */
	if (r == 0 && late)
		r = sysctl_apply_conntrack(&site->settings->netns_, &late, err);
	if (r < 0)
		error_wrap(err, "%s", site->netns);
	return r;
}

static int do_site(struct work *work, struct site *site, struct error *err)
{
	bool late = false;
	int r = enter(work, site, &late, err);

	return r < 0 ? r : load_nft(work, site, late, err);
}

static void crew_fail(struct crew *crew, int r, const struct error *err)
{
	pthread_mutex_lock(&crew->lock);
	if (crew->r == 0) {
		crew->r = r;
		if (crew->err)
			*crew->err = *err;
	}
	pthread_mutex_unlock(&crew->lock);
	crew->failed = true;
}

static void *crew_member(void *arg)
{
	struct crew *crew = arg;
	struct work *work = crew->work;
	size_t i;

	while (!crew->failed && (i = crew->next++) < work->n_site) {
		struct site *site = &work->site[i];
		struct error err = { 0 };
		int r = 0;

		if (!site->is_gone && (site->settings || site->needs_rtnl || site->needs_nft))
			r = do_site(work, site, &err);
		if (r < 0)
			crew_fail(crew, r, &err);
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
	struct crew crew = { .work = work, .lock = PTHREAD_MUTEX_INITIALIZER, .err = err };
	pthread_t thread[THREADS];
	size_t wanted = count_cpus() < THREADS || work->n_site < 4 ? 1 : THREADS;
	size_t n_thread = 0;
	int r = 0;

	if (!work->n_site)
		return 0;
	while (n_thread < wanted &&
	       (r = pthread_create(&thread[n_thread], NULL, crew_member, &crew)) == 0)
		n_thread++;
	for (size_t i = 0; i < n_thread; i++)
		pthread_join(thread[i], NULL);
	if (n_thread == 0)
		return error_set(err, -r, "cannot start a thread: %s", strerror(r));
	return crew.r;
}
