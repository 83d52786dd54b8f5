/* eni, and what an instance's own interface has in common with it. */
#include <string.h>

#include "core/memory.h"
#include "lab/aws_rules.h"
#include "lab/pool.h"
#include "lab/profile.h"

static const char *const switches[] = { "off", "on", NULL };

struct eni *aws_eni_make(struct model *m, struct eni_request *request, const char *name, bool primary)
{
	struct eni *eni = eni_make(m, request, name, primary);

	eni->source_dest_check = true; /* EC2's default; cloud-semantics 7 */
	return eni;
}

int aws_eni_change(struct model *m, struct eni *eni, struct names groups, const char *source_dest_check, struct error *err)
{
	struct security_group **group = NULL;
	unsigned check = 0;
	size_t n = 0;
	int r;

	if (groups.n_name == 0 && !source_dest_check)
		return error_refuse(err, "MissingParameter", NULL, "nothing to set: security-group or source-dest-check");
	r = rule_choice(source_dest_check, switches, eni->source_dest_check, "InvalidParameterValue", "source-dest-check", &check,
			err);
	if (r == 0 && groups.n_name)
		r = eni_choose_groups(m, eni->vswitch->vpc, eni, groups, eni->primary, &group, &n, err);
	if (r < 0)
		return r;
	if (group)
		eni_put_groups(m, eni, group, n);
	eni->source_dest_check = check == 1;
	model_touch(m);
	return 0;
}

int aws_eni_create(struct model *m, const char *name, const char *subnet, const char *ip, struct names security_groups,
		   struct error *err)
{
	struct eni_request request;
	int r;

	r = model_check_new_name(m, NOUN_ENI, name, err);
	if (r == 0)
		r = eni_request(m, subnet, ip, security_groups, false, &request, err);
	if (r < 0)
		return r;
	aws_eni_make(m, &request, name, false);
	return 0;
}

/* The first free place behind the primary one. */
static unsigned free_slot(const struct ecs *instance)
{
	unsigned i = 1;

	while (i < instance->n_eni && instance->eni[i])
		i++;
	return i;
}

static int check_attach(const struct model *m, const struct eni *eni, const struct ecs *instance, struct error *err)
{
	const struct vswitch *home = instance->eni[0]->vswitch;
	int r;

	if (eni->ecs) {
		r = error_refuse(err, "InvalidNetworkInterface.InUse", NULL, "%s is attached to %s already", eni->resource.name,
				 eni->ecs->resource.name);
		error_hint(err, "eni detach %s", eni->resource.name);
		return r;
	}
	/* AttachNetworkInterface: the code for another zone; for another VPC it is the likeliest. */
	if (eni->vswitch->vpc != home->vpc)
		return error_refuse(err, "InvalidParameterCombination", "instance", "%s is in %s, but %s is in %s",
				    eni->resource.name, eni->vswitch->vpc->resource.name, instance->resource.name,
				    home->vpc->resource.name);
	if (strcmp(eni->vswitch->zone, home->zone) != 0)
		return error_refuse(err, "InvalidParameterCombination", "instance", "%s is in %s, but %s is in %s",
				    eni->resource.name, eni->vswitch->zone, instance->resource.name, home->zone);
	if (free_slot(instance) >= m->profile->enis_per_ecs)
		return error_refuse(err, "AttachmentLimitExceeded", "instance", "%s has its %u interfaces already",
				    instance->resource.name, m->profile->enis_per_ecs);
	return 0;
}

int aws_eni_attach(struct model *m, const char *name, const char *instance_name, struct error *err)
{
	struct ecs *instance;
	struct eni *eni;
	int r;

	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r == 0)
		r = rule_find(m, NOUN_ECS, instance_name, "instance", &instance, err);
	if (r == 0)
		r = check_attach(m, eni, instance, err);
	if (r < 0)
		return r;
	eni->ecs = instance;
	eni->index = free_slot(instance);
	if (eni->index == instance->n_eni)
		*ARRAY_PUSH(instance->eni, instance->n_eni) = eni;
	else
		instance->eni[eni->index] = eni;
	model_touch(m);
	return 0;
}

int aws_eni_detach(struct model *m, const char *name, struct error *err)
{
	struct eni *eni;
	int r;

	/* The list of errors names this very case. The primary ENI has no name of its own, so the instance gets named. */
	if (model_find_noun(m, NOUNS(NOUN_ECS), name))
		return error_refuse(err, "OperationNotPermitted", NULL,
				    "%s is an instance, and its primary ENI cannot be detached", name);
	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r < 0)
		return r;
	if (!eni->ecs)
		return error_refuse(err, "InvalidAttachmentID.NotFound", NULL, "%s is not attached", name);
	ecs_drop_eni(eni->ecs, eni);
	model_touch(m);
	return 0;
}

int aws_eni_set(struct model *m, const char *name, struct names security_groups, const char *source_dest_check, struct error *err)
{
	struct eni *eni;
	int r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);

	return r < 0 ? r : aws_eni_change(m, eni, security_groups, source_dest_check, err);
}

int aws_eni_delete(struct model *m, const char *name, struct error *err)
{
	struct eni *eni;
	int r;

	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r < 0)
		return r;
	if (eni->ecs) {
		r = error_refuse(err, "InvalidNetworkInterface.InUse", NULL, "%s is attached to %s", name,
				 eni->ecs->resource.name);
		error_hint(err, "eni detach %s", name);
		return r;
	}
	aws_lose_routes(m, &eni->resource);
	eni_dissolve(m, eni);
	model_remove(m, &eni->resource);
	return 0;
}
