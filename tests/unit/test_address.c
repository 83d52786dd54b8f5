/* SPDX-License-Identifier: GPL-3.0-only */
#include "test.h"

#include <errno.h>

#include "core/base/address.h"
#include "core/base/memory.h"

TEST(addresses_are_read_strictly)
{
	static const struct {
		const char *text;
		uint32_t want;
	} good[] = {
		{ "0.0.0.0", 0 },
		{ "192.168.1.10", 0xc0a8010a },
		{ "255.255.255.255", 0xffffffff },
		{ "1.0.10.100", 0x01000a64 },
	};
	static const char *const bad[] = {
		"",          ".",         "1",
		"1.2.3",     "1.2.3.",    ".1.2.3",
		"1.2.3.4.",  "1.2.3.4.5", "1..2.3",
		"256.1.1.1", "1.1.1.256", "01.2.3.4",
		"1.2.3.00",  "1.2.3.4 ",  " 1.2.3.4",
		"+1.2.3.4",  "-1.2.3.4",  "0x1.2.3.4",
		"1.2.3.4/8", "1.2.3.a",   "99999999999999999999.1.1.1",
		"1,2,3,4",   "ECS1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		uint32_t address = 1;
		char text[ADDRESS_TEXT_SIZE];

		CHECK(address_parse(good[i].text, &address));
		CHECK_INT(address, good[i].want);
		CHECK_STR(address_format(address, text), good[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		uint32_t address = 7;

		if (address_parse(bad[i], &address))
			test_fail("\"%s\" passed for an address", bad[i]);
		CHECK_INT(address, 7);
	}
}

TEST(prefixes_are_read_strictly)
{
	static const struct {
		const char *text, *want;
		int r;
	} cases[] = {
		{ "192.168.0.0/16", "192.168.0.0/16", 0 },
		{ "0.0.0.0/0", "0.0.0.0/0", 0 },
		{ "1.2.3.4/32", "1.2.3.4/32", 0 },
		{ "255.255.255.255/32", "255.255.255.255/32", 0 },
		{ "192.168.1.1/24", "192.168.1.0/24", -ERANGE },
		{ "1.2.3.4/0", "0.0.0.0/0", -ERANGE },
		{ "192.168.0.0", NULL, -EINVAL },
		{ "192.168.0.0/", NULL, -EINVAL },
		{ "192.168.0.0/33", NULL, -EINVAL },
		{ "192.168.0.0/08", NULL, -EINVAL },
		{ "192.168.0.0/-1", NULL, -EINVAL },
		{ "192.168.0.0/8 ", NULL, -EINVAL },
		{ "192.168.0.0/255.255.0.0", NULL, -EINVAL },
		{ "192.168.0/16", NULL, -EINVAL },
		{ "/16", NULL, -EINVAL },
		{ "", NULL, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct prefix prefix = { 1, 2 };
		char text[PREFIX_TEXT_SIZE];

		CHECK_INT(prefix_parse(cases[i].text, &prefix), cases[i].r);
		if (cases[i].want)
			CHECK_STR(prefix_format(prefix, text), cases[i].want);
		else
			CHECK_INT(prefix.length, 2);
	}
}

static struct prefix p(const char *text)
{
	struct prefix prefix;

	CHECK_INT(prefix_parse(text, &prefix), 0);
	return prefix;
}

TEST(prefixes_know_what_they_hold)
{
	CHECK_INT(prefix_mask(0), 0);
	CHECK_INT(prefix_mask(1), 0x80000000);
	CHECK_INT(prefix_mask(24), 0xffffff00);
	CHECK_INT(prefix_mask(32), 0xffffffff);
	CHECK_INT(prefix_last(p("192.168.1.0/24")), 0xc0a801ff);
	CHECK_INT(prefix_last(p("0.0.0.0/0")), 0xffffffff);
	CHECK_INT(prefix_last(p("1.2.3.4/32")), 0x01020304);

	CHECK(prefix_contains(p("192.168.1.0/24"), 0xc0a80100));
	CHECK(prefix_contains(p("192.168.1.0/24"), 0xc0a801ff));
	CHECK(!prefix_contains(p("192.168.1.0/24"), 0xc0a80200));
	CHECK(prefix_contains(p("0.0.0.0/0"), 0xffffffff));

	CHECK(prefix_covers(p("10.0.0.0/8"), p("10.1.0.0/16")));
	CHECK(prefix_covers(p("10.0.0.0/8"), p("10.0.0.0/8")));
	CHECK(!prefix_covers(p("10.1.0.0/16"), p("10.0.0.0/8")));
	CHECK(!prefix_covers(p("10.0.0.0/8"), p("11.0.0.0/16")));
	CHECK(prefix_covers(p("0.0.0.0/0"), p("11.0.0.0/16")));

	CHECK(prefix_overlaps(p("10.1.0.0/16"), p("10.0.0.0/8")));
	CHECK(prefix_overlaps(p("10.0.0.0/8"), p("10.1.0.0/16")));
	CHECK(!prefix_overlaps(p("10.0.0.0/24"), p("10.0.1.0/24")));

	CHECK(prefix_equal(p("10.0.0.0/8"), p("10.0.0.0/8")));
	CHECK(!prefix_equal(p("10.0.0.0/8"), p("10.0.0.0/9")));
}

TEST(public_is_what_the_internet_can_hold)
{
	static const char *const public[] = { "1.1.1.1",     "8.8.8.8",      "203.0.113.1",
					      "198.18.0.1",  "198.51.100.1", "100.63.255.255",
					      "100.128.0.1", "172.15.0.1",   "172.32.0.1",
					      "192.167.1.1", "169.253.1.1",  "223.255.255.255" };
	static const char *const elsewhere[] = {
		"0.1.2.3",     "10.0.0.1",    "100.64.0.1", "100.127.255.255",
		"127.0.0.1",   "169.254.0.1", "172.16.0.1", "172.31.255.255",
		"192.168.0.1", "224.0.0.1",   "240.0.0.1",  "255.255.255.255"
	};

	uint32_t address;

	for (size_t i = 0; i < ARRAY_SIZE(public); i++) {
		CHECK(address_parse(public[i], &address));
		if (!address_is_public(address))
			test_fail("%s is not public", public[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		CHECK(address_parse(elsewhere[i], &address));
		if (address_is_public(address))
			test_fail("%s is public", elsewhere[i]);
	}
}
