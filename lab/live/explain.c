/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/explain.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/live/guests.h"
#include "lab/live/usage.h"
#include "lab/nouns/replay.h"

enum { ROUNDS_MAX = 8 };

/* ---- what the kernel knows ---- */

static const struct resource *host_named(const struct model *model, const char *name)
{
	return model_find_noun(model, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), name);
}

/* What has been read, and what a file's lines say. */
static void tell(const struct explainer *explainer, struct explain_index *index,
		 const struct model *model)
{
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

/* Explain, and read the hosts that it came by, until there is none that was not read. */
static void explain_knowing(struct explainer *explainer, struct explain_index *index,
			    const struct model *model, const struct flow *flow,
			    struct explanation *ret_explanation)
{
	for (;;) {
		auto_free const char **name = NULL;
		size_t n = 0;

		explain(index, flow, ret_explanation);
		explain_index_unknown(index, &name, &n);
		if (n == 0)
			break;
		read_hosts(explainer, index, model, name, n);
		explanation_free(ret_explanation);
	}
	/* Nothing has run yet in what is not built. */
	if (explainer->lab->sandbox.keeper < 0 && !explainer->lab->model_only)
		ret_explanation->n_assumed = 0;
}

void explainer_begin(struct explainer *explainer, const struct lab *lab)
{
	*explainer = (struct explainer){ .lab = lab, .index = explain_index_new(lab->model) };
	usage_read(lab, &explainer->usage);
	tell(explainer, explainer->index, lab->model);
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

		explain_knowing(explainer, explainer->index, model, &flow[i], &x);
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
	explain_knowing(&explainer, explainer.index, lab->model, flow, ret_explanation);
	explainer_end(&explainer);
}

/* ---- the proof of a remedy ---- */

/* The host that a command is for; NULL: it is the cloud's. *ret_argv: what runs there, in *copy. */
static const struct resource *split(const struct model *model, char *copy, char *argv[static 16])
{
	size_t n = 0;

	for (char *word; n < 15 && (word = strsep(&copy, " "));)
		argv[n++] = word;
	argv[n] = NULL;
	return host_named(model, argv[0]);
}

/* The remedy's commands from *tried on. False: one of them is refused, and it and the rest are left
 * out. */
static bool try_remedy(struct model *model, struct explanation *x, size_t *tried)
{
	struct error refusal = { 0 };
	char *argv[16];

	for (; *tried < x->n_remedy; (*tried)++) {
		auto_free char *copy = xstrdup(x->remedy[*tried]);

		if (!split(model, copy, argv) &&
		    replay_change(model, x->remedy[*tried], &refusal) < 0) {
			x->n_remedy = *tried;
			return false;
		}
	}
	return true;
}

/* Explain with the remedy carried out. True: it has commands whose effect nobody can foretell. */
static bool explain_cured(struct explainer *explainer, const struct model *model,
			  const struct explanation *x, struct explanation *ret_explanation)
{
	struct explain_index *index = explain_index_new(model);
	bool doubt = false;
	char *argv[16];

	tell(explainer, index, model);
	for (size_t i = 0; i < x->n_remedy; i++) {
		auto_free char *copy = xstrdup(x->remedy[i]);
		const struct resource *host = split(model, copy, argv);

		doubt = doubt || (host && explain_index_change_host(index, host, argv + 1) < 0);
	}
	for (size_t i = 0; i < model_count(model, NOUN_SERVICE); i++) {
		const struct service *service = model_get(model, NOUN_SERVICE, i);

		if (service->resource.id >= explainer->lab->model->next_id)
			explain_index_add_service(index, service);
	}
	explain_knowing(explainer, index, model, &x->flow, ret_explanation);
	explain_index_free(index);
	return doubt;
}

static void add_remedy(struct explanation *x, const struct explanation *more)
{
	for (size_t i = 0; i < more->n_remedy && x->n_remedy < EXPLAIN_REMEDIES_MAX; i++)
		x->remedy[x->n_remedy++] = arena_strdup(&x->arena, more->remedy[i]);
}

/* Take the copy. */
static void prove_remedy(struct explainer *explainer, struct model *copy, struct explanation *x)
{
	struct explanation *next = xnew(struct explanation);
	bool accepted = true, through = false;
	size_t tried = 0;

	for (int round = 0; round < ROUNDS_MAX && accepted && !through; round++) {
		add_remedy(x, next);
		explanation_free(next);
		accepted = try_remedy(copy, x, &tried);
		through = explain_cured(explainer, copy, x, next) || next->reachable;
		if (!next->n_remedy)
			break;
	}
	x->still = next;
	x->still_model = copy;
	if (through)
		explanation_forget_still(x);
}

void explain_with_remedy(const struct lab *lab, const struct flow *flow,
			 struct explanation *ret_explanation)
{
	struct explainer explainer;
	struct model *copy;

	explainer_begin(&explainer, lab);
	explain_knowing(&explainer, explainer.index, lab->model, flow, ret_explanation);
	copy = ret_explanation->n_remedy ? model_copy(lab->model) : NULL;
	if (copy)
		prove_remedy(&explainer, copy, ret_explanation);
	explainer_end(&explainer);
}
