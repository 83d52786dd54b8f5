/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands in the headers of an Ethernet packet, as far as all of it is there. */
struct packet_headers {
	enum packet_kind { PACKET_OTHER, PACKET_IPV4, PACKET_IPV6, PACKET_ARP } kind;
	uint16_t ether_type;
	uint32_t source, destination; /* ARP: who asks or answers, and who is asked for or told */
	struct in6_addr source6, destination6;
	uint8_t protocol; /* of IP */
	bool has_ports;
	uint16_t source_port, destination_port;
	uint8_t tcp_flags;
	bool is_icmp; /* with a type */
	uint8_t icmp_type, icmp_code;
	uint16_t echo_sequence; /* of ICMP */
	bool is_answer;         /* ARP */
	uint16_t fragment;      /* where it begins in the whole, bytes; 0: in front */
	uint32_t payload;       /* bytes behind these headers */
};

/* captured: of the packet's bytes, how many are at data. */
void packet_headers_read(const uint8_t *data, size_t captured, struct packet_headers *ret_headers);
