#include "core/memory.h"
#include "lab/commands.h"
#include "lab/profile.h"
#include "lab/rules.h"

#define DEFAULT_ZONE "zone-a" /* where no zone is said, all share one */

/* cloud-semantics 1: SDKV:CreateVSwitch; inside the VPC, /16 to /29, no overlap, no custom route in it. */
static int check_cidr(const struct model *m, const struct vpc *vpc, const char *text, struct prefix *ret_cidr, struct error *err)
{
	char vpc_cidr[PREFIX_TEXT_SIZE], other_cidr[PREFIX_TEXT_SIZE];
	int r = rule_prefix(text, false, "InvalidCidrBlock.Malformed", "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	if (ret_cidr->length < 16 || ret_cidr->length > 29)
		return error_refuse(err, "InvalidCirdrBlock.MaskLength", "cidr", "the mask of a vSwitch is /16 to /29, not /%u",
				    ret_cidr->length);
	if (!prefix_covers(vpc->cidr, *ret_cidr)) {
		prefix_format(vpc->cidr, vpc_cidr);
		return error_refuse(err, "InvalidParameter", "cidr", "%s is not inside %s (%s)", text, vpc->resource.name,
				    vpc_cidr);
	}
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *other = model_get(m, NOUN_VSWITCH, i);

		if (other->vpc != vpc || !prefix_overlaps(other->cidr, *ret_cidr))
			continue;
		return error_refuse(err, "InvalidCidrBlock.Overlapped", "cidr", "%s overlaps %s (%s)", text, other->resource.name,
				    prefix_format(other->cidr, other_cidr));
	}
	for (size_t i = 0; i < model_count(m, NOUN_ROUTE); i++) {
		const struct route *route = model_get(m, NOUN_ROUTE, i);

		if (route->table->vpc != vpc || !prefix_covers(*ret_cidr, route->to))
			continue;
		r = error_refuse(err, "InvalidCidrBlock.Overlapped", "cidr", "%s holds the destination of %s (%s)", text,
				 route->resource.name, prefix_format(route->to, other_cidr));
		error_hint(err, "route delete %s", route->resource.name);
		return r;
	}
	return 0;
}

int vswitch_create(struct model *m, const char *name, const char *vpc_name, const char *cidr, const char *zone, struct error *err)
{
	struct vswitch *vswitch;
	struct vpc *vpc;
	struct prefix prefix;
	unsigned count = 0;
	int r;

	r = model_check_new_name(m, NOUN_VSWITCH, name, err);
	if (r < 0)
		return r;
	r = rule_find(m, NOUN_VPC, vpc_name, "InvalidVpcId.NotFound", "vpc", &vpc, err);
	if (r < 0)
		return r;
	r = check_cidr(m, vpc, cidr, &prefix, err);
	if (r < 0)
		return r;
	r = rule_zone(zone, "InvalidZoneId.NotFound", err);
	if (r < 0)
		return r;
	/* cloud-semantics 1: V:使用限制 */
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++)
		count += ((const struct vswitch *)model_get(m, NOUN_VSWITCH, i))->vpc == vpc;
	if (count >= m->profile->vswitches_per_vpc)
		return error_refuse(err, "QuotaExceeded.VSwitch", "vpc", "%s has its %u vSwitches already", vpc_name, count);

	vswitch = xnew(struct vswitch);
	vswitch->vpc = vpc;
	vswitch->cidr = prefix;
	/* cloud-semantics 1: the first address and the last three are reserved; the router is the third-last. */
	vswitch->gateway = prefix_last(prefix) - 2;
	vswitch->first_usable = prefix.address + 1;
	vswitch->last_usable = prefix_last(prefix) - 3;
	vswitch->zone = xstrdup(zone ? zone : DEFAULT_ZONE);
	vswitch->table = vpc->system_table;
	model_add(m, &vswitch->resource, NOUN_VSWITCH, name);
	return 0;
}

/* What keeps a vSwitch from being deleted, apart from interfaces; NULL: nothing. */
static const struct resource *user_of(const struct model *m, const struct vswitch *vswitch, const char **ret_code)
{
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		struct snat *snat = model_get(m, NOUN_SNAT, i);

		*ret_code = "DependencyViolation.SnatEntry";
		if (snat->source == &vswitch->resource)
			return &snat->resource;
	}
	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++) {
		struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, i);

		*ret_code = "DependencyViolation.EnhancedNatgw";
		if (nat->vswitch == vswitch)
			return &nat->resource;
	}
	return NULL;
}

int vswitch_delete(struct model *m, const char *name, struct error *err)
{
	const struct resource *user;
	const struct eni *eni;
	struct vswitch *vswitch;
	const char *code = NULL;
	size_t cursor = 0;
	int r;

	r = rule_find(m, NOUN_VSWITCH, name, "InvalidVSwitchId.NotFound", NULL, &vswitch, err);
	if (r < 0)
		return r;
	/* cloud-semantics 1 and 12, vSwitch delete: in this order. */
	while ((eni = model_next_eni(m, &cursor))) {
		if (eni->vswitch != vswitch)
			continue;
		r = error_refuse(err, "DependencyViolation", NULL, "the %s %s is still in %s",
				 noun_title(eni->primary ? NOUN_ECS : NOUN_ENI), eni->resource.name, name);
		if (eni->primary || !eni->ecs)
			error_hint(err, "%s delete %s", noun_word(eni->primary ? NOUN_ECS : NOUN_ENI), eni->resource.name);
		else
			error_hint(err, "eni detach %s, then: eni delete %s", eni->resource.name, eni->resource.name);
		return r;
	}
	user = user_of(m, vswitch, &code);
	if (user) {
		r = error_refuse(err, code, NULL, "the %s %s still uses %s", noun_title(user->noun), user->name, name);
		error_hint(err, "%s delete %s", noun_word(user->noun), user->name);
		return r;
	}
	if (!vswitch->table->system) {
		r = error_refuse(err, "DependencyViolation.RouteTable", NULL, "%s is still associated with the route table %s",
				 name, vswitch->table->resource.name);
		error_hint(err, "route-table disassociate %s vswitch %s", vswitch->table->resource.name, name);
		return r;
	}
	if (vswitch->acl) {
		r = error_refuse(err, "DependencyViolation.NetworkAcl", NULL, "%s is still associated with the network ACL %s",
				 name, vswitch->acl->resource.name);
		error_hint(err, "acl disassociate %s vswitch %s", vswitch->acl->resource.name, name);
		return r;
	}
	model_remove(m, &vswitch->resource);
	return 0;
}
