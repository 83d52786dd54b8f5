/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/rules.h"

/* SNAT and DNAT entries as the other nouns look for them, and each other. */

struct snat *snat_with_eip(const struct model *m, const struct eip *eip)
{
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		struct snat *snat = model_get(m, NOUN_SNAT, i);

		for (size_t k = 0; k < snat->n_eip; k++)
			if (snat->eip[k] == eip)
				return snat;
	}
	return NULL;
}

struct snat *snat_of_gateway(const struct model *m, const struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		struct snat *snat = model_get(m, NOUN_SNAT, i);

		if (snat->nat_gateway == nat)
			return snat;
	}
	return NULL;
}

struct dnat *dnat_with_eip(const struct model *m, const struct eip *eip)
{
	for (size_t i = 0; i < model_count(m, NOUN_DNAT); i++) {
		struct dnat *dnat = model_get(m, NOUN_DNAT, i);

		if (dnat->eip == eip)
			return dnat;
	}
	return NULL;
}

struct dnat *dnat_of_gateway(const struct model *m, const struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(m, NOUN_DNAT); i++) {
		struct dnat *dnat = model_get(m, NOUN_DNAT, i);

		if (dnat->nat_gateway == nat)
			return dnat;
	}
	return NULL;
}

struct dnat *dnat_to_address(const struct model *m, const struct vpc *vpc, uint32_t ip)
{
	for (size_t i = 0; i < model_count(m, NOUN_DNAT); i++) {
		struct dnat *dnat = model_get(m, NOUN_DNAT, i);

		if (dnat->nat_gateway->vpc == vpc && dnat->target_ip == ip)
			return dnat;
	}
	return NULL;
}
