/* Resources by name. Each code is that of the *ID.NotFound family that belongs to the noun. */
#include "lab/aws_rules.h"

int aws_find_vpc(const struct model *m, const char *name, const char *argument, struct vpc **ret, struct error *err)
{
	return rule_find(m, NOUN_VPC, name, "InvalidVpcID.NotFound", argument, ret, err);
}

int aws_find_subnet(const struct model *m, const char *name, const char *argument, struct vswitch **ret, struct error *err)
{
	return rule_find(m, NOUN_VSWITCH, name, "InvalidSubnetID.NotFound", argument, ret, err);
}

int aws_find_instance(const struct model *m, const char *name, const char *argument, struct ecs **ret, struct error *err)
{
	return rule_find(m, NOUN_ECS, name, "InvalidInstanceID.NotFound", argument, ret, err);
}

int aws_find_eni(const struct model *m, const char *name, const char *argument, struct eni **ret, struct error *err)
{
	return rule_find(m, NOUN_ENI, name, "InvalidNetworkInterfaceID.NotFound", argument, ret, err);
}

int aws_find_route_table(const struct model *m, const char *name, const char *argument, struct route_table **ret,
			 struct error *err)
{
	return rule_find(m, NOUN_ROUTE_TABLE, name, "InvalidRouteTableID.NotFound", argument, ret, err);
}

int aws_find_eip(const struct model *m, const char *name, const char *argument, struct eip **ret, struct error *err)
{
	return rule_find(m, NOUN_EIP, name, "InvalidAllocationID.NotFound", argument, ret, err);
}

int aws_refuse_used(const struct model *m, const struct resource *resource, const struct resource *user, const char *verb,
		    struct error *err)
{
	/* A primary ENI is its instance to the user. */
	enum noun noun = user->noun == NOUN_ENI && ((const struct eni *)user)->primary ? NOUN_ECS : user->noun;
	int r = error_refuse(err, "DependencyViolation", NULL, "%s still has the %s %s", resource->name,
			     model_noun_title(m, noun), user->name);

	error_hint(err, "%s %s %s", model_noun_word(m, noun), verb, user->name);
	return r;
}
