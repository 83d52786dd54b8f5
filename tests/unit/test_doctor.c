/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include <stdlib.h>

#include "core/doctor/features.h"
#include "core/state/wanted.h"

struct tried {
	unsigned statement, field, object; /* a bit each */
	bool dynamic_set, fwmark, blackhole;
};

static void note_statement(struct tried *tried, const struct nft_statement *statement)
{
	tried->statement |= 1u << statement->kind;
	if (statement->kind == NFT_MATCH)
		tried->field |= 1u << statement->match.field;
	if (statement->kind == NFT_CT_COUNT_OVER) /* numbers of shards are in keys only */
		for (unsigned i = 0; i < statement->lookup.n_key; i++)
			tried->field |= 1u << statement->lookup.key[i];
}

static void note_object(struct tried *tried, const struct object *object)
{
	tried->object |= 1u << object->kind;
	if (object->kind == OBJECT_NFT_SET)
		tried->dynamic_set |= object->set.dynamic;
	if (object->kind == OBJECT_RULE)
		tried->fwmark |= object->rule.mark != 0;
	if (object->kind == OBJECT_ROUTE)
		tried->blackhole |= object->route.type == ROUTE_BLACKHOLE;
	if (object->kind != OBJECT_NFT_CHAIN)
		return;
	for (size_t i = 0; i < object->chain.n_rule; i++)
		for (size_t k = 0; k < object->chain.rule[i].n_statement; k++)
			note_statement(tried, &object->chain.rule[i].statement[k]);
}

/* A kind of rule that labs are built of and doctor leaves out would fail on a machine that doctor
 * calls fit. */
TEST(doctor_tries_whatever_a_lab_can_be_built_of)
{
	struct tried tried = { 0 };

	for (const struct doctor_feature *feature = doctor_features; feature->name; feature++) {
		struct wanted *wanted = doctor_wanted(feature);

		for (size_t k = 0; k < wanted->n_object; k++)
			note_object(&tried, &wanted->object[k]);
		wanted_free(wanted);
		free(wanted);
	}
	for (unsigned kind = NFT_MATCH; kind <= NFT_VERDICT; kind++)
		if (!(tried.statement & 1u << kind))
			test_fail("no statement of kind %u", kind);
	for (unsigned field = 0; field < NFT_FIELD_COUNT; field++)
		if (!(tried.field & 1u << field))
			test_fail("no comparison of field %u", field);
	CHECK(tried.object & 1u << OBJECT_VETH);
	CHECK(tried.dynamic_set);
	CHECK(tried.fwmark);
	CHECK(tried.blackhole);
}
