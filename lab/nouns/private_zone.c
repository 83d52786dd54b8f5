/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/model/private_zone.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Private zones, bound to VPCs, and their records. cloud-semantics: dns-2, dns-3, dns-15, dns-16 */
static const struct zone_codes {
	const char *domain, *same_domain, *bound, *not_bound, *last, *in_use;
	const char *host, *value, *conflict;
} codes_of[PROVIDER_COUNT] = {
	/* Of a second zone of that name in a VPC, and of a wrong value, the likeliest. */
	[PROVIDER_ALIBABA] = {
		.domain = "Zone.Invalid.Name",
		.same_domain = "Zone.VpcExists",
		.bound = "Zone.VpcExists",
		.not_bound = "ZoneVpc.NotExists.VpcId",
		.in_use = "Zone.VpcExists",
		.host = "Record.Invalid.Rr",
		.value = "Record.Invalid.Value",
		.conflict = "Record.Invalid.Conflict",
	},
	[PROVIDER_AWS] = {
		.domain = "InvalidDomainName",
		.same_domain = "ConflictingDomainExists",
		.bound = "ConflictingDomainExists",
		.not_bound = "VPCAssociationNotFound",
		.last = "LastVPCAssociation",
		.in_use = "HostedZoneNotEmpty",
		.host = "InvalidChangeBatch",
		.value = "InvalidChangeBatch",
		.conflict = "InvalidChangeBatch",
	},
};

/* ---- zones ---- */

/* Can the VPC have one of that domain, besides the zone itself? */
static int check_vpc(const struct model *m, const char *domain, const struct vpc *vpc,
		     struct error *err)
{
	model_each_user(m, NOUN_PRIVATE_ZONE, vpc, const struct private_zone, other) {
		if (!text_equal_nocase(other->domain, domain))
			continue;
		error_refuse(err, codes_of[m->provider].same_domain, "vpc",
			     "%s has %s for %s already", vpc->resource.name, other->resource.name,
			     domain);
		return error_hint(err, "%s disassociate %s vpc %s",
				  model_noun_word(m, NOUN_PRIVATE_ZONE), other->resource.name,
				  vpc->resource.name);
	}
	return 0;
}

static int private_zone_create(struct model *m, void *request, struct error *err)
{
	struct private_zone *zone = request;
	const struct zone_codes *codes = &codes_of[m->provider];

	if (!is_dns_name(zone->domain)) {
		error_refuse(err, codes->domain, "domain", "%.140s is no DNS name", zone->domain);
		return error_hint(err, "letters, digits and '-', with dots between, as in "
				       "corp.example");
	}
	for (size_t i = 0; i < zone->n_vpc; i++) {
		if (check_vpc(m, zone->domain, zone->vpc[i], err) < 0)
			return -EINVAL;
		for (size_t k = 0; k < i; k++) {
			if (zone->vpc[k] != zone->vpc[i])
				continue;
			error_refuse(err, codes->bound, "vpc", "%s is named twice",
				     zone->vpc[i]->resource.name);
			return error_hint(err, "name it once");
		}
	}
	zone = model_make(m, NOUN_PRIVATE_ZONE, zone);
	zone->domain = xstrdup(zone->domain);
	zone->vpc = array_copy(zone->vpc, zone->n_vpc, sizeof(*zone->vpc));
	return 0;
}

struct zone_change {
	struct private_zone *zone;
	struct private_zone wanted;
};

static int private_zone_set(struct model *m, void *request, struct error *err)
{
	const struct zone_change *change = request;

	(void)err;
	change->zone->recursion = change->wanted.recursion;
	model_touch(m);
	return 0;
}

struct zone_scope {
	struct private_zone *zone;
	struct vpc *vpc;
};

static int private_zone_associate(struct model *m, void *request, struct error *err)
{
	const struct zone_scope *scope = request;
	struct private_zone *zone = scope->zone;

	if (zone_is_bound(zone, scope->vpc)) {
		error_refuse(err, codes_of[m->provider].bound, "vpc", "%s is bound to %s already",
			     zone->resource.name, scope->vpc->resource.name);
		return error_hint(err, "%s show", model_noun_word(m, NOUN_PRIVATE_ZONE));
	}
	if (check_vpc(m, zone->domain, scope->vpc, err) < 0)
		return -EINVAL;
	*ARRAY_PUSH(zone->vpc, zone->n_vpc) = scope->vpc;
	model_touch(m);
	return 0;
}

static void unbind(struct model *m, struct private_zone *zone, const struct vpc *vpc)
{
	for (size_t i = zone->n_vpc; i-- > 0;)
		if (zone->vpc[i] == vpc)
			ARRAY_REMOVE(zone->vpc, zone->n_vpc, i);
	model_touch(m);
}

static int private_zone_disassociate(struct model *m, void *request, struct error *err)
{
	const struct zone_scope *scope = request;
	const struct zone_codes *codes = &codes_of[m->provider];
	const char *name = scope->zone->resource.name, *vpc = scope->vpc->resource.name;

	if (!zone_is_bound(scope->zone, scope->vpc)) {
		error_refuse(err, codes->not_bound, "vpc", "%s is not bound to %s", name, vpc);
		return error_hint(err, "%s show", model_noun_word(m, NOUN_PRIVATE_ZONE));
	}
	if (codes->last && scope->zone->n_vpc == 1) {
		error_refuse(err, codes->last, "vpc",
			     "%s is the last VPC of %s, which would be a public one without", vpc,
			     name);
		return error_hint(err, "hosted-zone delete %s", name);
	}
	unbind(m, scope->zone, scope->vpc);
	return 0;
}

void private_zones_leave(struct model *m, const struct vpc *vpc)
{
	model_each(m, NOUN_PRIVATE_ZONE, struct private_zone, zone)
		unbind(m, zone, vpc);
}

static int private_zone_delete(struct model *m, void *request, struct error *err)
{
	struct private_zone *zone = ((struct subject *)request)->resource;
	const struct zone_record *record = model_user(m, NOUN_ZONE_RECORD, zone, NULL);
	const char *code = codes_of[m->provider].in_use, *name = zone->resource.name;

	if (m->provider == PROVIDER_AWS && record) {
		error_refuse(err, code, NULL, "%s still has the record %s", name,
			     record->resource.name);
		return error_hint(err, "record-set delete %s", record->resource.name);
	}
	if (m->provider == PROVIDER_ALIBABA && zone->n_vpc) {
		error_refuse(err, code, NULL, "%s is still bound to %s", name,
			     zone->vpc[0]->resource.name);
		return error_hint(err, "private-zone disassociate %s vpc %s", name,
				  zone->vpc[0]->resource.name);
	}
	model_remove_users(m, NOUN_ZONE_RECORD, zone);
	model_remove(m, &zone->resource);
	return 0;
}

/* ---- records ---- */

/* What may not stand beside it: an alias beside anything; AWS, which has several values in one
 * record: two of a name and type. */
static int check_conflict(const struct model *m, const struct zone_record *wanted,
			  struct error *err)
{
	model_each_user(m, NOUN_ZONE_RECORD, wanted->zone, const struct zone_record, other) {
		if (!text_equal_nocase(other->host, wanted->host) ||
		    (m->provider == PROVIDER_ALIBABA && other->type == RECORD_A &&
		     wanted->type == RECORD_A && strcmp(other->value, wanted->value) != 0))
			continue;
		error_refuse(err, codes_of[m->provider].conflict, "host",
			     "%s of %s has the record %s already", wanted->host,
			     wanted->zone->domain, other->resource.name);
		return error_hint(err, "%s delete %s", model_noun_word(m, NOUN_ZONE_RECORD),
				  other->resource.name);
	}
	return 0;
}

static int zone_record_create(struct model *m, void *request, struct error *err)
{
	struct zone_record *record = request;
	const struct zone_codes *codes = &codes_of[m->provider];
	const bool apex = strcmp(record->host, "@") == 0;
	char name[ZONE_NAME_SIZE];
	uint32_t address;

	if (!apex && !is_dns_name(zone_record_name(record, name))) {
		error_refuse(err, codes->host, "host", "%.140s is no name in %s", record->host,
			     record->zone->domain);
		return error_hint(err, "www, or @ for %s itself", record->zone->domain);
	}
	if (apex && record->type == RECORD_CNAME) {
		error_refuse(err, codes->conflict, "type",
			     "%s itself has the records of the zone, beside which no alias stands",
			     record->zone->domain);
		return error_hint(err, "type a value ADDRESS");
	}
	if (record->type == RECORD_A ? !address_parse(record->value, &address)
				     : !is_dns_name(record->value)) {
		error_refuse(err, codes->value, "value",
			     record->type == RECORD_A ? "%.140s is no address"
						      : "%.140s is no DNS name",
			     record->value);
		return error_hint(err, record->type == RECORD_A
					       ? "an address, or $NAME for that of a resource"
					       : "the whole name, as in www.example.com");
	}
	if (check_conflict(m, record, err) < 0)
		return -EINVAL;
	record = model_make(m, NOUN_ZONE_RECORD, record);
	record->host = xstrdup(record->host);
	record->value = xstrdup(record->value);
	return 0;
}

static int zone_record_delete(struct model *m, void *request, struct error *err)
{
	(void)err;
	model_remove(m, ((struct subject *)request)->resource);
	return 0;
}

#define CREATE(flags_, ...)                                                             \
	{                                                                               \
		NEW_NAME,                                                               \
			{ PARAMETER("domain", WORD, PARAMETER_KEY | PARAMETER_REQUIRED, \
				    "what its names end in, like corp.example"),        \
			  IN(struct private_zone, domain) },                            \
			{ .name = "vpc",                                                \
			  .kind = ARGUMENT_REFERENCES,                                  \
			  .flags = PARAMETER_KEY | (flags_),                            \
			  .nouns = NOUNS(NOUN_VPC),                                     \
			  .help = "where it answers",                                   \
			  IN_BOTH(struct private_zone, vpc, n_vpc) },                   \
			__VA_ARGS__                                                     \
	}
#define RECURSION(help_) \
	KEY_SWITCH("subdomain-recursion", "on: what it does not have is looked up publicly" help_)
#define SCOPE                                                                     \
	{                                                                         \
		NAME_OF(NOUN_PRIVATE_ZONE),                                       \
		{                                                                 \
			KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "which VPC"), \
				IN(struct zone_scope, vpc)                        \
		}                                                                 \
	}
#define RECORD()                                                                            \
	{                                                                                   \
		NEW_NAME,                                                                   \
			{ KEY_OF("zone", NOUN_PRIVATE_ZONE, PARAMETER_REQUIRED, "whose"),   \
			  IN(struct zone_record, zone) },                                   \
			{ PARAMETER("host", WORD, PARAMETER_KEY | PARAMETER_REQUIRED,       \
				    "its name in the zone's domain; @: the domain itself"), \
			  IN(struct zone_record, host) },                                   \
			{ KEY_CHOICE("type", record_type_words,                             \
				     "an address, or an alias; a if not given"),            \
			  IN(struct zone_record, type) },                                   \
		{                                                                           \
			PARAMETER("value", WORD, PARAMETER_KEY | PARAMETER_REQUIRED,        \
				  "the address, or the name that it stands for"),           \
				IN(struct zone_record, value)                               \
		}                                                                           \
	}

const struct command private_zone_rows[] = {
	{
		.words = "private-zone create",
		.parameter = CREATE(
			0, { RECURSION("; off if not given"), IN(struct private_zone, recursion) }),
		.summary = "make names that some VPCs have for themselves",
		.example = "private-zone create ZONE1 domain corp.example vpc VPC1",
		.providers = FOR_ALIBABA,
		CHANGES(struct private_zone, private_zone_create),
	},
	{
		.words = "private-zone set",
		.parameter = { COPY_OF(NOUN_PRIVATE_ZONE, struct zone_change, wanted),
			       { RECURSION(""), IN(struct zone_change, wanted.recursion) } },
		.summary = "change what a private zone does with names that it lacks",
		.example = "private-zone set ZONE1 subdomain-recursion on",
		.providers = FOR_ALIBABA,
		CHANGES(struct zone_change, private_zone_set),
	},
	{
		.words = "private-zone associate",
		.parameter = SCOPE,
		.summary = "let a private zone answer in a VPC, too",
		.example = "private-zone associate ZONE1 vpc VPC2",
		.providers = FOR_ALIBABA,
		CHANGES(struct zone_scope, private_zone_associate),
	},
	{
		.words = "private-zone disassociate",
		.parameter = SCOPE,
		.summary = "let a private zone answer in a VPC no more",
		.example = "private-zone disassociate ZONE1 vpc VPC2",
		.providers = FOR_ALIBABA,
		CHANGES(struct zone_scope, private_zone_disassociate),
	},
	{ DELETE("private-zone", NOUN_PRIVATE_ZONE, private_zone_delete,
		 "remove an unbound private zone and its records", "ZONE1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("private-zone", NOUN_PRIVATE_ZONE, "list private zones",
	       "domain vpc subdomain_recursion"),
	  .providers = FOR_ALIBABA },
	{
		.words = "zone-record create",
		.parameter = RECORD(),
		.summary = "add a name to a private zone",
		.example = "zone-record create REC1 zone ZONE1 host www value 192.168.1.5",
		.providers = FOR_ALIBABA,
		CHANGES(struct zone_record, zone_record_create),
	},
	{ DELETE("zone-record", NOUN_ZONE_RECORD, zone_record_delete,
		 "take a name from a private zone", "REC1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("zone-record", NOUN_ZONE_RECORD, "list records of private zones",
	       "zone host type value"),
	  .providers = FOR_ALIBABA },
	{
		.words = "hosted-zone create",
		.parameter = CREATE(PARAMETER_REQUIRED),
		.summary = "make a private hosted zone, names that some VPCs have for themselves",
		.example = "hosted-zone create ZONE1 domain corp.example vpc VPC1",
		.providers = FOR_AWS,
		CHANGES(struct private_zone, private_zone_create),
	},
	{
		.words = "hosted-zone associate",
		.parameter = SCOPE,
		.summary = "let a private hosted zone answer in a VPC, too",
		.example = "hosted-zone associate ZONE1 vpc VPC2",
		.providers = FOR_AWS,
		CHANGES(struct zone_scope, private_zone_associate),
	},
	{
		.words = "hosted-zone disassociate",
		.parameter = SCOPE,
		.summary = "let a private hosted zone answer in a VPC no more",
		.example = "hosted-zone disassociate ZONE1 vpc VPC2",
		.providers = FOR_AWS,
		CHANGES(struct zone_scope, private_zone_disassociate),
	},
	{ DELETE("hosted-zone", NOUN_PRIVATE_ZONE, private_zone_delete,
		 "remove a hosted zone without records", "ZONE1"),
	  .providers = FOR_AWS },
	{ SHOW("hosted-zone", NOUN_PRIVATE_ZONE, "list private hosted zones", "domain vpc"),
	  .providers = FOR_AWS },
	{
		.words = "record-set create",
		.parameter = RECORD(),
		.summary = "add a name to a hosted zone",
		.example = "record-set create REC1 zone ZONE1 host www value 10.0.1.5",
		.providers = FOR_AWS,
		CHANGES(struct zone_record, zone_record_create),
	},
	{ DELETE("record-set", NOUN_ZONE_RECORD, zone_record_delete,
		 "take a name from a hosted zone", "REC1"),
	  .providers = FOR_AWS },
	{ SHOW("record-set", NOUN_ZONE_RECORD, "list records of hosted zones",
	       "zone host type value"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
