/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <gnutls/abstract.h>

#include "services/service.h"

/*
 * The lab's own certificate authority, made when it is first needed and kept in /run/vpclab/tls:
 * ca.key (0600) and ca.crt. Only certificate.c uses GnuTLS.
 */
#define AUTHORITY_CERTIFICATE CERTIFICATE_DIRECTORY "/ca.crt"
#define CERTIFICATE_DIRECTORY "/run/vpclab/tls"

/*
 * Make a certificate that is good for the service's names, and the authority if there is none yet;
 * services that start side by side get the same one, and every node trusts it. -1: the reason has
 * been told.
 */
int certificate_begin(const struct server *service);
/* The certificate of the program's service for a handshake: a new one, if the names have changed.
 */
gnutls_certificate_retrieve_function3 certificate_retrieve;
