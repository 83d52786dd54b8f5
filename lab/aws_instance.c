#include <string.h>

#include "core/memory.h"
#include "lab/aws_rules.h"
#include "lab/pool.h"

int aws_instance_create(struct model *m, const char *name, const struct aws_instance_options *options, struct error *err)
{
	const char *public_text = options->public_ip;
	struct eni_request request;
	uint32_t public_ip = 0;
	struct ecs *instance;
	int r;

	r = model_check_new_name(m, NOUN_ECS, name, err);
	if (r == 0)
		r = eni_request(m, options->subnet, options->ip, options->security_groups, true, &request, err);
	if (r < 0)
		return r;
	/* No internet gateway is needed for that; without one the address is of no use (cloud-semantics 10). */
	if (public_text)
		r = pool_choose_public(m, strcmp(public_text, "auto") == 0 ? NULL : public_text, "public-ip", &public_ip, err);
	if (r < 0) {
		eni_request_free(&request);
		return r;
	}

	instance = xnew(struct ecs);
	instance->public_ip = public_ip;
	model_add(m, &instance->resource, NOUN_ECS, name);
	*ARRAY_PUSH(instance->eni, instance->n_eni) = aws_eni_make(m, &request, name, true);
	instance->eni[0]->ecs = instance;
	if (public_ip)
		model_hold(m, NULL, public_ip, &instance->resource);
	return 0;
}

int aws_instance_set(struct model *m, const char *name, struct names security_groups, const char *source_dest_check,
		     struct error *err)
{
	struct ecs *instance;
	int r = rule_find(m, NOUN_ECS, name, NULL, &instance, err);

	return r < 0 ? r : aws_eni_change(m, instance->eni[0], security_groups, source_dest_check, err);
}

/* TerminateInstances: nothing stands in its way. Its EIP is free again, other ENIs stay, routes to it are blackholes. */
int aws_instance_delete(struct model *m, const char *name, struct error *err)
{
	struct ecs *instance;
	int r;

	r = rule_find(m, NOUN_ECS, name, NULL, &instance, err);
	if (r < 0)
		return r;
	service_remove_all(m, &instance->resource);
	for (size_t i = instance->n_eni; i-- > 1;)
		if (instance->eni[i])
			ecs_drop_eni(instance, instance->eni[i]);
	aws_lose_routes(m, &instance->resource);
	eni_dissolve(m, instance->eni[0]);
	if (instance->public_ip)
		pool_release_public(m, instance->public_ip);
	model_remove(m, &instance->resource);
	return 0;
}
