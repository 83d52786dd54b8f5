/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/service.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Sends back what it gets. A TCP connection is read from only when all that it sent before has gone
 * back, so a client that does not read costs one buffer. When all places are taken, the connection
 * that was silent longest makes room.
 */

enum { CONNECTIONS_MAX = 500, BUFFER_SIZE = 16 * 1024, DATAGRAM_MAX = 65536 };

struct echo_connection {
	char *buffer;
	size_t length, sent; /* bytes to send back, and those sent already */
	uint64_t last_used;  /* a clock that counts events */
};

/* poll's view and ours, side by side. The first entry is the listening socket, the others have no
 * order. */
struct echo_server {
	struct pollfd ready[CONNECTIONS_MAX + 1];
	struct echo_connection connection[CONNECTIONS_MAX + 1];
	nfds_t n;
	uint64_t clock;
};

static void connection_close(struct echo_server *server, nfds_t i)
{
	close(server->ready[i].fd);
	free(server->connection[i].buffer);
	server->n--;
	server->ready[i] = server->ready[server->n];
	server->connection[i] = server->connection[server->n];
}

static void close_most_silent(struct echo_server *server)
{
	nfds_t oldest = 1;

	for (nfds_t i = 2; i < server->n; i++)
		if (server->connection[i].last_used < server->connection[oldest].last_used)
			oldest = i;
	connection_close(server, oldest);
}

static void connection_accept(struct echo_server *server)
{
	struct sockaddr_in client = { 0 };
	socklen_t size = sizeof(client);
	int fd = accept4(server->ready[0].fd, (struct sockaddr *)&client, &size,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);
	char *buffer;

	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) &&
	    server->n > 1)
		close_most_silent(server); /* the next round accepts it */
	if (fd < 0)
		return;

	service_log(&client, "tcp");
	if (server->n == CONNECTIONS_MAX + 1)
		close_most_silent(server);
	buffer = malloc(BUFFER_SIZE);
	if (!buffer) {
		close(fd);
		return;
	}
	server->ready[server->n] = (struct pollfd){ .fd = fd, .events = POLLIN };
	server->connection[server->n] =
		(struct echo_connection){ .buffer = buffer, .last_used = ++server->clock };
	server->n++;
}

/* Read once or write once. Return whether the connection is still good. */
static bool connection_serve(struct pollfd *ready, struct echo_connection *connection)
{
	ssize_t n;

	if (connection->sent == connection->length) {
		n = recv(ready->fd, connection->buffer, BUFFER_SIZE, 0);
		if (n <= 0)
			return n < 0 && (errno == EAGAIN || errno == EINTR);
		connection->length = (size_t)n;
		connection->sent = 0;
	}
	n = send(ready->fd, connection->buffer + connection->sent,
		 connection->length - connection->sent, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	if (n > 0)
		connection->sent += (size_t)n;
	ready->events = connection->sent == connection->length ? POLLIN : POLLOUT;
	return true;
}

static int serve_stream(int fd)
{
	static struct echo_server server;

	server.ready[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	server.n = 1;
	for (;;) {
		if (poll(server.ready, server.n, -1) < 0) {
			if (errno == EINTR)
				continue;
			fprintf(stderr, "vpclab-service: poll: %s\n", strerror(errno));
			return EXIT_FAILURE;
		}
		/* From the end, since closing one moves the last into its place. */
		for (nfds_t i = server.n; --i > 0;) {
			if (!server.ready[i].revents)
				continue;
			server.connection[i].last_used = ++server.clock;
			if (!connection_serve(&server.ready[i], &server.connection[i]))
				connection_close(&server, i);
		}
		if (server.ready[0].revents)
			connection_accept(&server);
	}
}

/*
 * Send one datagram back to where it came from, from the address that it was sent to: a host may
 * have several, and the client waits for that one.
 */
static void serve_datagram(int fd)
{
	static char buffer[DATAGRAM_MAX];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct sockaddr_in client = { 0 };
	struct iovec part = { .iov_base = buffer, .iov_len = sizeof(buffer) };
	struct msghdr message = { .msg_name = &client,
				  .msg_namelen = sizeof(client),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &message, 0);
	struct cmsghdr *header;

	if (n < 0)
		return; /* there was nothing after all, or an ICMP error for an earlier answer */
	service_log(&client, "udp %zd bytes", n);

	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(header), sizeof(info));
		info.ipi_spec_dst = info.ipi_addr;
		info.ipi_ifindex = 0; /* routing decides */
		memcpy(CMSG_DATA(header), &info, sizeof(info));
	}
	part.iov_len = (size_t)n;
	message.msg_flags = 0;
	if (sendmsg(fd, &message, 0) < 0)
		service_log(&client, "udp answer failed: %s", strerror(errno));
}

static int serve_datagrams(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	for (;;) {
		if (poll(&ready, 1, -1) < 0 && errno != EINTR) {
			fprintf(stderr, "vpclab-service: poll: %s\n", strerror(errno));
			return EXIT_FAILURE;
		}
		serve_datagram(fd);
	}
}

int echo_run(const struct server *service)
{
	int fd = service_listen(service, service->udp ? SOCK_DGRAM : SOCK_STREAM);
	int one = 1;

	if (fd < 0)
		return EXIT_FAILURE;
	if (service->udp)
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one));
	service_ready(service);
	return service->udp ? serve_datagrams(fd) : serve_stream(fd);
}
