/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "services/certificate.h"

#define BUNDLE CERTIFICATE_DIRECTORY "/ca-certificates.crt"

/* Where Debian, Fedora and Alpine and their like keep the bundle. Links are followed. */
static const char *const places[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem",
};

/* Return NULL where this machine trusts nobody and there is nothing to mount over. */
static const char *find_place(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

static bool append(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(to, from, NULL, 1u << 20);
	if (from >= 0)
		close(from);
	return n == 0;
}

static bool make_bundle(const char *place)
{
	int fd = open(BUNDLE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool good;

	if (fd < 0)
		return false;
	/* The last line of the machine's bundle may lack its line feed. */
	good = append(fd, place) && write(fd, "\n", 1) == 1 && append(fd, AUTHORITY_CERTIFICATE);
	close(fd);
	return good;
}

static int put_in_place(const struct server *service, const char *place)
{
	if (same_file(place, BUNDLE))
		return 0;
	if (!make_bundle(place))
		service_failed(service, "cannot write %s: %s", BUNDLE, strerror(errno));
	else if (mount(BUNDLE, place, NULL, MS_BIND, NULL) < 0)
		service_failed(service, "cannot mount over %s: %s", place, strerror(errno));
	else
		return 0;
	return -1;
}

int trust_authority(const struct server *service)
{
	const char *place = find_place();
	int lock, r = -1;

	if (!service_in_lab()) {
		fprintf(stderr, "vpclab-service: this is no lab: clients have to be given %s\n",
			AUTHORITY_CERTIFICATE);
		return 0;
	}
	if (!place) {
		service_failed(service, "this machine has no certificate bundle to add the lab's "
					"to; install ca-certificates");
		return -1;
	}
	lock = service_lock(CERTIFICATE_DIRECTORY);
	if (lock < 0) {
		service_failed(service, "cannot use " CERTIFICATE_DIRECTORY ": %s",
			       strerror(errno));
		return -1;
	}
	r = put_in_place(service, place);
	close(lock);
	return r;
}
