/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "services/service.h"

/*
 * The lab's own certificate authority, made when it is first needed and kept in /run/vpclab/tls:
 * ca.key (0600) and ca.crt. certificate.c is the only file that knows GnuTLS.
 */
#define AUTHORITY_CERTIFICATE CERTIFICATE_DIRECTORY "/ca.crt"
#define CERTIFICATE_DIRECTORY "/run/vpclab/tls"

/* A key and a certificate for a server, as PEM texts for the caller to free. */
struct certificate {
	char *key, *certificate;
};

/*
 * host: DNS names and addresses that the certificate is good for. Makes the authority if there is
 * none; services that start side by side get the same one. -1: it told who waits for the service
 * why.
 */
int certificate_make(const struct service *service, const char *const *host, size_t n_host,
		     struct certificate *ret_certificate);
