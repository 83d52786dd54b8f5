/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/cloud.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

/*
 * What a host asks about itself, told from the address that it asks from. A line of the VPC's file
 * is an interface; a request reads the file, makes the list of all that the host may ask for, and
 * answers with one of its values or, for the path of a directory, with what is in it.
 * cloud-semantics: dns-9, dns-10, dns-11, dns-12
 */
enum {
	IP,
	INSTANCE,
	INTERFACE,
	INDEX,
	MAC,
	EIP,    /* "-": none; of its own, or as below */
	STATIC, /* the public address that it has otherwise */
	VSWITCH,
	VSWITCH_CIDR,
	ZONE,
	VPC,
	VPC_CIDR,
	GROUPS,       /* with a comma between */
	PRIVATE_NAME, /* in the DNS */
	PUBLIC_NAME,
	TOKENS,    /* "required", or not */
	ENDPOINT,  /* "disabled", or not */
	HOPS,      /* of a token */
	SECONDARY, /* private addresses, with a comma between; "-": none */
	N_COLUMN,
	PUBLIC,  /* either address */
	PRIVATE, /* IP, then SECONDARY */
	RESOLVERS
};

enum { LINE_SIZE = 4096, ENTRIES_MAX = 400, ENTRY_SIZE = 512, TOKENS_MAX = 256 };
enum { TOKEN_SIZE = 41, TOKEN_SECONDS_MAX = 21600 };

struct path {
	const char *path;
	int column;
};

/* Of the host, from its first interface; then of each interface, below its MAC address. */
static const struct style {
	const char *token_header, *seconds_header, *resolvers;
	struct path host[20], interface[16];
} styles[] = {
	[METADATA_ALIBABA] = {
		.token_header = "X-aliyun-ecs-metadata-token",
		.seconds_header = "X-aliyun-ecs-metadata-token-ttl-seconds",
		.resolvers = "100.100.2.136\n100.100.2.138",
		.host = { { "dns-conf/nameservers", RESOLVERS },
			  { "eipv4", EIP },
			  { "hostname", INSTANCE },
			  { "instance-id", INSTANCE },
			  { "mac", MAC },
			  { "private-ipv4", IP },
			  { "public-ipv4", STATIC },
			  { "vpc-cidr-block", VPC_CIDR },
			  { "vpc-id", VPC },
			  { "vswitch-cidr-block", VSWITCH_CIDR },
			  { "vswitch-id", VSWITCH },
			  { "zone-id", ZONE } },
		.interface = { { "network-interface-id", INTERFACE },
			       { "primary-ip-address", IP },
			       { "private-ipv4s", PRIVATE },
			       { "vpc-cidr-block", VPC_CIDR },
			       { "vpc-id", VPC },
			       { "vswitch-cidr-block", VSWITCH_CIDR },
			       { "vswitch-id", VSWITCH } },
	},
	[METADATA_AWS] = {
		.token_header = "X-aws-ec2-metadata-token",
		.seconds_header = "X-aws-ec2-metadata-token-ttl-seconds",
		.host = { { "hostname", PRIVATE_NAME },
			  { "instance-id", INSTANCE },
			  { "local-hostname", PRIVATE_NAME },
			  { "local-ipv4", IP },
			  { "mac", MAC },
			  { "placement/availability-zone", ZONE },
			  { "public-hostname", PUBLIC_NAME },
			  { "public-ipv4", PUBLIC },
			  { "security-groups", GROUPS } },
		.interface = { { "device-number", INDEX },
			       { "interface-id", INTERFACE },
			       { "local-hostname", PRIVATE_NAME },
			       { "local-ipv4s", PRIVATE },
			       { "mac", MAC },
			       { "public-hostname", PUBLIC_NAME },
			       { "public-ipv4s", PUBLIC },
			       { "security-groups", GROUPS },
			       { "subnet-id", VSWITCH },
			       { "subnet-ipv4-cidr-block", VSWITCH_CIDR },
			       { "vpc-id", VPC },
			       { "vpc-ipv4-cidr-block", VPC_CIDR } },
	},
};

struct metadata {
	const char *vpc;
	const struct style *style;
	struct token {
		char text[TOKEN_SIZE];
		uint32_t client;
		time_t end;
	} token[TOKENS_MAX]; /* the oldest makes room */
	size_t next_token;
};

/* ---- what there is ---- */

struct metadata_line {
	char text[LINE_SIZE];
	char *word[N_COLUMN];
};

static bool line_read(FILE *file, struct metadata_line *line)
{
	char *rest = line->text, *word;
	size_t n = 0;

	if (!file || !fgets(line->text, sizeof(line->text), file))
		return false;
	while (n < N_COLUMN && (word = strsep(&rest, " \n")))
		line->word[n++] = word;
	return n == N_COLUMN;
}

struct metadata_entry {
	char path[ENTRY_SIZE / 2], value[ENTRY_SIZE / 2];
};

struct entries {
	struct metadata_entry entry[ENTRIES_MAX];
	size_t n;
	/* What the host's user wants of the service. */
	bool token_needed, disabled;
	int token_hops;
};

/* Those of an interface, as far as they are there. */
static void add_entries(struct entries *entries, const struct style *style, const char *below,
			const struct path *path, char *const *word)
{
	for (; path->path && entries->n < ENTRIES_MAX; path++) {
		const char *public = strcmp(word[EIP], "-") != 0 ? word[EIP] : word[STATIC],
			   *value = path->column == PUBLIC      ? public
				    : path->column == RESOLVERS ? style->resolvers
				    : path->column == PRIVATE   ? word[IP]
								: word[path->column];
		struct metadata_entry *entry = &entries->entry[entries->n];
		const bool more = path->column == PRIVATE && strcmp(word[SECONDARY], "-") != 0;

		if (strcmp(value, "-") == 0)
			continue;
		snprintf(entry->path, sizeof(entry->path), "%s%s", below, path->path);
		snprintf(entry->value, sizeof(entry->value), "%s%s%s", value, more ? "," : "",
			 more ? word[SECONDARY] : "");
		for (char *comma = entry->value; (comma = strchr(comma, ','));)
			*comma = '\n';
		entries->n++;
	}
}

static bool has_address(char *const *word, const char *ip)
{
	const size_t length = strlen(ip);
	const char *at = word[SECONDARY];

	if (strcmp(word[IP], ip) == 0)
		return true;
	while ((at = strstr(at, ip))) {
		if ((at == word[SECONDARY] || at[-1] == ',') && strchr(",", at[length]))
			return true;
		at += length;
	}
	return false;
}

/* All that the host with that address may ask for. None: there is no such host. */
static void entries_make(const struct metadata *metadata, uint32_t client, struct entries *entries)
{
	char path[512], ip[INET_ADDRSTRLEN], host[256] = "";
	const struct in_addr address = { .s_addr = client };
	const struct style *style = metadata->style;
	enum { WHO, HOST, INTERFACES };
	struct metadata_line line;
	FILE *file;

	entries->n = 0;
	entries->token_needed = entries->disabled = false;
	entries->token_hops = 1;
	inet_ntop(AF_INET, &address, ip, sizeof(ip));
	snprintf(path, sizeof(path), CLOUD_DIRECTORY "/%s/metadata", metadata->vpc);
	file = fopen(path, "re");
	for (int pass = WHO; file && pass <= INTERFACES; pass++) {
		rewind(file);
		while (line_read(file, &line)) {
			if (pass == WHO && has_address(line.word, ip)) {
				snprintf(host, sizeof(host), "%s", line.word[INSTANCE]);
				entries->token_needed = strcmp(line.word[TOKENS], "required") == 0;
				entries->disabled = strcmp(line.word[ENDPOINT], "disabled") == 0;
				entries->token_hops = (int)strtol(line.word[HOPS], NULL, 10);
			}
			if (pass == WHO || strcmp(line.word[INSTANCE], host) != 0)
				continue;
			if (pass == HOST && strcmp(line.word[INDEX], "0") == 0)
				add_entries(entries, style, "", style->host, line.word);
			snprintf(path, sizeof(path), "network/interfaces/macs/%s/", line.word[MAC]);
			if (pass == INTERFACES)
				add_entries(entries, style, path, style->interface, line.word);
		}
	}
	if (file)
		fclose(file);
}

/* A value, or what is directly below a directory, each once. False: there is no such path. */
static bool entries_find(const struct entries *entries, const char *path, char *text, size_t size)
{
	size_t length = strlen(path), n = 0;
	const char *last = "";
	size_t last_length = 0;

	while (length > 0 && path[length - 1] == '/')
		length--;
	text[0] = '\0';
	for (size_t i = 0; i < entries->n; i++) {
		const char *own = entries->entry[i].path;
		size_t part;

		if (strncmp(own, path, length) != 0)
			continue;
		if (!own[length]) {
			snprintf(text, size, "%s", entries->entry[i].value);
			return true;
		}
		if (length > 0 && own[length] != '/')
			continue;
		own += length + (length > 0);
		part = strcspn(own, "/") + (own[strcspn(own, "/")] == '/');
		if (part == last_length && strncmp(own, last, part) == 0)
			continue;
		last = own;
		last_length = part;
		n += (size_t)snprintf(text + n, n < size ? size - n : 0, "%s%.*s", n ? "\n" : "",
				      (int)part, own);
		if (n >= size)
			return true;
	}
	return n > 0;
}

/* ---- tokens ---- */

static void token_make(struct metadata *metadata, uint32_t client, long seconds,
		       char text[static TOKEN_SIZE])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct token *token = &metadata->token[metadata->next_token++ % TOKENS_MAX];
	unsigned char random[TOKEN_SIZE - 1];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort(); /* of so few bytes the kernel gives all */
	for (size_t i = 0; i < sizeof(random); i++)
		text[i] = digits[random[i] % 64];
	text[sizeof(random)] = '\0';
	memcpy(token->text, text, TOKEN_SIZE);
	token->client = client;
	token->end = time(NULL) + seconds;
}

static bool token_is_good(const struct metadata *metadata, uint32_t client, const char *text)
{
	for (size_t i = 0; i < TOKENS_MAX; i++)
		if (metadata->token[i].client == client && time(NULL) < metadata->token[i].end &&
		    strcmp(metadata->token[i].text, text) == 0)
			return true;
	return false;
}

/* ---- requests ---- */

/* The answer goes as far as the host's user wants, at first to the host itself: no router of the
 * cloud's takes a hop from it. cloud-semantics: dns-12 */
static void limit_hops(struct MHD_Connection *connection, int ttl)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	(void)setsockopt(info->connect_fd, SOL_IP, IP_TTL, &ttl, sizeof(ttl));
}

static unsigned give_token(struct metadata *metadata, struct MHD_Connection *connection,
			   uint32_t client, int hops, char *text, size_t size)
{
	const char *wanted = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							 metadata->style->seconds_header);
	const long seconds = wanted ? strtol(wanted, NULL, 10) : 0;

	if (seconds < 1 || seconds > TOKEN_SECONDS_MAX) {
		snprintf(text, size, "%s: 1 to %d is needed\n", metadata->style->seconds_header,
			 TOKEN_SECONDS_MAX);
		return MHD_HTTP_BAD_REQUEST;
	}
	limit_hops(connection, hops);
	token_make(metadata, client, seconds, text);
	return MHD_HTTP_OK;
}

static unsigned give_metadata(const struct metadata *metadata, struct MHD_Connection *connection,
			      uint32_t client, const struct entries *entries, const char *path,
			      char *text, size_t size)
{
	const char *token = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							metadata->style->token_header);

	if (token ? !token_is_good(metadata, client, token) : entries->token_needed) {
		snprintf(text, size,
			 token ? "the token is not, or not any more, good\n"
			       : "a token is needed\n");
		return MHD_HTTP_UNAUTHORIZED;
	}
	if (entries_find(entries, path, text, size))
		return MHD_HTTP_OK;
	snprintf(text, size, "there is no such metadata\n");
	return MHD_HTTP_NOT_FOUND;
}

static unsigned respond(struct metadata *metadata, struct MHD_Connection *connection,
			const char *url, const char *method, char *text, size_t size)
{
	static const char tree[] = "/latest/meta-data";
	static struct entries entries; /* there is one thread */
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr_in *client = (const void *)info->client_addr;
	const uint32_t from = client->sin_addr.s_addr;
	const bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	const size_t length = sizeof(tree) - 1;
	unsigned status;

	entries_make(metadata, from, &entries);
	if (entries.disabled)
		status = (snprintf(text, size, "switched off\n"), MHD_HTTP_FORBIDDEN);
	else if (strcmp(url, "/latest/api/token") == 0 && strcmp(method, "PUT") == 0)
		status = give_token(metadata, connection, from, entries.token_hops, text, size);
	else if (get && strncmp(url, tree, length) == 0 && (!url[length] || url[length] == '/'))
		status = give_metadata(metadata, connection, from, &entries,
				       url + length + (url[length] == '/'), text, size);
	else if (get && (strcmp(url, "/") == 0 || strncmp(url, "/latest", 7) == 0))
		status = (snprintf(text, size, url[1] ? "meta-data/" : "latest"), MHD_HTTP_OK);
	else
		status = (snprintf(text, size, "there is nothing here\n"), MHD_HTTP_NOT_FOUND);
	service_log(client, "%.8s %.200s %u", method, url, status);
	return status;
}

static enum MHD_Result request_handle(void *arg, struct MHD_Connection *connection, const char *url,
				      const char *method, const char *version, const char *body,
				      size_t *body_size, void **context)
{
	static int began;
	char text[LINE_SIZE];

	(void)version;
	(void)body;
	if (!*context || *body_size > 0) { /* its head, then a body, which nobody reads */
		*context = &began;
		*body_size = 0;
		return MHD_YES;
	}
	const unsigned status = respond(arg, connection, url, method, text, sizeof(text));

	return (enum MHD_Result)http_answer(connection, status, text);
}

struct MHD_Daemon *metadata_start(const char *vpc, enum metadata_style style, int fd)
{
	static struct metadata metadata;

	metadata.vpc = vpc;
	metadata.style = &styles[style];
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, request_handle,
				&metadata, MHD_OPTION_LISTEN_SOCKET, fd,
				MHD_OPTION_CONNECTION_LIMIT, 200u, MHD_OPTION_CONNECTION_TIMEOUT,
				30u, MHD_OPTION_END);
}
