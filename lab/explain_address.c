#include "lab/compile_parts.h"
#include "lab/explain_parts.h"
#include "lab/pool.h"

/* Why nobody answers at an address. */

static const char *vswitch_cause(struct walk *walk, const struct vswitch *vswitch, uint32_t to)
{
	const struct eni *eni = model_eni_by_ip(walk->model, vswitch->vpc, to);
	const struct resource *holder = model_holder(walk->model, vswitch->vpc, to);
	const char *name = vswitch->resource.name;
	char address[ADDRESS_TEXT_SIZE];

	address_format(to, address);
	if (eni)
		return TEXT(walk, "%s has the address %s, but is attached to no %s", eni->resource.name, address,
			    model_noun_title(walk->model, NOUN_ECS));
	if (holder && holder->noun == NOUN_NAT_GATEWAY)
		return TEXT(walk, "%s is the private address of %s, and a NAT gateway takes no packets for itself", address,
			    holder->name);
	if (holder)
		return TEXT(walk, "%s is what %s holds in %s, and nobody answers there", address, holder->name, name);
	if (pool_is_reserved(vswitch, to))
		return TEXT(walk, "%s is reserved by the cloud in %s, and nobody answers there", address, name);
	return TEXT(walk, "nobody in %s holds the address %s", name, address);
}

void explain_address_cause(struct walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct vswitch *vswitch = walk->end.kind == NODE_VSWITCH ? walk->end.of : NULL;
	const struct eni *eni;
	char address[ADDRESS_TEXT_SIZE];

	address_format(to, address);
	if (walk->end.kind == NODE_ECS && walk->source)
		vswitch = walk->source->vswitch;
	if (walk->packet.source == ROUTER_ADDRESS && walk->sender.kind != NODE_VPC) {
		walk->x->cause =
			TEXT(walk, "%s has no address of its own that anybody could answer to", node_name(walk, walk->sender));
	} else if (vswitch) {
		walk->x->cause = vswitch_cause(walk, vswitch, to);
		eni = model_eni_by_ip(walk->model, vswitch->vpc, to);
		if (eni)
			cure_detached(walk, eni);
	} else if (walk->end.kind == NODE_NAT && walk->sender.kind == NODE_NAT && walk->sender.of == walk->end.of) {
		walk->x->cause = TEXT(walk, "%s is a gateway: it passes packets on and takes none for itself", walk->x->hop);
	} else if (walk->end.kind == NODE_INTERNET && !address_is_public(to)) {
		walk->x->cause = TEXT(walk, "%s is a private address, which nobody on the internet has", address);
	} else if (walk->end.kind == NODE_INTERNET) {
		walk->x->cause = TEXT(walk, "nobody on the internet has the address %s", address);
	} else {
		walk->x->cause = TEXT(walk, "nobody has the address %s", address);
	}
}
