/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/capture/pcapng.h"

#include <string.h>

#include "core/capture/filter.h"

enum {
	BLOCK_SECTION = 0x0A0D0D0A,
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

enum {
	OPTION_END = 0,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_TIME_UNIT = 9,
	INTERFACE_FILTER = 11,
	PACKET_FLAGS = 2,
	STATISTICS_BEGIN = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
};

enum { LINK_ETHERNET = 1, NANOSECONDS = 9, FLAG_IN = 1, FLAG_OUT = 2 };

#define ADD(text, value) text_add_n(text, (const char *)&(value), sizeof(value))

static void pad(struct text *text, size_t n)
{
	text_add_n(text, "\0\0\0", (4 - n % 4) % 4);
}

static void add_option(struct text *text, uint16_t code, const void *value, size_t size)
{
	const uint16_t head[] = { code, (uint16_t)size };

	ADD(text, head);
	text_add_n(text, value, size);
	pad(text, size);
}

/* Returns where the block begins, for end_block(). */
static size_t begin_block(struct text *text, uint32_t type)
{
	const uint32_t head[] = { type, 0 };
	size_t begin = text->length;

	ADD(text, head);
	return begin;
}

/* Its length stands in front and behind. */
static void end_block(struct text *text, size_t begin)
{
	uint32_t length;

	add_option(text, OPTION_END, NULL, 0);
	length = (uint32_t)(text->length - begin + sizeof(length));
	memcpy(text->s + begin + 4, &length, sizeof(length));
	ADD(text, length);
}

/* Of 64 bits the upper half comes first, in either byte order. */
static void split_time(uint64_t time, uint32_t ret_half[static 2])
{
	ret_half[0] = (uint32_t)(time >> 32);
	ret_half[1] = (uint32_t)time;
}

void pcapng_add_section(struct text *text, const char *program)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		int64_t length;
	} section = { 0x1A2B3C4D, 1, 0, -1 };
	size_t begin = begin_block(text, BLOCK_SECTION);

	ADD(text, section);
	add_option(text, SECTION_PROGRAM, program, strlen(program));
	end_block(text, begin);
}

void pcapng_add_interface(struct text *text, const struct capture_port *port, const char *filter)
{
	const struct {
		uint16_t link, reserved;
		uint32_t length;
	} interface = { LINK_ETHERNET, 0, CAPTURE_LENGTH };
	const uint8_t unit = NANOSECONDS;
	size_t begin = begin_block(text, BLOCK_INTERFACE);
	auto_text value = { 0 };

	ADD(text, interface);
	text_addf(&value, "%s:%s", port->netns, port->name);
	add_option(text, INTERFACE_NAME, value.s, value.length);
	add_option(text, INTERFACE_TIME_UNIT, &unit, sizeof(unit));
	if (filter) {
		text_clear(&value);
		text_add_char(&value, '\0'); /* in the language of libpcap */
		text_add(&value, filter);
		if (value.length <= UINT16_MAX)
			add_option(text, INTERFACE_FILTER, value.s, value.length);
	}
	end_block(text, begin);
}

void pcapng_add_packet(struct text *text, const struct capture_packet *packet)
{
	uint32_t head[5] = { packet->port->number, 0, 0, packet->captured, packet->length };
	const uint32_t flags = packet->outgoing ? FLAG_OUT : FLAG_IN;
	size_t begin = begin_block(text, BLOCK_PACKET);

	split_time(packet->time, &head[1]);
	ADD(text, head);
	text_add_n(text, (const char *)packet->data, packet->captured);
	pad(text, packet->captured);
	add_option(text, PACKET_FLAGS, &flags, sizeof(flags));
	end_block(text, begin);
}

void pcapng_add_statistics(struct text *text, const struct capture_port *port, uint64_t begin_time,
			   uint64_t end_time, uint64_t dropped)
{
	const uint32_t number = port->number;
	uint32_t time[2];
	size_t begin = begin_block(text, BLOCK_STATISTICS);

	ADD(text, number);
	split_time(end_time, time);
	ADD(text, time);
	split_time(begin_time, time);
	add_option(text, STATISTICS_BEGIN, time, sizeof(time));
	split_time(end_time, time);
	add_option(text, STATISTICS_END, time, sizeof(time));
	add_option(text, STATISTICS_RECEIVED, &port->received, sizeof(port->received));
	add_option(text, STATISTICS_DROPPED, &dropped, sizeof(dropped));
	end_block(text, begin);
}
