/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/balancers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/sandbox/sandbox.h"
#include "lab/compile/layout.h"

enum { ANSWER_TIMEOUT = 5 }; /* seconds; no check takes that long */

static void check(const char *netns)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(BALANCER_CHECK),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct timeval patience = { .tv_sec = ANSWER_TIMEOUT };
	struct error ignored = { 0 };
	auto_fd int fd = netns_enter(netns, &ignored) < 0
				 ? -1
				 : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char answer;

	/* Connected, a program that is gone is told as a refusal, not waited for. */
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 && send(fd, "", 1, 0) == 1)
		(void)!recv(fd, &answer, 1, 0);
}

void balancers_check(const struct model *model)
{
	model_each(model, NOUN_LOAD_BALANCER, const struct load_balancer, balancer)
		check(balancer->resource.name);
}
