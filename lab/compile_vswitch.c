#include "lab/compile_parts.h"
#include "lab/profile.h"

/*
 * A vSwitch is a router with one port an ENI, not a bridge: that is how clouds do it (no broadcast between guests), and it
 * lets a security group be what it is there, a filter outside the guest that also stands between two guests of one vSwitch.
 */
void compile_vswitch(const struct compiler *c, const struct vswitch *vswitch)
{
	const char *netns = vswitch->resource.name;
	char link[LINK_NAME_SIZE], guest_link[LINK_NAME_SIZE];
	size_t cursor = 0;

	want_netns(c, netns, NETNS_ROUTER)->netns_.tcp_established_timeout = c->model->profile->session_idle;
	want_address(c, netns, "lo", vswitch_gateway(vswitch), 32);
	want_blackhole(c, netns, TABLE_MAIN, vswitch->cidr); /* addresses that nobody holds */
	want_route_via(c, netns, TABLE_MAIN, DEFAULT_ROUTE, link_name(&vswitch->vpc->resource, link), NEXT_HOP, true);

	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));) {
		if (eni->vswitch != vswitch || !eni->ecs)
			continue;
		link_name(&eni->resource, link);
		want_veth(c, netns, link, eni->ecs->resource.name, eni_guest_link(eni, guest_link), eni->resource.id, LINK_GUEST);
		want_route(c, netns, TABLE_MAIN, HOST_PREFIX(eni->ip), link);
	}
}
