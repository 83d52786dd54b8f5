/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/capture/headers.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <string.h>

/* The rest of a packet, to be read from the front. */
struct rest {
	const uint8_t *at;
	size_t n;
};

static uint16_t word(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t address(const uint8_t *at)
{
	return (uint32_t)word(at) << 16 | word(at + 2);
}

static void skip(struct rest *rest, size_t n)
{
	rest->at += n;
	rest->n -= n;
}

/* Behind IP, where `payload` bytes follow, or say they do. */
static void read_transport(struct rest rest, struct packet_headers *headers)
{
	size_t size = 0;

	if (headers->protocol == IPPROTO_TCP && rest.n >= 20) {
		headers->has_ports = true;
		headers->tcp_flags = rest.at[13];
		size = (size_t)(rest.at[12] >> 4) * 4;
	} else if (headers->protocol == IPPROTO_UDP && rest.n >= 8) {
		headers->has_ports = true;
		size = 8;
	} else if ((headers->protocol == IPPROTO_ICMP || headers->protocol == IPPROTO_ICMPV6) &&
		   rest.n >= 8) {
		headers->is_icmp = true;
		headers->icmp_type = rest.at[0];
		headers->icmp_code = rest.at[1];
		headers->echo_sequence = word(rest.at + 6);
		size = 8;
	}
	if (headers->has_ports) {
		headers->source_port = word(rest.at);
		headers->destination_port = word(rest.at + 2);
	}
	headers->payload -= size < headers->payload ? (uint32_t)size : headers->payload;
}

static void read_ipv4(struct rest rest, struct packet_headers *headers)
{
	size_t size = rest.n >= 20 ? (size_t)(rest.at[0] & 15) * 4 : 0, total;

	if (size < 20 || size > rest.n)
		return;
	total = word(rest.at + 2);
	headers->kind = PACKET_IPV4;
	headers->protocol = rest.at[9];
	headers->source = address(rest.at + 12);
	headers->destination = address(rest.at + 16);
	headers->fragment = (uint16_t)((word(rest.at + 6) & 0x1fff) * 8);
	headers->payload = (uint32_t)(total > size ? total - size : 0);
	skip(&rest, size);
	if (!headers->fragment)
		read_transport(rest, headers);
}

static void read_ipv6(struct rest rest, struct packet_headers *headers)
{
	if (rest.n < 40)
		return;
	headers->kind = PACKET_IPV6;
	headers->payload = word(rest.at + 4);
	headers->protocol = rest.at[6];
	memcpy(&headers->source6, rest.at + 8, sizeof(headers->source6));
	memcpy(&headers->destination6, rest.at + 24, sizeof(headers->destination6));
	skip(&rest, 40);
	read_transport(rest, headers);
}

static void read_arp(struct rest rest, struct packet_headers *headers)
{
	if (rest.n < 28 || word(rest.at + 2) != ETH_P_IP)
		return;
	headers->kind = PACKET_ARP;
	headers->is_answer = word(rest.at + 6) == 2;
	headers->source = address(rest.at + 14);
	headers->destination = address(rest.at + 24);
}

void packet_headers_read(const uint8_t *data, size_t captured, struct packet_headers *ret_headers)
{
	struct rest rest = { data, captured };

	*ret_headers = (struct packet_headers){ 0 };
	if (rest.n < ETH_HLEN)
		return;
	ret_headers->ether_type = word(rest.at + 12);
	skip(&rest, ETH_HLEN);
	if (ret_headers->ether_type == ETH_P_8021Q && rest.n >= 4) {
		ret_headers->ether_type = word(rest.at + 2);
		skip(&rest, 4);
	}
	if (ret_headers->ether_type == ETH_P_IP)
		read_ipv4(rest, ret_headers);
	else if (ret_headers->ether_type == ETH_P_IPV6)
		read_ipv6(rest, ret_headers);
	else if (ret_headers->ether_type == ETH_P_ARP)
		read_arp(rest, ret_headers);
}
