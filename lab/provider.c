/* `provider alibaba|aws`: a setting of the lab, and the lab's own rule. */
#include "lab/commands.h"
#include "lab/profile.h"
#include "lab/rules.h"

static const struct resource *any_resource(const struct model *m)
{
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		if (model_count(m, (enum noun)noun))
			return model_get(m, (enum noun)noun, 0);
	return NULL;
}

int provider_set(struct model *m, const char *word, struct error *err)
{
	static const char *const words[] = { "alibaba", "aws", NULL };
	const struct resource *resource;
	unsigned choice = PROVIDER_ALIBABA;
	int r;

	r = rule_given(word, "provider", err);
	if (r == 0)
		r = rule_choice(word, words, PROVIDER_ALIBABA, "InvalidParameter", "provider", &choice, err);
	if (r < 0)
		return r;
	resource = any_resource(m);
	if (resource) {
		r = error_refuse(err, "LabSetting.TooLate", "provider", "the provider is chosen before the first resource, and there is %s",
				 resource->name);
		error_hint(err, "write \"provider %s\" at the top of the file, or begin with an empty lab", word);
		return r;
	}
	m->provider = (enum provider)choice;
	m->profile = m->provider == PROVIDER_AWS ? &profile_aws : &profile_2021;
	model_touch(m);
	return 0;
}
