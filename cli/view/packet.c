/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/packet.h"

#include <arpa/inet.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/memory.h"
#include "core/capture/headers.h"

/* An address, as the lab names it, or as it is. */
static void add_address(struct text *text, const struct model *model, uint32_t address)
{
	const char *name = model_address_owner(model, address);
	char ip[ADDRESS_TEXT_SIZE];

	text_add(text, name ? name : address_format(address, ip));
}

static void add_end(struct text *text, const struct model *model,
		    const struct packet_headers *headers, bool source)
{
	char ip[INET6_ADDRSTRLEN];

	if (headers->kind == PACKET_IPV6)
		text_add(text,
			 inet_ntop(AF_INET6, source ? &headers->source6 : &headers->destination6,
				   ip, sizeof(ip)));
	else
		add_address(text, model, source ? headers->source : headers->destination);
	if (headers->has_ports)
		text_addf(text, headers->kind == PACKET_IPV6 ? " port %u" : ":%u",
			  source ? headers->source_port : headers->destination_port);
}

static const char *protocol_of(const struct packet_headers *headers, char number[static 16])
{
	static const char *const words[] = {
		[IPPROTO_ICMP] = "icmp", [IPPROTO_TCP] = "tcp",       [IPPROTO_UDP] = "udp",
		[IPPROTO_GRE] = "gre",   [IPPROTO_ICMPV6] = "icmpv6", [IPPROTO_SCTP] = "sctp",
	};

	if (headers->kind == PACKET_ARP)
		return "arp";
	if (headers->kind == PACKET_OTHER)
		snprintf(number, 16, "0x%04x", headers->ether_type);
	else if (headers->protocol < ARRAY_SIZE(words) && words[headers->protocol])
		return words[headers->protocol];
	else
		snprintf(number, 16, "ip-%u", headers->protocol);
	return number;
}

static const char *const tcp_flags[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR" };

static void add_icmp(struct text *text, const struct packet_headers *headers)
{
	static const char *const words[] = {
		[ICMP_ECHOREPLY] = "echo reply",        [ICMP_DEST_UNREACH] = "unreachable",
		[ICMP_REDIRECT] = "redirect",           [ICMP_ECHO] = "echo request",
		[ICMP_TIME_EXCEEDED] = "time exceeded", [ICMP_PARAMETERPROB] = "parameter problem",
	};
	static const char *const unreachable[] = {
		[ICMP_NET_UNREACH] = "net",
		[ICMP_HOST_UNREACH] = "host",
		[ICMP_PROT_UNREACH] = "protocol",
		[ICMP_PORT_UNREACH] = "port",
		[ICMP_FRAG_NEEDED] = "needs to be fragmented:",
		[ICMP_PKT_FILTERED] = "filtered:",
	};
	const uint8_t type = headers->icmp_type, code = headers->icmp_code;

	if (headers->kind == PACKET_IPV6 || type >= ARRAY_SIZE(words) || !words[type]) {
		text_addf(text, " type %u code %u", type, code);
		return;
	}
	if (type == ICMP_DEST_UNREACH && code < ARRAY_SIZE(unreachable) && unreachable[code])
		text_addf(text, " %s", unreachable[code]);
	text_addf(text, " %s", words[type]);
	if (type == ICMP_ECHO || type == ICMP_ECHOREPLY)
		text_addf(text, " %u", headers->echo_sequence);
}

void packet_add_line(struct text *text, const struct model *model,
		     const struct capture_packet *packet, uint64_t since)
{
	auto_text place = { 0 };
	struct packet_headers headers;
	char number[16];

	packet_headers_read(packet->data, packet->captured, &headers);
	text_addf(&place, "%s:", packet->port->netns);
	text_add_escaped(&place, packet->port->name, strlen(packet->port->name));
	text_addf(text, "%11.6f  %-15s %-3s  %-4s  ", (double)(packet->time - since) / 1e9,
		  text_get(&place), packet->outgoing ? "out" : "in", protocol_of(&headers, number));
	if (headers.kind == PACKET_ARP) {
		add_address(text, model, headers.source);
		text_add(text, headers.is_answer ? " is here, tells " : " asks for ");
		add_address(text, model, headers.destination);
	} else if (headers.kind != PACKET_OTHER) {
		add_end(text, model, &headers, true);
		text_add(text, " -> ");
		add_end(text, model, &headers, false);
		for (size_t i = 0; i < ARRAY_SIZE(tcp_flags); i++)
			if (headers.tcp_flags & 1u << i)
				text_addf(text, " %s", tcp_flags[i]);
		if (headers.is_icmp)
			add_icmp(text, &headers);
		if (headers.fragment)
			text_addf(text, " fragment at %u", headers.fragment);
		if (headers.payload)
			text_addf(text, " %u bytes", headers.payload);
	} else {
		text_addf(text, "%u bytes", packet->length);
	}
	text_add_char(text, '\n');
}

static const char *address_of(const struct packet_headers *headers, bool source,
			      char text[static INET6_ADDRSTRLEN])
{
	if (headers->kind == PACKET_OTHER)
		return NULL;
	if (headers->kind == PACKET_IPV6)
		return inet_ntop(AF_INET6, source ? &headers->source6 : &headers->destination6,
				 text, INET6_ADDRSTRLEN);
	return address_format(source ? headers->source : headers->destination, text);
}

static const char *name_of(const struct model *model, const struct packet_headers *headers,
			   uint32_t address)
{
	bool has_name = headers->kind == PACKET_IPV4 || headers->kind == PACKET_ARP;

	return has_name ? model_address_owner(model, address) : NULL;
}

void packet_output(struct output *output, const struct model *model,
		   const struct capture_packet *packet, uint64_t since)
{
	char address[INET6_ADDRSTRLEN], number[16];
	struct packet_headers headers;

	packet_headers_read(packet->data, packet->captured, &headers);
	output_begin_object(output, NULL);
	output_real(output, "at", (double)(packet->time - since) / 1e9);
	output_string(output, "node", packet->port->netns);
	output_string(output, "port", packet->port->name);
	output_string(output, "direction", packet->outgoing ? "out" : "in");
	output_begin_object(output, "packet"); /* as explain and trace have it */
	output_string(output, "src", address_of(&headers, true, address));
	output_number_if(output, "sport", headers.has_ports, headers.source_port);
	output_string(output, "dst", address_of(&headers, false, address));
	output_number_if(output, "dport", headers.has_ports, headers.destination_port);
	output_string(output, "protocol", protocol_of(&headers, number));
	output_end(output);
	output_string(output, "from", name_of(model, &headers, headers.source));
	output_string(output, "to", name_of(model, &headers, headers.destination));
	output_begin_array(output, "flags");
	for (size_t i = 0; i < ARRAY_SIZE(tcp_flags); i++)
		if (headers.tcp_flags & 1u << i)
			output_string(output, NULL, tcp_flags[i]);
	output_end(output);
	output_number(output, "length", packet->length);
	output_end(output);
}
