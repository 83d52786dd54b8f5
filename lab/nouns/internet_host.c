/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Internet hosts are the lab's own invention, and so are the codes for names of theirs. */

#define DNS_NAME_MAX  253
#define DNS_LABEL_MAX 63

/* Labels of letters, digits, '-' and '_', not all of digits and dots (that would be an address). */
bool is_dns_name(const char *name)
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

int dns_check(const struct model *m, const char *own, char *const *dns, size_t n_dns,
	      struct error *err)
{
	for (size_t i = 0; i < n_dns; i++) {
		const char *name = dns[i];
		const struct resource *taken = model_name_taken(m, name);

		if (!is_dns_name(name) || text_equal_nocase(name, "localhost")) {
			error_refuse(err, "InvalidDnsName.Malformed", "dns",
				     "%.140s is no DNS name for a host", name);
			return error_hint(err, "letters, digits and '-', with dots between, as in "
					       "www.example.com");
		}
		if (taken) {
			error_refuse(err, "InvalidDnsName.Duplicate", "dns",
				     "the name %s is taken by %s", name, taken->name);
			return error_hint(err, "choose another name, or: show");
		}
		if (text_equal_nocase(name, own)) {
			error_refuse(err, "InvalidDnsName.Duplicate", "dns",
				     "%s is its own name, which resolves anyway", name);
			return error_hint(err, "leave it out");
		}
		for (size_t k = 0; k < i; k++)
			if (text_equal_nocase(name, dns[k])) {
				error_refuse(err, "InvalidDnsName.Duplicate", "dns",
					     "%s is named twice", name);
				return error_hint(err, "name it once");
			}
	}
	return 0;
}

static int internet_host_create(struct model *m, void *request, struct error *err)
{
	struct internet_host *wanted = request, *host;
	uint32_t ip = 0;
	int r = dns_check(m, wanted->resource.name, wanted->dns, wanted->n_dns, err);

	if (r == 0)
		r = pool_choose_internet(m, wanted->ip, &ip, err);
	if (r < 0)
		return r;
	host = xnew(struct internet_host);
	host->ip = ip;
	model_add(m, &host->resource, NOUN_INTERNET_HOST, wanted->resource.name);
	for (size_t i = 0; i < wanted->n_dns; i++)
		model_add_dns(m, &host->resource, wanted->dns[i]);
	model_hold(m, NULL, ip, &host->resource);
	return 0;
}

static int internet_host_delete(struct model *m, void *request, struct error *err)
{
	struct internet_host *host = ((struct subject *)request)->resource;

	if (vpc_endpoint_leave(m, &host->resource, err) < 0)
		return -EINVAL;
	model_remove_users(m, NOUN_SERVICE, host);
	pool_release_public(m, host->ip);
	model_remove(m, &host->resource);
	return 0;
}

const struct command internet_host_rows[] = {
	{
		.words = "internet-host create",
		.parameter = { NEW_NAME,
			       { PARAMETER("ip", ADDRESS, PARAMETER_KEY,
					   "this public address, not the next free one"),
				 .code = "InvalidParameter", IN(struct internet_host, ip) },
			       { PARAMETER("dns", WORDS, PARAMETER_KEY,
					   "more names it is known by in the nodes"),
				 IN_BOTH(struct internet_host, dns, n_dns) } },
		.summary = "make a host on the internet's side",
		.example = "internet-host create client dns www.example.com",
		CHANGES(struct internet_host, internet_host_create),
	},
	{ DELETE("internet-host", NOUN_INTERNET_HOST, internet_host_delete,
		 "remove an internet host", "client") },
	{ SHOW("internet-host", NOUN_INTERNET_HOST, "list internet hosts", "ip dns status") },
	{ .words = NULL },
};
