/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, READY_FD = 3 };

static const char usage[] =
	"usage: vpclab-service http --name NODE --port PORT\n"
	"       vpclab-service https --name NODE --port PORT [--names FILE]\n"
	"       vpclab-service echo --name NODE --port PORT --protocol tcp|udp\n"
	"       vpclab-service ssh --name NODE --port PORT\n"
	"       vpclab-service alibaba|aws --name VPC [--names FILE]\n"
	"       vpclab-service balancer --name NODE ADDRESS:PORT...\n"
	"\n"
	"The servers of a lab's hosts; vpclab starts them (service start). http answers every\n"
	"request with the name of the node and the address that it saw the client come from, and\n"
	"https does so over TLS with a certificate for the node's name or those in the file, one "
	"a\n"
	"line, which every node of the lab trusts; echo sends back what it gets; ssh lets one log "
	"in if the\n"
	"machine has an ssh server, else it only says hello. alibaba and aws are the resolver and\n"
	"the metadata of a VPC, on the sockets that vpclab has opened, with the aliases that the\n"
	"file tells dnsmasq; balancer makes the health checks of a load balancer. Each client is\n"
	"logged as a line on\n"
	"standard output. Once they serve they write \"1\" to file descriptor 3, or why they\n"
	"cannot, if it is open.\n";

const char *client_format(const struct sockaddr_in *client, char text[static CLIENT_TEXT_SIZE])
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &client->sin_addr, address, sizeof(address));
	snprintf(text, CLIENT_TEXT_SIZE, "%s:%u", address, ntohs(client->sin_port));
	return text;
}

/* Write all of it. A reader who is gone or a full disk is no reason to stop serving. */
static void write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

void service_log(const struct sockaddr_in *client, const char *format, ...)
{
	char line[4096], from[CLIENT_TEXT_SIZE];
	time_t now = time(NULL);
	struct tm tm;
	va_list ap;
	size_t n;

	n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", gmtime_r(&now, &tm));
	n += (size_t)snprintf(line + n, sizeof(line) - n, "%s ", client_format(client, from));
	va_start(ap, format);
	vsnprintf(line + n, sizeof(line) - n - 1, format, ap);
	va_end(ap);
	n = strlen(line);
	line[n++] = '\n';
	write_all(STDOUT_FILENO, line, n); /* in one write, so that lines do not mix */
}

void service_ready(const struct server *service)
{
	if (service->ready_fd < 0)
		return;
	write_all(service->ready_fd, "1", 1);
	close(service->ready_fd);
}

void service_failed(const struct server *service, const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(stderr, "vpclab-service: %s\n", text);
	if (service->ready_fd < 0)
		return;
	write_all(service->ready_fd, text, strlen(text));
	close(service->ready_fd);
}

bool service_in_lab(void)
{
	FILE *name = fopen("/proc/1/comm", "re");
	char line[32] = "";

	if (name && !fgets(line, sizeof(line), name))
		line[0] = '\0';
	if (name)
		fclose(name);
	return strcmp(line, "vpclab-keeper\n") == 0;
}

int service_lock(const char *directory)
{
	int fd = -1, reason;

	if (mkdir(directory, 0700) == 0 || errno == EEXIST)
		fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) == 0)
		return fd;
	reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

int service_listen(const struct server *service, int type)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(service->port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1;

	if (fd < 0) {
		service_failed(service, "cannot open a socket: %s", strerror(errno));
		return -1;
	}
	/* The port of a stream may still hold connections that ended a moment ago. */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0 &&
	    (type != SOCK_STREAM || listen(fd, 1024) == 0))
		return fd;

	if (errno == EADDRINUSE)
		service_failed(service, "port %u is in use", service->port);
	else
		service_failed(service, "cannot serve on port %u: %s", service->port,
			       strerror(errno));
	close(fd);
	return -1;
}

static void __attribute__((noreturn)) stop(int signal_number)
{
	(void)signal_number;
	_exit(EXIT_SUCCESS);
}

/* Each request is the work of a moment, so nothing needs an orderly end. */
static void prepare_process(void)
{
	struct sigaction action = { .sa_handler = stop };
	struct rlimit files;

	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int wrong_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int wrong_usage(const char *format, ...)
{
	va_list ap;

	fputs("vpclab-service: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, "\n%s", usage);
	return EXIT_USAGE;
}

/* Take a number from 1 to 65535 and nothing else. */
static bool parse_port(const char *text, uint16_t *ret_port)
{
	char *end;
	unsigned long port;

	if (*text < '0' || *text > '9')
		return false;
	port = strtoul(text, &end, 10);
	if (*end || port < 1 || port > 65535)
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

struct kind {
	const char *word;
	int (*run)(const struct server *service);
	bool has_protocol, has_names, no_port, has_targets;
};

static const struct kind kinds[] = {
	{ .word = "http", .run = http_run },
	{ .word = "https", .run = https_run, .has_names = true },
	{ .word = "echo", .run = echo_run, .has_protocol = true },
	{ .word = "ssh", .run = ssh_run },
	{ .word = "alibaba", .run = alibaba_run, .has_names = true, .no_port = true },
	{ .word = "aws", .run = aws_run, .has_names = true, .no_port = true },
	{ .word = "balancer", .run = balancer_run, .no_port = true, .has_targets = true },
};

/* Return NULL where there is none of that name. */
static const struct kind *find_kind(const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, word) == 0)
			return &kinds[i];
	return NULL;
}

/* Check the words behind the options and what they need. Return EXIT_SUCCESS, or the exit status
 * after having said what is wrong. */
static int check_usage(char **word, int n_word, const char *protocol, struct server *service,
		       const struct kind **ret_kind)
{
	const struct kind *kind = n_word > 0 ? find_kind(word[0]) : NULL;

	if (n_word == 0 || (n_word > 1 && !(kind && kind->has_targets)))
		return wrong_usage("one service is needed: http, https, echo, ssh, alibaba, aws or "
				   "balancer");
	if (!kind)
		return wrong_usage("%s is no service: http, https, echo, ssh, alibaba, aws and "
				   "balancer are",
				   word[0]);
	if (!service->name || (!service->port && !kind->no_port))
		return wrong_usage("--name and --port are needed");
	if (kind->has_protocol && !protocol)
		return wrong_usage("--protocol is needed");
	if (!kind->has_protocol && protocol)
		return wrong_usage("%s takes no --protocol", kind->word);
	if (!kind->has_names && service->names)
		return wrong_usage("%s takes no --names", kind->word);
	if (protocol && strcmp(protocol, "tcp") != 0 && strcmp(protocol, "udp") != 0)
		return wrong_usage("%s is no protocol: tcp and udp are", protocol);
	if (kind->has_targets)
		service->target = word + 1;
	service->udp = protocol && strcmp(protocol, "udp") == 0;
	*ret_kind = kind;
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "port", required_argument, NULL, 'p' },
		{ "protocol", required_argument, NULL, 'P' },
		{ "names", required_argument, NULL, 'N' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool waited_for = fcntl(READY_FD, F_SETFD, FD_CLOEXEC) == 0;
	struct server service = { .ready_fd = waited_for ? READY_FD : -1 };
	const struct kind *kind = &kinds[0];
	const char *protocol = NULL;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			service.name = optarg;
			break;
		case 'p':
			if (!parse_port(optarg, &service.port))
				return wrong_usage("%s is no port: a number from 1 to 65535 is",
						   optarg);
			break;
		case 'P':
			protocol = optarg;
			break;
		case 'N':
			service.names = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr); /* getopt has said what is wrong */
			return EXIT_USAGE;
		}
	}

	status = check_usage(argv + optind, argc - optind, protocol, &service, &kind);
	if (status != EXIT_SUCCESS)
		return status;
	prepare_process();
	return kind->run(&service);
}
