/* SPDX-License-Identifier: GPL-3.0-only */
/* The blocks of a pcapng file, read back byte by byte, and what is read from a packet's headers. */
#include "core/capture/headers.h"
#include "core/capture/pcapng.h"
#include "tests/unit/test.h"

static uint32_t word_at(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static uint16_t half_at(const char *at)
{
	uint16_t half;

	memcpy(&half, at, sizeof(half));
	return half;
}

/* A block of that type at that place, whole: its length stands twice. Returns what is behind it. */
static size_t check_block(const struct text *text, size_t at, uint32_t type)
{
	uint32_t length;

	CHECK(text->length >= at + 12);
	length = word_at(text->s + at + 4);
	CHECK_INT(word_at(text->s + at), type);
	CHECK_INT(length % 4, 0);
	CHECK(at + length <= text->length);
	CHECK_INT(word_at(text->s + at + length - 4), length);
	return at + length;
}

/* The value of an option, which begin at that place; its end has to come. */
static const char *find_option(const struct text *text, size_t at, uint16_t code,
			       uint16_t *ret_size)
{
	const char *found = NULL;

	for (;;) {
		const char *option = text->s + at;
		uint16_t size = half_at(option + 2);

		CHECK(at + 4 + size <= text->length);
		if (half_at(option) == 0)
			return found;
		if (half_at(option) == code) {
			found = option + 4;
			*ret_size = size;
		}
		at += 4 + (size + 3u) / 4 * 4;
	}
}

static const struct capture_port port = {
	.netns = "NAT1", .name = "internet", .number = 7, .received = 3
};

TEST(section)
{
	auto_text text = { 0 };
	uint16_t size;

	pcapng_add_section(&text, "vpclab 1");
	CHECK_INT(check_block(&text, 0, 0x0A0D0D0A), text.length);
	CHECK_INT(word_at(text.s + 8), 0x1A2B3C4D);
	CHECK_INT(half_at(text.s + 12), 1);
	CHECK_INT(half_at(text.s + 14), 0);
	CHECK_INT(word_at(text.s + 16), UINT32_MAX); /* its length is not known */
	CHECK(memcmp(find_option(&text, 24, 4, &size), "vpclab 1", 8) == 0);
	CHECK_INT(size, 8);
}

TEST(interface)
{
	auto_text text = { 0 };
	uint16_t size;

	pcapng_add_interface(&text, &port, "tcp port 80");
	CHECK_INT(check_block(&text, 0, 1), text.length);
	CHECK_INT(half_at(text.s + 8), 1); /* Ethernet */
	CHECK(memcmp(find_option(&text, 16, 2, &size), "NAT1:internet", 13) == 0);
	CHECK_INT(size, 13);
	CHECK_INT(*find_option(&text, 16, 9, &size), 9); /* nanoseconds */
	CHECK(memcmp(find_option(&text, 16, 11, &size), "\0tcp port 80", 12) == 0);
	CHECK_INT(size, 12);

	text_clear(&text);
	pcapng_add_interface(&text, &port, NULL);
	CHECK_INT(check_block(&text, 0, 1), text.length);
	CHECK(!find_option(&text, 16, 11, &size));
}

/* Every length that a packet may have behind a multiple of four. */
TEST(packet)
{
	for (uint32_t n = 60; n < 64; n++) {
		uint8_t data[64] = { 0xab };
		struct capture_packet packet = { .port = &port,
						 .time = 0x123456789abcdef0,
						 .outgoing = n % 2,
						 .length = 1514,
						 .captured = n,
						 .data = data };
		auto_text text = { 0 };
		uint16_t size;
		const char *flags;

		data[n - 1] = 0xcd;
		pcapng_add_packet(&text, &packet);
		CHECK_INT(check_block(&text, 0, 6), text.length);
		CHECK_INT(word_at(text.s + 8), 7);
		CHECK_INT(word_at(text.s + 12), 0x12345678);
		CHECK_INT(word_at(text.s + 16), 0x9abcdef0);
		CHECK_INT(word_at(text.s + 20), n);
		CHECK_INT(word_at(text.s + 24), 1514);
		CHECK(memcmp(text.s + 28, data, n) == 0);
		flags = find_option(&text, 28 + (n + 3) / 4 * 4, 2, &size);
		CHECK_INT(size, 4);
		CHECK_INT(word_at(flags), n % 2 ? 2 : 1);
	}
}

TEST(statistics)
{
	auto_text text = { 0 };
	const char *value;
	uint16_t size;

	pcapng_add_statistics(&text, &port, 5, 6, 9);
	CHECK_INT(check_block(&text, 0, 5), text.length);
	CHECK_INT(word_at(text.s + 8), 7);
	value = find_option(&text, 20, 4, &size);
	CHECK_INT(size, 8);
	CHECK_INT(word_at(value) | word_at(value + 4), 3);
	value = find_option(&text, 20, 5, &size);
	CHECK_INT(word_at(value) | word_at(value + 4), 9);
	value = find_option(&text, 20, 2, &size);
	CHECK_INT(word_at(value), 0); /* the upper half first */
	CHECK_INT(word_at(value + 4), 5);
}

/* ---- headers ---- */

static const uint8_t syn[] = {
	2,    0,    0,   0,  0,   1, 2, 0, 0,  0, 0, 2, 0x08, 0x00, /* Ethernet */
	0x45, 0,    0,   44, 0,   1, 0, 0, 64, 6, 0, 0, 192,  168,
	1,    1,    203, 0,  113, 2, /* IPv4 */
	0xc3, 0x50, 0,   80, 0,   0, 0, 1, 0,  0, 0, 0, 0x50, 0x12,
	0xff, 0xff, 0,   0,  0,   0, /* TCP */
	1,    2,    3,   4,
};

TEST(headers_of_tcp)
{
	struct packet_headers headers;

	packet_headers_read(syn, sizeof(syn), &headers);
	CHECK_INT(headers.kind, PACKET_IPV4);
	CHECK_INT(headers.source, 0xC0A80101);
	CHECK_INT(headers.destination, 0xCB007102);
	CHECK(headers.has_ports);
	CHECK_INT(headers.source_port, 50000);
	CHECK_INT(headers.destination_port, 80);
	CHECK_INT(headers.tcp_flags, 0x12);
	CHECK_INT(headers.payload, 4);
}

/* Cut anywhere, a packet gives what is there, and nothing behind its end is read. */
TEST(headers_of_a_cut_packet)
{
	for (size_t n = 0; n <= sizeof(syn); n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct packet_headers headers;

		memcpy(copy, syn, n);
		packet_headers_read(copy, n, &headers);
		CHECK_INT(headers.kind, n < 34 ? PACKET_OTHER : PACKET_IPV4);
		CHECK_INT(headers.has_ports, n >= 54);
		free(copy);
	}
}

TEST(headers_of_a_later_fragment)
{
	uint8_t fragment[sizeof(syn)];
	struct packet_headers headers;

	memcpy(fragment, syn, sizeof(syn));
	fragment[14 + 7] = 185; /* in units of 8 bytes */
	packet_headers_read(fragment, sizeof(fragment), &headers);
	CHECK_INT(headers.fragment, 1480);
	CHECK(!headers.has_ports);
	CHECK_INT(headers.payload, 24);
}

TEST(headers_behind_a_vlan_tag)
{
	uint8_t tagged[sizeof(syn) + 4] = { 0 };
	struct packet_headers headers;

	memcpy(tagged, syn, 12);
	memcpy(tagged + 12, "\x81\x00\x00\x05", 4);
	memcpy(tagged + 16, syn + 12, sizeof(syn) - 12);
	packet_headers_read(tagged, sizeof(tagged), &headers);
	CHECK_INT(headers.destination_port, 80);
	packet_headers_read(tagged, 18, &headers); /* the tag is the last that was captured */
	CHECK_INT(headers.ether_type, 0x0800);
}

/* Any bytes behind any beginning: nothing to check but that it ends and reads within. */
TEST(headers_of_noise)
{
	uint32_t state = 1;

	for (int i = 0; i < 200000; i++) {
		uint8_t noise[64];
		struct packet_headers headers;
		size_t n = state >> 8 & 63;
		static const uint16_t types[] = { 0x0800, 0x86dd, 0x0806, 0x8100 };

		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
		noise[12] = (uint8_t)(types[i % 4] >> 8);
		noise[13] = (uint8_t)types[i % 4];
		packet_headers_read(noise + sizeof(noise) - n, n, &headers);
	}
}
