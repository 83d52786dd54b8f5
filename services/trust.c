/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/certificate.h"

#define BUNDLE CERTIFICATE_DIRECTORY "/ca-certificates.crt"

/* Where machines keep it: Debian and its like, Fedora and its like, Alpine. Links are followed. */
static const char *const places[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem",
};

/* NULL: this machine trusts nobody, and there is nothing to mount over. */
static const char *find_place(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

static bool same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

static int append(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(to, from, NULL, 1u << 20);
	if (from >= 0)
		close(from);
	return n < 0 ? -1 : 0;
}

static int make_bundle(const char *place)
{
	int fd = open(BUNDLE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int r;

	if (fd < 0)
		return -1;
	/* A line feed between: the last line of the machine's may lack one. */
	r = append(fd, place) == 0 && write(fd, "\n", 1) == 1 &&
			    append(fd, AUTHORITY_CERTIFICATE) == 0
		    ? 0
		    : -1;
	close(fd);
	return r;
}

static int put_in_place(const struct service *service, const char *place)
{
	if (same_file(place, BUNDLE))
		return 0;
	if (make_bundle(place) < 0)
		service_failed(service, "cannot write %s: %s", BUNDLE, strerror(errno));
	else if (mount(BUNDLE, place, NULL, MS_BIND, NULL) < 0)
		service_failed(service, "cannot mount over %s: %s", place, strerror(errno));
	else
		return 0;
	return -1;
}

int trust_authority(const struct service *service)
{
	const char *place = find_place();
	int directory, r = -1;

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
	directory = open(CERTIFICATE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || flock(directory, LOCK_EX) < 0) /* others may be about the same */
		service_failed(service, "cannot use %s: %s", CERTIFICATE_DIRECTORY,
			       strerror(errno));
	else
		r = put_in_place(service, place);
	if (directory >= 0)
		close(directory);
	return r;
}
