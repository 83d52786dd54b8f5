/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/pool.h"

#include <errno.h>

#include "lab/language/command.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"

/*
 * The lowest free address without a search from the bottom each time: a hint says that nothing
 * below is free. It moves up while searching and down when an address is given back, so it never
 * changes which address is chosen.
 */

/* The codes of each provider, and which addresses it reserves. */
static const struct pool_texts {
	const char *outside, *reserved, *used;
	const char *public_malformed, *public_used, *public_none_left;
	const char *which; /* are reserved */
} texts[PROVIDER_COUNT] = {
	/*
	 * That a reserved address gets IpInvalid as well is the likeliest. No code is listed for a
	 * text that is no address; this one follows its neighbours' names.
	 * cloud-semantics: op-13, op-25
	 */
	[PROVIDER_ALIBABA] = { .outside = "InvalidVSwitchId.IpInvalid",
			       .reserved = "InvalidVSwitchId.IpInvalid",
			       .used = "InvalidPrivateIpAddress.Duplicated",
			       .public_malformed = "InvalidParameter",
			       .public_used = "ReserveIpFail",
			       .public_none_left = "ReserveIpFail",
			       .which = "the first and the last three addresses" },
	/* The codes are of EC2's list of errors. cloud-semantics: aws-4 */
	[PROVIDER_AWS] = { .outside = "InvalidParameterValue",
			   .reserved = "InvalidParameterValue",
			   .used = "InvalidIPAddress.InUse",
			   .public_malformed = "InvalidParameterValue",
			   .public_used = "InvalidIPAddress.InUse",
			   .public_none_left = "InsufficientAddressCapacity",
			   .which = "the first four addresses and the last one" },
};

static int check_private(const struct model *model, const struct vswitch *vswitch, uint32_t ip,
			 struct error *err)
{
	const struct pool_texts *text = &texts[model->provider];
	const struct resource *holder;
	char address[ADDRESS_TEXT_SIZE], first[ADDRESS_TEXT_SIZE], last[ADDRESS_TEXT_SIZE],
		cidr[PREFIX_TEXT_SIZE];

	address_format(ip, address);
	address_format(vswitch->first_usable, first);
	address_format(vswitch->last_usable, last);
	if (!prefix_contains(vswitch->cidr, ip)) {
		error_refuse(err, text->outside, "ip", "%s is outside %s (%s)", address,
			     vswitch->resource.name, prefix_format(vswitch->cidr, cidr));
		return error_hint(err, "choose one from %s to %s", first, last);
	}
	if (vswitch_keeps(vswitch, ip)) {
		error_refuse(err, text->reserved, "ip",
			     "%s is reserved by the cloud, as are %s of every %s", address,
			     text->which, model_noun_title(model, NOUN_VSWITCH));
		return error_hint(err, "choose one from %s to %s", first, last);
	}
	holder = model_holder(model, vswitch->vpc, ip);
	if (!holder)
		return 0;
	error_refuse(err, text->used, "ip", "%s is in use by %s", address, holder->name);
	return error_hint(err, "leave ip out to get a free address");
}

int pool_choose_private(struct model *model, struct vswitch *vswitch, uint32_t wanted,
			const char *full_code, uint32_t *ret_ip, struct error *err)
{
	uint32_t last = vswitch->last_usable;
	int r;

	if (wanted) {
		r = check_private(model, vswitch, wanted, err);
		if (r == 0)
			*ret_ip = wanted;
		return r;
	}
	if (vswitch->first_free < vswitch->first_usable)
		vswitch->first_free = vswitch->first_usable;
	while (vswitch->first_free <= last &&
	       model_holder(model, vswitch->vpc, vswitch->first_free))
		vswitch->first_free++;
	if (vswitch->first_free > last) {
		error_refuse(err, full_code, model_noun_word(model, NOUN_VSWITCH),
			     "all %u usable addresses of %s are in use",
			     last - vswitch->first_usable + 1, vswitch->resource.name);
		return error_hint(err, "create another %s, with a larger cidr",
				  model_noun_title(model, NOUN_VSWITCH));
	}
	*ret_ip = vswitch->first_free;
	return 0;
}

void pool_release_private(struct model *model, struct vswitch *vswitch, uint32_t ip)
{
	model_release(model, vswitch->vpc, ip);
	if (ip < vswitch->first_free)
		vswitch->first_free = ip;
}

/* A range of /24 blocks, of which .1 to .254 are given out, as people expect of addresses. */
struct blocks {
	uint32_t first;
	unsigned n_block;
};

#define BLOCK_ADDRESSES 254

static const struct blocks public_blocks[] = {
	{ 0xcb007100, 1 }, { 0xc6120000, 512 }
}; /* 203.0.113.0/24, 198.18.0.0/15 */
static const struct blocks internet_blocks[] = { { 0xc6336400, 1 } }; /* 198.51.100.0/24 */

/* The n-th address of the ranges; 0: there are not so many. */
static uint32_t blocks_address(const struct blocks *blocks, size_t n_blocks, unsigned n)
{
	for (size_t i = 0; i < n_blocks; i++) {
		unsigned size = blocks[i].n_block * BLOCK_ADDRESSES;

		if (n < size)
			return blocks[i].first + n / BLOCK_ADDRESSES * 256 + 1 +
			       n % BLOCK_ADDRESSES;
		n -= size;
	}
	return 0;
}

/* The reverse; false: it is none of theirs. */
static bool blocks_number(const struct blocks *blocks, size_t n_blocks, uint32_t ip,
			  unsigned *ret_n)
{
	unsigned before = 0;

	for (size_t i = 0; i < n_blocks; i++) {
		uint32_t offset = ip - blocks[i].first;

		if (ip >= blocks[i].first && offset < blocks[i].n_block * 256) {
			if (offset % 256 == 0 || offset % 256 == 255)
				return false;
			*ret_n = before + offset / 256 * BLOCK_ADDRESSES + offset % 256 - 1;
			return true;
		}
		before += blocks[i].n_block * BLOCK_ADDRESSES;
	}
	return false;
}

static int check_public(const struct model *model, uint32_t wanted, const char *argument,
			uint32_t *ret_ip, struct error *err)
{
	const struct pool_texts *codes = &texts[model->provider];
	const struct resource *holder = model_holder(model, NULL, wanted);
	char text[ADDRESS_TEXT_SIZE];

	address_format(wanted, text);
	/* The lab's own rule; in the cloud the provider alone chooses. */
	if (!address_is_public(wanted)) {
		error_refuse(err, codes->public_malformed, argument,
			     "%s is not a public unicast address", text);
		return error_hint(err,
				  "leave it out to get one, or choose one such as 203.0.113.1");
	}
	if (holder) {
		error_refuse(err, codes->public_used, argument, "%s is in use by %s", text,
			     holder->name);
		return error_hint(err, "leave it out to get a free one");
	}
	*ret_ip = wanted;
	return 0;
}

static int next_in_blocks(const struct model *model, const struct blocks *blocks, size_t n_blocks,
			  unsigned *first_free, const char *argument, uint32_t *ret_ip,
			  struct error *err)
{
	uint32_t ip;

	while ((ip = blocks_address(blocks, n_blocks, *first_free)) &&
	       model_holder(model, NULL, ip))
		(*first_free)++;
	if (!ip) {
		int r = error_refuse(err, texts[model->provider].public_none_left, argument,
				     "the lab's pool of public addresses is used up");

		error_hint(err, "give an address of your own choice");
		return r;
	}
	*ret_ip = ip;
	return 0;
}

int pool_choose_public(struct model *model, uint32_t wanted, const char *argument, uint32_t *ret_ip,
		       struct error *err)
{
	if (wanted && wanted != ADDRESS_AUTO)
		return check_public(model, wanted, argument, ret_ip, err);
	return next_in_blocks(model, public_blocks, 2, &model->first_free_public, argument, ret_ip,
			      err);
}

int pool_choose_internet(struct model *model, uint32_t wanted, uint32_t *ret_ip, struct error *err)
{
	if (wanted)
		return check_public(model, wanted, "ip", ret_ip, err);
	return next_in_blocks(model, internet_blocks, 1, &model->first_free_internet, "ip", ret_ip,
			      err);
}

void pool_release_public(struct model *model, uint32_t ip)
{
	unsigned n;

	model_release(model, NULL, ip);
	if (blocks_number(public_blocks, 2, ip, &n) && n < model->first_free_public)
		model->first_free_public = n;
	if (blocks_number(internet_blocks, 1, ip, &n) && n < model->first_free_internet)
		model->first_free_internet = n;
}
