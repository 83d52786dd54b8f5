#include "cli/nearest.h"

#include <stddef.h>
#include <string.h>

#include "core/text.h"

/* One slip in a short word, three in a long one; a slip in two letters leaves nothing to recognise. */
static unsigned slips_allowed(size_t length)
{
	return length <= 2 ? 0 : length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t length = strlen(nearest->typed);
	unsigned distance;

	if (strlen(candidate) >= sizeof(nearest->best))
		return;
	distance = text_distance(nearest->typed, candidate);
	/* Somebody stopped half way: "nat-gate". */
	if (length >= 3 && strncmp(nearest->typed, candidate, length) == 0 && distance > 1)
		distance = 1;
	if (distance > slips_allowed(length) || (nearest->best[0] && distance >= nearest->distance))
		return;
	strcpy(nearest->best, candidate);
	nearest->distance = distance;
}

void nearest_offer_choices(struct nearest *nearest, const char *choices)
{
	while (*choices) {
		size_t length = strcspn(choices, "|");
		char choice[sizeof(nearest->best)] = "";

		if (length < sizeof(choice)) {
			memcpy(choice, choices, length);
			nearest_offer(nearest, choice);
		}
		choices += length + (choices[length] == '|');
	}
}

void nearest_hint(const struct nearest *nearest, struct error *err)
{
	if (nearest->best[0])
		error_hint(err, "did you mean %s?", nearest->best);
}
