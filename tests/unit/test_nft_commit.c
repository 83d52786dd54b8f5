/* SPDX-License-Identifier: GPL-3.0-only */
/* Batches of nftables changes: whole or not at all, of any size, and what goes wrong is said with
 * its object. */
#include "tests/unit/test.h"

#include <sys/socket.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <linux/netfilter/nf_tables.h>

#include "tests/unit/nft_example.h"

TEST(changes_and_removals)
{
	struct description *d = describe();
	const struct nft_set *map = find_set(d, "dnat_any");
	struct nft_element changed = { .set = "dnat_any",
				       .key = { { .value = 0xcb007106 } },
				       .data = { .address = 0x01020304 } };
	struct nft_batch *batch = nft_batch_new();
	int fd;

	private_sandbox();
	fd = nft_socket();
	commit(batch, fd); /* of nothing is fine */
	commit(to_batch(d), fd);

	/* An element gets another value, a chain other rules, in one transaction. */
	batch = nft_batch_new();
	nft_batch_element_delete(batch, map, &changed);
	nft_batch_element_add(batch, map, &changed);
	nft_batch_chain_flush(batch, &d->chain[1]);
	d->chain[1].n_rule = 0;
	nft_verdict(&arena, nft_rule_add(&arena, &d->chain[1]), NFT_VERDICT_DROP, NULL);
	nft_batch_rules_add(batch, &d->chain[1]);
	commit(batch, fd);
	CHECK(strstr(RUN("", "nft", "list", "map", "ip", NFT_TABLE, "dnat_any"),
		     "203.0.113.6 : 1.2.3.4"));
	CHECK(strstr(RUN("", "nft", "list", "chain", "ip", NFT_TABLE, "in/12/15"),
		     "{\n\t\tdrop\n\t}"));

	/* Piece by piece, back to an empty table. */
	batch = nft_batch_new();
	nft_batch_table_add(batch); /* is there already */
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_chain_flush(batch, &d->chain[i]);
	changed.data.address = 0; /* the key says which */
	nft_batch_element_delete(batch, map, &changed);
	for (size_t i = 0; i < d->n_set; i++)
		nft_batch_set_delete(batch, &d->set[i]);
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_chain_delete(batch, &d->chain[i]);
	commit(batch, fd);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), "table ip " NFT_TABLE " {\n}\n");

	batch = nft_batch_new();
	nft_batch_table_delete(batch);
	commit(batch, fd);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), "");
}

/* A batch that has to fail, in those words; nothing of it may stay. */
static void check_refused(struct nft_batch *batch, int fd, int want_result,
			  const char *want_message)
{
	struct error err = { 0 };
	char *before = RUN("", "nft", "list", "ruleset");

	CHECK_INT(nft_batch_commit(batch, fd, &err), want_result);
	CHECK_STR(err.message, want_message);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), before);
	nft_batch_free(batch);
}

TEST(errors_name_the_object)
{
	struct description *d = describe();
	const struct nft_set *ports = find_set(d, "dnat_port"), *egress = find_set(d, "egress");
	struct nft_chain plain = { .name = "plain" };
	struct nft_element element = d->element[0], other = element;
	static const enum nft_field key[] = { NFT_SADDR };
	struct nft_batch *batch;
	int fd;

	private_sandbox();
	fd = nft_socket();
	commit(to_batch(d), fd);

	/* The second of three: exactly that one is named. */
	batch = nft_batch_new();
	other.key[2].value = 1000;
	nft_batch_element_add(batch, ports, &other);
	nft_batch_element_add(batch, ports, &element);
	other.key[2].value = 1001;
	nft_batch_element_add(batch, ports, &other);
	check_refused(
		batch, fd, -EEXIST,
		"cannot add nftables element 203.0.113.5 . tcp . 80 of map dnat_port: File exists");

	batch = nft_batch_new();
	element = (struct nft_element){ .set = "egress", .key = { { .name = "nobody" } } };
	nft_batch_element_delete(batch, egress, &element);
	check_refused(batch, fd, -ENOENT,
		      "cannot delete nftables element \"nobody\" of map egress: No such file or "
		      "directory");

	batch = nft_batch_new();
	nft_batch_chain_add(batch, &plain);
	nft_counter(&arena, nft_rule_add(&arena, &plain));
	nft_lookup(&arena, nft_rule_add(&arena, &plain), NFT_IN_SET, "nowhere", key, 1, 32, false);
	nft_batch_rules_add(batch, &plain);
	check_refused(batch, fd, -ENOENT,
		      "cannot add nftables rule 2 of chain plain: No such file or directory");

	batch = nft_batch_new();
	nft_batch_set_delete(batch, egress);
	check_refused(batch, fd, -EBUSY,
		      "cannot delete nftables map egress: Device or resource busy");

	batch = nft_batch_new();
	nft_batch_chain_add(batch, &d->chain[0]);
	check_refused(batch, fd, -EEXIST, "cannot add nftables chain in.SG1: File exists");

	batch = nft_batch_new();
	nft_batch_chain_delete(batch, &plain);
	check_refused(batch, fd, -ENOENT,
		      "cannot delete nftables chain plain: No such file or directory");
}

TEST(the_first_of_many_errors_is_told)
{
	struct nft_batch *batch = nft_batch_new();
	char name[2000][16];
	int fd;

	private_sandbox();
	fd = nft_socket();
	nft_batch_table_add(batch);
	for (size_t i = 0; i < 2000; i++) {
		struct nft_chain chain = { .name = name[i] };

		snprintf(name[i], sizeof(name[i]), "chain%zu", i);
		nft_batch_chain_delete(batch, &chain);
	}
	check_refused(batch, fd, -ENOENT,
		      "cannot delete nftables chain chain0: No such file or directory");

	/* The socket is as good as before. */
	commit(to_batch(describe()), fd);
}

/* Elements for thousands of keys, a pool in a chain of its own for each hundredth. */
static struct nft_batch *large_batch(unsigned n)
{
	struct nft_batch *batch = nft_batch_new();
	struct nft_set map = { .name = "large",
			       .key = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
			       .n_key = 3,
			       .data = NFT_MAP_ADDRESS_PORT };
	static const uint32_t pool[] = { 1, 2 };

	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &map);
	for (unsigned i = 0; i < n; i++) {
		struct nft_element element = {
			.set = "large",
			.key = { { .value = i }, { .value = 6 }, { .value = i & 0xffff } }
		};

		nft_batch_element_add(batch, &map, &element);
		if (i % 100)
			continue;

		struct nft_chain chain = { .name = arena_printf(&arena, "srcnat%u", i),
					   .type = NFT_CHAIN_NAT,
					   .hook = NFT_HOOK_POSTROUTING,
					   .priority = 100 };

		nft_nat(&arena, nft_rule_add(&arena, &chain), NFT_SNAT_POOL, pool, 2);
		nft_batch_chain_add(batch, &chain);
		nft_batch_rules_add(batch, &chain);
	}
	return batch;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

TEST(more_than_one_socket_buffer)
{
	static const int buffers[] = { 0 /* as it comes */, 50000, 10000 };

	private_sandbox();
	for (size_t i = 0; i < ARRAY_SIZE(buffers); i++) {
		char *listed;
		int fd;

		private_network();
		fd = nft_socket();
		if (buffers[i])
			CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffers[i],
					     sizeof(buffers[i])),
				  0);
		commit(large_batch(5000), fd);
		listed = RUN("", "nft", "list", "ruleset");
		CHECK_INT(count(listed, " . tcp . "), 5000);
		CHECK_INT(count(listed, "map { 0 : 0.0.0.1, 1 : 0.0.0.2 }"), 50);
		close(fd);
	}
}

TEST(one_message_too_large_for_the_socket)
{
	struct nft_batch *batch = nft_batch_new();
	struct nft_set set = { .name = "large", .key = { NFT_DADDR }, .n_key = 1 };
	struct error err = { 0 };
	int fd, small = 10000;

	private_sandbox();
	fd = nft_socket();
	CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &set);
	for (unsigned i = 0; i < 2000; i++)
		nft_batch_element_add(
			batch, &set,
			&(struct nft_element){ .set = "large", .key = { { .value = i } } });
	CHECK_INT(nft_batch_commit(batch, fd, &err), -EMSGSIZE);
	CHECK(strstr(err.message, "more than a socket may send here"));
	CHECK(strstr(err.hint, "net.core.wmem_max"));
	nft_batch_free(batch);
}

TEST(without_the_right_to_change_it)
{
	struct nft_batch *batch = nft_batch_new();
	struct error err = { 0 };

	private_sandbox();
	CHECK_INT(unshare(CLONE_NEWNET), 0);

	int fd = nft_socket();

	CHECK_INT(unshare(CLONE_NEWUSER), 0); /* that network belongs to the outer one */
	nft_batch_table_add(batch);
	CHECK_INT(nft_batch_commit(batch, fd, &err), -EPERM);
	CHECK_STR(err.message, "cannot change nftables: Operation not permitted");
	nft_batch_free(batch);
}

/* Have the kernel answer more than the socket can hold. */
static void fill(int fd)
{
	struct {
		struct nlmsghdr head;
		struct nfgenmsg body;
	} question = { .head = { .nlmsg_len = sizeof(question),
				 .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN,
				 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK } };

	for (int i = 0; i < 1000; i++)
		CHECK_INT(send(fd, &question, sizeof(question), 0), sizeof(question));
}

/* More messages that fail than the socket has room for answers to: the first one is told, and where
 * only the others' were lost it cannot be known that all went well. */
TEST(answers_that_the_kernel_lost)
{
	struct nft_batch *batch = nft_batch_new();
	struct nft_chain chain = { .name = "none" };
	struct error err = { 0 };
	int fd, room = 1;

	private_sandbox();
	fd = nft_socket();
	CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
	nft_batch_table_add(batch);
	for (unsigned i = 0; i < 200; i++)
		nft_batch_chain_delete(batch, &chain);
	CHECK_INT(nft_batch_commit(batch, fd, &err), -ENOENT);
	CHECK(strstr(err.message, "cannot delete nftables chain none"));
	nft_batch_free(batch);

	/* The socket is full already, so that none arrives. */
	batch = nft_batch_new();
	nft_batch_table_add(batch);
	fill(fd);
	CHECK_INT(nft_batch_commit(batch, fd, &err), -ENOBUFS);
	CHECK(strstr(err.message, "answers were lost"));
	nft_batch_free(batch);
}
