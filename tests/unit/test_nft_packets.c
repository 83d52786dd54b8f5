/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "tests/unit/nft_helper.h"

#include "core/nftables/trace.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/socket.h>

/*
 * That the statements do what they say, with real packets:
 *
 *   client 198.51.100.1 --- "outside" gateway "inside" --- server 10.0.0.2 and 10.0.1.2
 *
 * Everything runs on one processor, so the order of packets is kept: when one has arrived, those
 * sent before it have arrived, too, or were dropped. Nothing waits for a time to pass.
 */

#define EIP       0xcb007105u /* 203.0.113.5 */
#define EIP_OTHER 0xcb007106u
#define CLIENT    0xc6336401u /* 198.51.100.1 */
#define SERVER    0x0a000002u /* 10.0.0.2 */
#define SERVER_B  0x0a000102u /* 10.0.1.2 */

static struct arena arena;
static int gateway; /* a socket for nft there */

static void in_netns(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/run/netns/%s", name);

	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK_INT(setns(fd, CLONE_NEWNET), 0);
}

static void build_network(void)
{
	/* Both ends of a link have one MAC address and no ARP: nobody resolves a neighbour. */
	static const char *const links =
		"netns add client\nnetns add gateway\nnetns add server\n"
		"link add eth0 address 02:00:00:00:00:01 netns client type veth "
		"peer name outside address 02:00:00:00:00:01 netns gateway\n"
		"link add eth0 address 02:00:00:00:00:02 netns server type veth "
		"peer name inside address 02:00:00:00:00:02 netns gateway\n";
	static const char *const client =
		"link set eth0 arp off up\naddress add 198.51.100.1/32 dev eth0\n"
		"route add default dev eth0\n";
	static const char *const middle =
		"link set lo up\nlink set outside arp off up\nlink set inside arp off up\n"
		"route add 198.51.100.0/24 dev outside\nroute add 10.0.0.0/16 dev inside\n";
	static const char *const server =
		"link set eth0 arp off up\naddress add 10.0.0.2/32 dev eth0\n"
		"address add 10.0.1.2/32 dev eth0\nroute add default dev eth0\n";
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	CHECK_INT(sched_setaffinity(0, sizeof(one), &one), 0);

	private_sandbox();
	CHECK_INT(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	CHECK_INT(mount("tmpfs", "/run", "tmpfs", 0, NULL), 0);
	RUN(links, "ip", "-batch", "-");
	RUN(client, "ip", "-n", "client", "-batch", "-");
	RUN(middle, "ip", "-n", "gateway", "-batch", "-");
	RUN(server, "ip", "-n", "server", "-batch", "-");
	/* The ends that were up first learn of their carrier later; asked about them, the kernel
	 * sees to that. Until then what they send is lost. */
	RUN("", "ip", "-n", "client", "link", "show", "eth0");
	RUN("", "ip", "-n", "server", "link", "show", "eth0");
	in_netns("gateway");
	helper_write("/proc/sys/net/ipv4/ip_forward", "1");
	gateway = nft_socket();
}

static struct sockaddr_in socket_address(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(address),
				     .sin_port = htons(port) };
}

/* A socket in that namespace, bound to that address. */
static int bound_socket(const char *netns, int type, uint32_t address, uint16_t port)
{
	struct sockaddr_in own = socket_address(address, port);
	int fd, one = 1;

	in_netns(netns);
	fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	CHECK(fd >= 0);
	CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	CHECK_INT(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
	if (type == SOCK_STREAM)
		CHECK_INT(listen(fd, 10), 0);
	return fd;
}

static void wait_for(int fd, short events)
{
	struct pollfd ready = { .fd = fd, .events = events };

	CHECK_INT(poll(&ready, 1, 20000), 1);
}

static void send_to(int fd, uint32_t address, uint16_t port)
{
	struct sockaddr_in to = socket_address(address, port);

	CHECK_INT(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
}

/* Takes one datagram, which has to come; its source. */
static struct sockaddr_in receive_from(int fd)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	char byte;

	wait_for(fd, POLLIN);
	CHECK_INT(recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &size), 1);
	return from;
}

static bool nothing_received(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void check_source(struct sockaddr_in from, uint32_t address)
{
	CHECK_INT(ntohl(from.sin_addr.s_addr), address);
}

/* A base chain, ready for its rules. */
static struct nft_chain base(const char *name, enum nft_chain_type type, enum nft_hook hook,
			     int priority, bool policy_drop)
{
	return (struct nft_chain){ .name = name,
				   .type = type,
				   .hook = hook,
				   .priority = priority,
				   .policy_drop = policy_drop };
}

static void add_with_rules(struct nft_batch *batch, const struct nft_chain *chain)
{
	nft_batch_chain_add(batch, chain);
	nft_batch_rules_add(batch, chain);
}

/* An element whose key is addresses and numbers. */
static void add_element(struct nft_batch *batch, const struct nft_set *set, uint32_t a, uint32_t b,
			uint32_t c, uint32_t address, uint16_t port)
{
	struct nft_element element = {
		.set = set->name,
		.key = { { .value = a }, { .value = b }, { .value = c } },
		.data = { .address = address, .port = port },
	};

	nft_batch_element_add(batch, set, &element);
}

/* An element that sends a link's packets to a chain. */
static void add_jump(struct nft_batch *batch, const struct nft_set *set, const char *link,
		     const char *chain)
{
	struct nft_element element = {
		.set = set->name,
		.key = { { .name = link } },
		.data = { .verdict = NFT_VERDICT_JUMP, .chain = chain },
	};

	nft_batch_element_add(batch, set, &element);
}

static const enum nft_field key_port[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
			    key_source[] = { NFT_SADDR }, key_destination[] = { NFT_DADDR },
			    key_in[] = { NFT_IIFNAME }, key_out[] = { NFT_OIFNAME };

/* EIP:80 tcp and EIP:53 udp to the server's 8080 and 5353; all of the other EIP to the server's
 * second address. */
static void load_dnat(void)
{
	struct nft_set ports = { .name = "dnat_port", .n_key = 3, .data = NFT_MAP_ADDRESS_PORT };
	struct nft_set any = {
		.name = "dnat_any", .key = { NFT_DADDR }, .n_key = 1, .data = NFT_MAP_ADDRESS
	};
	struct nft_chain chain = base("dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100, false);
	struct nft_rule *rule;
	struct nft_batch *batch = nft_batch_new();

	memcpy(ports.key, key_port, sizeof(key_port));
	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &ports);
	nft_batch_set_add(batch, &any);
	add_element(batch, &ports, EIP, IPPROTO_TCP, 80, SERVER, 8080);
	add_element(batch, &ports, EIP, IPPROTO_UDP, 53, SERVER, 5353);
	add_element(batch, &any, EIP_OTHER, 0, 0, SERVER_B, 0);
	rule = nft_rule_add(&arena, &chain);
	nft_match_name(&arena, rule, NFT_IIFNAME, "outside");
	nft_lookup(&arena, rule, NFT_DNAT_MAP, "dnat_port", key_port, 3, 32, true);
	nft_lookup(&arena, nft_rule_add(&arena, &chain), NFT_DNAT_MAP, "dnat_any", key_destination,
		   1, 32, false);
	add_with_rules(batch, &chain);
	commit(batch, gateway);
}

TEST(dnat_by_port_and_by_address)
{
	struct sockaddr_in eip = socket_address(EIP, 80), from;
	socklen_t size = sizeof(from);
	int listener, client, server, udp, udp_same_port, udp_other;

	build_network();
	load_dnat();
	listener = bound_socket("server", SOCK_STREAM, SERVER, 8080);
	udp = bound_socket("server", SOCK_DGRAM, SERVER, 5353);
	udp_same_port = bound_socket("server", SOCK_DGRAM, SERVER, 53);
	udp_other = bound_socket("server", SOCK_DGRAM, SERVER_B, 53);

	in_netns("client");
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CHECK_INT(connect(client, (struct sockaddr *)&eip, sizeof(eip)), -1);
	CHECK_INT(errno, EINPROGRESS);
	wait_for(listener, POLLIN);
	server = accept(listener, (struct sockaddr *)&from, &size);
	CHECK(server >= 0);
	check_source(from, CLIENT); /* dnat leaves the source alone */
	wait_for(client, POLLOUT);
	CHECK_INT(write(server, "y", 1), 1); /* and back */
	wait_for(client, POLLIN);

	client = bound_socket("client", SOCK_DGRAM, CLIENT, 4000);
	send_to(client, EIP, 54); /* is in no map */
	send_to(client, EIP, 53);
	check_source(receive_from(udp), CLIENT);
	CHECK(nothing_received(udp_same_port));
	send_to(client, EIP_OTHER, 53);
	from = receive_from(udp_other);
	check_source(from, CLIENT);
	CHECK(nothing_received(udp));

	/* The answer comes from the EIP. */
	send_to(udp_other, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port));
	check_source(receive_from(client), EIP_OTHER);
}

/* What comes from inside jumps to a chain by its interface; there the /24 decides, after the cut of
 * its length. */
static void load_snat(void)
{
	struct nft_set ways = {
		.name = "ways", .key = { NFT_IIFNAME }, .n_key = 1, .data = NFT_MAP_VERDICT
	};
	struct nft_set map = {
		.name = "snat_24", .key = { NFT_SADDR }, .n_key = 1, .data = NFT_MAP_ADDRESS
	};
	struct nft_chain chain = base("srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false),
			 entries = { .name = "entries" };
	struct nft_batch *batch = nft_batch_new();

	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &ways);
	nft_batch_set_add(batch, &map);
	nft_lookup(&arena, nft_rule_add(&arena, &entries), NFT_SNAT_MAP, "snat_24", key_source, 1,
		   24, false);
	add_with_rules(batch, &entries);
	nft_lookup(&arena, nft_rule_add(&arena, &chain), NFT_VMAP, "ways", key_in, 1, 32, false);
	add_with_rules(batch, &chain);
	add_jump(batch, &ways, "inside", "entries");
	add_element(batch, &map, SERVER & 0xffffff00, 0, 0, EIP, 0);
	commit(batch, gateway);
}

TEST(snat_by_verdict_map_and_prefix)
{
	struct sockaddr_in from;
	int client, server, server_b;

	build_network();
	load_snat();
	client = bound_socket("client", SOCK_DGRAM, CLIENT, 53);
	server = bound_socket("server", SOCK_DGRAM, SERVER, 4000);
	server_b = bound_socket("server", SOCK_DGRAM, SERVER_B, 4000);
	send_to(server, CLIENT, 53);
	from = receive_from(client);
	check_source(from, EIP);
	send_to(client, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port));
	check_source(receive_from(server), CLIENT);
	send_to(server_b, CLIENT, 53); /* another /24, no entry */
	check_source(receive_from(client), SERVER_B);
}

static void load_pool(void)
{
	static const uint32_t pool[] = { EIP, EIP_OTHER };
	struct nft_chain chain = base("srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false);
	struct nft_batch *batch = nft_batch_new();

	nft_batch_table_add(batch);
	nft_batch_table_delete(batch);
	nft_batch_table_add(batch);
	nft_nat(&arena, nft_rule_add(&arena, &chain), NFT_SNAT_POOL, pool, 2);
	add_with_rules(batch, &chain);
	commit(batch, gateway);
}

/* Sends from 64 ports; a bit for each that came from the other EIP. */
static uint64_t pool_choices(int client)
{
	uint64_t choices = 0;

	for (uint16_t i = 0; i < 64; i++) {
		int server = bound_socket("server", SOCK_DGRAM, SERVER, (uint16_t)(4000 + i));
		struct sockaddr_in from;

		send_to(server, CLIENT, 53);
		from = receive_from(client);
		CHECK(ntohl(from.sin_addr.s_addr) == EIP ||
		      ntohl(from.sin_addr.s_addr) == EIP_OTHER);
		choices |= (uint64_t)(ntohl(from.sin_addr.s_addr) == EIP_OTHER) << i;
		close(server);
	}
	return choices;
}

TEST(a_pool_uses_all_its_addresses_and_the_same_for_the_same_flow)
{
	uint64_t first;

	build_network();
	load_pool();
	first = pool_choices(bound_socket("client", SOCK_DGRAM, CLIENT, 53));
	CHECK(__builtin_popcountll(first) >= 16); /* of 64; a fixed hash, so this does not vary */
	CHECK(__builtin_popcountll(first) <= 48);

	/* A new lab, nothing tracked: the same choices. */
	CHECK_INT(umount2("/run", MNT_DETACH), 0);
	build_network();
	load_pool();
	CHECK(pool_choices(bound_socket("client", SOCK_DGRAM, CLIENT, 53)) == first);
}

/* Policy drop; answers, and what is sent to UDP 1000 to 1009 by 198.51.100.0/24 or is marked, get
 * through. */
static void load_filter(void)
{
	struct nft_chain forward = base("forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, true);
	struct nft_chain mark = base("mark", NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING, -150, false);
	struct nft_set ingress = {
		.name = "ingress", .key = { NFT_OIFNAME }, .n_key = 1, .data = NFT_MAP_VERDICT
	};
	struct nft_chain rules = { .name = "in.SG1" };
	struct nft_batch *batch = nft_batch_new();
	struct nft_rule *rule;

	nft_batch_table_add(batch);
	rule = nft_rule_add(&arena, &mark);
	nft_match_range(&arena, rule, NFT_DPORT, 2000, 2000);
	nft_set_mark(&arena, rule, 6);
	add_with_rules(batch, &mark);

	rule = nft_rule_add(&arena, &rules);
	nft_match_prefix(&arena, rule, NFT_SADDR, CLIENT & 0xffffff00, 24);
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_UDP);
	nft_match_range(&arena, rule, NFT_DPORT, 1000, 1009);
	nft_verdict(&arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = nft_rule_add(&arena, &rules);
	nft_match_value(&arena, rule, NFT_MARK, NFT_ANY_BIT, 2);
	nft_verdict(&arena, rule, NFT_VERDICT_ACCEPT, NULL);
	add_with_rules(batch, &rules);

	rule = nft_rule_add(&arena, &forward);
	nft_match_value(&arena, rule, NFT_STATE, NFT_ANY_BIT,
			NFT_STATE_ESTABLISHED | NFT_STATE_RELATED);
	nft_verdict(&arena, rule, NFT_VERDICT_ACCEPT, NULL);
	nft_batch_set_add(batch, &ingress);
	nft_lookup(&arena, nft_rule_add(&arena, &forward), NFT_VMAP, "ingress", key_out, 1, 32,
		   false);
	add_with_rules(batch, &forward);
	add_jump(batch, &ingress, "inside", "in.SG1");
	commit(batch, gateway);
}

TEST(a_filter_with_policy_drop)
{
	static const struct {
		uint16_t port;
		bool arrives;
	} table[] = { { 999, false }, { 1010, false }, { 1000, true },
		      { 1009, true }, { 2000, true },  { 2001, false } };
	int server[ARRAY_SIZE(table)], client, last;

	build_network();
	load_filter();
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		server[i] = bound_socket("server", SOCK_DGRAM, SERVER, table[i].port);
	last = bound_socket("server", SOCK_DGRAM, SERVER, 1005);
	client = bound_socket("client", SOCK_DGRAM, CLIENT, 4000);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		send_to(client, SERVER, table[i].port);
	send_to(client, SERVER, 1005);
	receive_from(last);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (nothing_received(server[i]) == table[i].arrives)
			test_fail("port %u", table[i].port);

	/* Outwards: only the answer. */
	send_to(server[0], CLIENT, 4000);
	send_to(last, CLIENT, 4000);
	CHECK_INT(ntohs(receive_from(client).sin_port), 1005);
	CHECK(nothing_received(client));
}

/* New connections that the rule goes on with are dropped. */
static void load_limit(struct nft_rule *limit, const struct nft_set *set)
{
	struct nft_chain forward = base("forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, false);
	struct nft_batch *batch = nft_batch_new();

	nft_counter(&arena, limit);
	nft_verdict(&arena, limit, NFT_VERDICT_DROP, NULL);
	forward.rule = limit;
	forward.n_rule = 1;
	nft_batch_table_add(batch);
	if (set)
		nft_batch_set_add(batch, set);
	add_with_rules(batch, &forward);
	commit(batch, gateway);
}

static struct nft_rule *rule_for_new(void)
{
	struct nft_rule *rule = arena_alloc(&arena, sizeof(*rule));

	nft_match_value(&arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
	return rule;
}

/* Sends one datagram from each of n sockets, then once more from the first, which is known; how
 * many got through. */
static unsigned count_received(unsigned n)
{
	int server = bound_socket("server", SOCK_DGRAM, SERVER, 53), first = -1;
	unsigned received = 0;

	for (unsigned i = 0; i < n; i++) {
		int client = bound_socket("client", SOCK_DGRAM, CLIENT, (uint16_t)(4000 + i));

		send_to(client, SERVER, 53);
		if (i == 0) {
			/* Answered, so that it is no new connection any more. */
			struct sockaddr_in from = receive_from(server);

			first = client;
			received++;
			send_to(server, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port));
			receive_from(client);
		} else {
			close(client);
		}
	}
	send_to(first, SERVER, 53);
	while (ntohs(receive_from(server).sin_port) != 4000)
		received++;
	return received;
}

TEST(no_more_than_so_many_connections)
{
	static const enum nft_field key[] = { NFT_NUMBER };
	const struct nft_set set = {
		.name = "connections", .key = { NFT_NUMBER }, .n_key = 1, .dynamic = true
	};
	struct nft_rule *rule = rule_for_new();

	build_network();
	nft_limit_connections(&arena, rule, set.name, key, 1, 7, 1); /* seven lists of one */
	load_limit(rule, &set);
	CHECK_INT(count_received(20), 7);
	in_netns("gateway");
	CHECK(strstr(RUN("", "nft", "list", "chain", "ip", NFT_TABLE, "forward"),
		     "ct count over 1 } counter packets 13 "));
}

TEST(no_more_than_so_many_connections_of_a_key)
{
	static const enum nft_field key[] = { NFT_SADDR, NFT_DADDR, NFT_L4PROTO, NFT_DPORT,
					      NFT_RANDOM };
	struct nft_set set = { .name = "destination", .n_key = ARRAY_SIZE(key), .dynamic = true };
	struct nft_rule *rule = rule_for_new();

	memcpy(set.key, key, sizeof(key));
	build_network();
	nft_limit_connections(&arena, rule, set.name, key, ARRAY_SIZE(key), 1, 7);
	load_limit(rule, &set);
	CHECK_INT(count_received(20), 7);
}

TEST(no_more_than_so_many_connections_a_second)
{
	struct nft_rule *rule = rule_for_new();
	unsigned received;

	build_network();
	nft_limit_rate(&arena, rule, 2);
	load_limit(rule, NULL);
	received = count_received(500);
	CHECK(received >= 2);
	CHECK(received < 500); /* all of them would take four minutes */
}

/* One connection is refused, its neighbour is made; from inside, ports below 1024 leave by others.
 */
static void load_reset_and_ports(void)
{
	struct nft_chain forward = base("forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, false);
	struct nft_chain srcnat = base("srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false);
	struct nft_rule *rule = nft_rule_add(&arena, &forward);
	struct nft_batch *batch = nft_batch_new();

	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_TCP);
	nft_match_value(&arena, rule, NFT_DPORT, NFT_EQUAL, 81);
	nft_reject_reset(&arena, rule);
	rule = nft_rule_add(&arena, &srcnat);
	nft_match_name(&arena, rule, NFT_OIFNAME, "outside");
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_UDP);
	nft_nat(&arena, rule, NFT_SNAT_TO, &(uint32_t){ EIP }, 1);
	nft_snat_ports(rule, 1024, 1027, false);
	nft_batch_table_add(batch);
	add_with_rules(batch, &forward);
	add_with_rules(batch, &srcnat);
	commit(batch, gateway);
}

TEST(a_reset_refuses_a_connection)
{
	struct sockaddr_in to = socket_address(SERVER, 81);
	struct pollfd arrived = { .events = POLLIN };
	socklen_t size = sizeof(int);
	int client, error = 0;

	build_network();
	load_reset_and_ports();
	arrived.fd = bound_socket("server", SOCK_STREAM, SERVER, 81);
	in_netns("client");
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CHECK_INT(connect(client, (struct sockaddr *)&to, sizeof(to)), -1);
	wait_for(client, POLLOUT);
	CHECK_INT(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size), 0);
	CHECK_INT(error, ECONNREFUSED);
	CHECK_INT(poll(&arrived, 1, 0), 0);
}

TEST(snat_chooses_among_its_ports)
{
	static const uint16_t from[] = { 53, 1026, 4000, 4001 };
	unsigned seen = 0;
	int client;

	build_network();
	load_reset_and_ports();
	client = bound_socket("client", SOCK_DGRAM, CLIENT, 53);
	for (size_t i = 0; i < ARRAY_SIZE(from); i++) {
		int server = bound_socket("server", SOCK_DGRAM, SERVER, from[i]);
		struct sockaddr_in source;

		send_to(server, CLIENT, 53);
		source = receive_from(client);
		check_source(source, EIP);
		CHECK(ntohs(source.sin_port) >= 1024 && ntohs(source.sin_port) <= 1027);
		CHECK(!(seen & 1u << (ntohs(source.sin_port) - 1024)));
		seen |= 1u << (ntohs(source.sin_port) - 1024);
	}
	CHECK_INT(seen, 15);
}

TEST(a_trace_says_when_there_were_more_packets_than_it_keeps)
{
	static const struct nft_trace_port all = { .protocol = IPPROTO_UDP };
	static const int sent[] = { 10, 4096, 4097 };
	int from, to, taken;

	build_network();
	to = bound_socket("server", SOCK_DGRAM, SERVER, 53);
	from = bound_socket("client", SOCK_DGRAM, CLIENT, 0);
	in_netns("gateway");
	for (size_t i = 0; i < ARRAY_SIZE(sent); i++) {
		const struct nft_trace_packet *packet;
		struct nft_trace *trace;
		struct error err;
		bool lost;

		CHECK_INT(nft_trace_begin(&trace, &all, 1, &err), 0);
		for (int n = 0; n < sent[i]; n++) {
			send_to(from, SERVER, 53);
			receive_from(to);
			/* What the kernel holds for us is not to be what is full. */
			CHECK_INT(nft_trace_drain(trace, &err), 0);
		}
		taken = nft_trace_take(trace, 0, &packet, &lost, &err);
		CHECK_INT(taken, sent[i] < 4096 ? sent[i] : 4096);
		CHECK_INT(lost, sent[i] > 4096);
		nft_trace_free(trace);
	}
}
