#include "lab/gateway_counters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/nft_read.h"
#include "lab/compile.h"

struct work {
	const char *netns;
	bool has_size; /* AWS's have none */
	struct gateway_counters *counters; /* shared with the child */
};

static int read_connections(uint64_t *ret)
{
	auto_file FILE *file = fopen("/proc/sys/net/netfilter/nf_conntrack_count", "re");
	char line[32], *end;

	if (!file)
		return -errno;
	if (!fgets(line, sizeof(line), file))
		return -EIO;
	*ret = strtoull(line, &end, 10);
	return end == line ? -EIO : 0;
}

static int read_inside(void *arg, struct error *err)
{
	const struct work *work = arg;
	struct gateway_counters *counters = work->counters;
	int r = netns_enter(work->netns, err);

	if (r == 0 && work->has_size)
		r = nft_read_counters(SIZE_LIMIT_CHAIN, &counters->dropped_by_limit, err);
	if (r == 0)
		r = nft_read_counters(PORT_LIMIT_CHAIN, &counters->port_allocation_errors, err);
	if (r == 0)
		r = read_connections(&counters->connections);
	counters->known = r == 0;
	return r;
}

void gateway_counters_read(const struct lab *lab, const struct nat_gateway *nat, struct gateway_counters *ret)
{
	struct work work = { .netns = nat->resource.name,
			     .has_size = nat->type == NAT_ENHANCED || nat->type == NAT_STANDARD };
	struct error err = { 0 };

	memset(ret, 0, sizeof(*ret));
	if (lab->model_only || lab->world.keeper < 0)
		return;
	work.counters = world_shared(sizeof(*work.counters));
	if (!work.counters)
		return;
	/* What cannot be read is not known: a gateway that waits for being built, or a lab that ends meanwhile. */
	if (world_call(&lab->world, read_inside, &work, &err) == 0)
		*ret = *work.counters;
	world_shared_free(work.counters, sizeof(*work.counters));
}
