/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * vpclab-service: the small servers that run in a lab's hosts. A program of its own, so that the
 * command line stays free of the HTTP library.
 */
struct server {
	const char *name; /* the node it runs in */
	uint16_t port;
	bool udp;          /* echo only */
	const char *names; /* https: a file of names and addresses for which the certificate has
			      to be good, one a line, at each handshake anew; NULL: the node's.
			      alibaba, aws: aliases of names, as dnsmasq reads them; NULL: none */
	char **target;     /* balancer: NULL-terminated, each "10.0.0.1:80" */
	int ready_fd;      /* 3, or -1 when nobody waits */
};

struct MHD_Connection;
/* Queue the answer to a request, plain text. The result is libmicrohttpd's. */
int http_answer(struct MHD_Connection *connection, unsigned status, const char *text);

/*
 * Serve until SIGTERM; return only on failure, with an exit status. ssh runs the machine's ssh
 * server or, without one, sends a banner.
 */
int http_run(const struct server *service);
int https_run(const struct server *service);
int echo_run(const struct server *service);
int ssh_run(const struct server *service);
int balancer_run(const struct server *service);
/* cloud.h */
int alibaba_run(const struct server *service);
int aws_run(const struct server *service);

/*
 * Tell whether this is a lab, which has files of its own for what all nodes trust. Started by root
 * outside a lab, as the script of `vpclab plan` does, the services leave the machine alone.
 */
bool service_in_lab(void);

/* Make a directory of the lab's, if it is not there, and lock it: services that start side by side
 * take turns. Return the lock, to be closed, or -1 with errno. */
int service_lock(const char *directory);

/* Return a bound socket, which listens if it is a stream's. -1: the reason has been told. */
int service_listen(const struct server *service, int type);
/* Tell whoever waits that clients are served now, or why they never will be. */
void service_ready(const struct server *service);
void service_failed(const struct server *service, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Write a line to standard output: the time, the client's address and port, and the text. */
void service_log(const struct sockaddr_in *client, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "203.0.113.5:40312" */
#define CLIENT_TEXT_SIZE 24
const char *client_format(const struct sockaddr_in *client, char text[static CLIENT_TEXT_SIZE]);
