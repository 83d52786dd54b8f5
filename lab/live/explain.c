/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/explain.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/live/guests.h"
#include "lab/live/usage.h"

/* ---- what the kernel knows ---- */

static const struct resource *host_named(const struct model *model, const char *name)
{
	return model_find_noun(model, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), name);
}

/* What has been read, and what a file's lines say. */
struct explain_index *explainer_index(const struct explainer *explainer, const struct model *model)
{
	struct explain_index *index = explain_index_new(model);
	const struct guests *guests = &explainer->guests;
	const struct lab *lab = explainer->lab;
	const struct resource *host;

	explain_index_set_usage(index, &explainer->usage);
	for (size_t i = 0; i < guests->n; i++)
		if ((host = host_named(model, guests->one[i].netns)))
			explain_index_set_host(index, host, &guests->one[i].guest);
	for (size_t i = 0; i < lab->n_line; i++)
		if ((host = host_named(model, lab->line[i].node)))
			(void)explain_index_change_host(index, host, lab->line[i].argv);
	return index;
}

static void read_hosts(struct explainer *explainer, struct explain_index *index,
		       const struct model *model, const char *const *name, size_t n_name)
{
	struct guests more;

	guests_read(explainer->lab, name, n_name, &more);
	for (size_t i = 0; i < n_name; i++) {
		const struct resource *host = host_named(model, name[i]);

		if (host)
			explain_index_set_host(index, host, guests_find(&more, name[i]));
	}
	guests_merge(&explainer->guests, &more);
}

void explainer_explain(struct explainer *explainer, struct explain_index *index,
		       const struct flow *flow, struct explanation *ret_explanation)
{
	for (;;) {
		auto_free const char **name = NULL;
		size_t n = 0;

		explain(index, flow, ret_explanation);
		explain_index_unknown(index, &name, &n);
		if (n == 0)
			break;
		read_hosts(explainer, index, explain_index_model(index), name, n);
		explanation_free(ret_explanation);
	}
	/* Nothing has run yet in what is not built. */
	if (explainer->lab->sandbox.keeper < 0 && !explainer->lab->model_only)
		ret_explanation->n_assumed = 0;
}

void explainer_begin(struct explainer *explainer, const struct lab *lab)
{
	*explainer = (struct explainer){ .lab = lab };
	usage_read(lab, &explainer->usage);
	explainer->index = explainer_index(explainer, lab->model);
}

void explainer_end(struct explainer *explainer)
{
	explain_index_free(explainer->index);
	usage_free(&explainer->usage);
	guests_free(&explainer->guests);
}

void explainer_read(struct explainer *explainer, const struct flow *flow, size_t n_flow)
{
	static const enum noun nouns[] = { NOUN_ECS, NOUN_INTERNET_HOST };
	const struct model *model = explainer->lab->model;
	auto_free const char **name = NULL;
	size_t n = 0;

	for (size_t i = 0; i < n_flow; i++) {
		struct explanation x;

		explainer_explain(explainer, explainer->index, &flow[i], &x);
		explanation_free(&x);
	}
	for (size_t k = 0; k < ARRAY_SIZE(nouns) && !n_flow; k++)
		for (size_t i = 0; i < model_count(model, nouns[k]); i++)
			*ARRAY_PUSH(name, n) =
				((const struct resource *)model_get(model, nouns[k], i))->name;
	if (n)
		read_hosts(explainer, explainer->index, model, name, n);
}

void explain_in_lab(const struct lab *lab, const struct flow *flow,
		    struct explanation *ret_explanation)
{
	struct explainer explainer;

	explainer_begin(&explainer, lab);
	explainer_explain(&explainer, explainer.index, flow, ret_explanation);
	explainer_end(&explainer);
}
