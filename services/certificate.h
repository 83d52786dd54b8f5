/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "services/service.h"

/*
 * The lab's own certificate authority, made when it is first needed and kept in /run/vpclab/tls:
 * ca.key (0600) and ca.crt. Only certificate.c knows GnuTLS.
 */
#define AUTHORITY_CERTIFICATE CERTIFICATE_DIRECTORY "/ca.crt"
#define CERTIFICATE_DIRECTORY "/run/vpclab/tls"

/* A key and a certificate for a server, as PEM texts for the caller to free. */
struct certificate {
	char *key, *certificate;
};

/*
 * Make a certificate that is good for the service's hosts, and the authority if there is none yet;
 * services that start side by side get the same one, and every node trusts it. -1: the reason has
 * been told.
 */
int certificate_make(const struct server *service, struct certificate *ret_certificate);
