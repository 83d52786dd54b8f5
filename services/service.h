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
struct service {
	const char *name; /* the node it runs in */
	uint16_t port;
	bool udp;          /* echo only */
	const char **host; /* the names and addresses that it is asked by: what a certificate has to
			      be for */
	size_t n_host;
	int ready_fd; /* 3, or -1 when nobody waits */
};

/* Serve until SIGTERM; return only when they cannot, with an exit status. */
int http_run(const struct service *service);
int https_run(const struct service *service);
int echo_run(const struct service *service);

/*
 * Is this a lab, where the machine's files may be mounted over without the machine noticing? Labs
 * have one user; the same services started by root without a lab (the script of `vpclab plan`)
 * leave the machine alone.
 */
bool service_in_lab(void);

/* A bound socket, of a stream listening. -1: it said why. */
int service_listen(const struct service *service, int type);
/* Tells who waits that clients are served now, or why they will never be. */
void service_ready(const struct service *service);
void service_failed(const struct service *service, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line on standard output: the time, the client's address and port, and what is given. */
void service_log(const struct sockaddr_in *client, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "203.0.113.5:40312" */
#define CLIENT_TEXT_SIZE 24
const char *client_format(const struct sockaddr_in *client, char text[static CLIENT_TEXT_SIZE]);
