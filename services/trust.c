/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "services/certificate.h"

/* The lab's copy of the machine's bundle, which all nodes see in its place. */
#define BUNDLE  CERTIFICATE_DIRECTORY "/ca-certificates.crt"
#define TRUSTED CERTIFICATE_DIRECTORY "/trusted" /* the bundle has our authority already */

/* Not by sendfile(), which refuses a file that is open for appending. */
static bool append(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;

	while (n > 0) {
		char part[4096];

		n = read(from, part, sizeof(part));
		if (n > 0 && write(to, part, (size_t)n) != n)
			n = -1;
	}
	if (from >= 0)
		close(from);
	return n == 0;
}

static bool add_to_bundle(void)
{
	int fd = open(BUNDLE, O_WRONLY | O_APPEND | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	/* The last line of the machine's bundle may lack its line feed. */
	good = write(fd, "\n", 1) == 1 && append(fd, AUTHORITY_CERTIFICATE);
	close(fd);
	fd = good ? open(TRUSTED, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd >= 0)
		close(fd);
	return good;
}

int trust_authority(const struct server *service)
{
	if (!service_in_lab()) {
		fprintf(stderr, "vpclab-service: this is no lab: clients have to be given %s\n",
			AUTHORITY_CERTIFICATE);
		return 0;
	}
	if (access(BUNDLE, F_OK) < 0) {
		service_failed(service, "this machine has no certificate bundle to add the lab's "
					"to; install ca-certificates");
		return -1;
	}
	if (access(TRUSTED, F_OK) < 0 && !add_to_bundle()) {
		service_failed(service, "cannot add to " BUNDLE ": %s", strerror(errno));
		return -1;
	}
	return 0;
}
