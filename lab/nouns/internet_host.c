/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/model/pool.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* Internet hosts are the lab's own invention, and so are the codes for names of theirs. */

#define DNS_NAME_MAX  253
#define DNS_LABEL_MAX 63

/* Labels of letters, digits, '-' and '_', not all of digits and dots (that would be an address). */
static bool is_dns_name(const char *name)
{
	size_t label = 0, length = strlen(name);
	bool has_letter = false;

	for (size_t i = 0; i < length; i++) {
		char c = name[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (c == '.') {
			if (label == 0 || name[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && (c != '-' || label == 0))
			return false;
		has_letter = has_letter || letter;
		if (++label > DNS_LABEL_MAX)
			return false;
	}
	return has_letter && label > 0 && length <= DNS_NAME_MAX && name[length - 1] != '-';
}

static int check_dns(const struct model *m, const char *host, struct names dns, struct error *err)
{
	for (size_t i = 0; i < dns.n_name; i++) {
		const char *name = dns.name[i];
		const struct resource *taken = model_name_taken(m, name);

		if (!is_dns_name(name) || text_equal_nocase(name, "localhost")) {
			error_refuse(err, "InvalidDnsName.Malformed", "dns",
				     "%.140s is no DNS name for a host", name);
			error_hint(err, "letters, digits and '-', with dots between, as in "
					"www.example.com");
			return -EINVAL;
		}
		if (taken) {
			error_refuse(err, "InvalidDnsName.Duplicate", "dns",
				     "the name %s is taken by %s", name, taken->name);
			error_hint(err, "choose another name, or: show");
			return -EINVAL;
		}
		if (text_equal_nocase(name, host)) {
			error_refuse(err, "InvalidDnsName.Duplicate", "dns",
				     "%s is the host's own name, which resolves anyway", name);
			error_hint(err, "leave it out");
			return -EINVAL;
		}
		for (size_t k = 0; k < i; k++)
			if (text_equal_nocase(name, dns.name[k])) {
				error_refuse(err, "InvalidDnsName.Duplicate", "dns",
					     "%s is named twice", name);
				error_hint(err, "name it once");
				return -EINVAL;
			}
	}
	return 0;
}

int internet_host_create(struct model *m, const char *name, const char *ip_text, struct names dns,
			 struct error *err)
{
	struct internet_host *host;
	uint32_t ip = 0;
	int r;

	r = model_check_new_name(m, NOUN_INTERNET_HOST, name, err);
	if (r == 0)
		r = check_dns(m, name, dns, err);
	if (r == 0)
		r = pool_choose_internet(m, ip_text, &ip, err);
	if (r < 0)
		return r;
	host = xnew(struct internet_host);
	host->ip = ip;
	model_add(m, &host->resource, NOUN_INTERNET_HOST, name);
	for (size_t i = 0; i < dns.n_name; i++)
		model_add_dns(m, host, dns.name[i]);
	model_hold(m, NULL, ip, &host->resource);
	return 0;
}

int internet_host_delete(struct model *m, const char *name, struct error *err)
{
	struct internet_host *host;
	int r;

	r = rule_find(m, NOUN_INTERNET_HOST, name, NULL, &host, err);
	if (r < 0)
		return r;
	service_remove_all(m, &host->resource);
	pool_release_public(m, host->ip);
	model_remove(m, &host->resource);
	return 0;
}
