/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/certificate.h"
#include "services/trust.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/*
 * Keys are of elliptic curves, made in a millisecond where RSA takes a second. Nothing is ever
 * revoked or renewed: the lab is gone before that.
 */

#define AUTHORITY_KEY  CERTIFICATE_DIRECTORY "/ca.key"
#define AUTHORITY_NAME "CN=vpclab authority of this lab"

enum { DAY = 24 * 60 * 60, DAYS_VALID = 3650, SERIAL_SIZE = 16 };

/* A key with its certificate; all zero is empty. */
struct key_pair {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
};

static void pair_free(struct key_pair *pair)
{
	if (pair->certificate)
		gnutls_x509_crt_deinit(pair->certificate);
	if (pair->key)
		gnutls_x509_privkey_deinit(pair->key);
	*pair = (struct key_pair){ NULL, NULL };
}

static int pair_init(struct key_pair *pair)
{
	int r = gnutls_x509_privkey_init(&pair->key);

	return r < 0 ? r : gnutls_x509_crt_init(&pair->certificate);
}

/* ---- files ---- */

/* Under its name a file is whole or not there, so whoever finds a certificate may use it. */
static int file_write(const char *path, const gnutls_datum_t *content, mode_t mode)
{
	char temporary[128];
	int fd, r = -1;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	if (write(fd, content->data, content->size) == (ssize_t)content->size)
		r = rename(temporary, path);
	close(fd);
	return r;
}

/* ---- certificates ---- */

/*
 * Begin a certificate with what that of an authority and that of a server have in common, the key
 * included, and do not sign it yet. It is valid from yesterday on, since a host's clock may be set
 * back.
 */
static int begin_certificate(struct key_pair *pair, const char *distinguished_name)
{
	gnutls_x509_crt_t *certificate = &pair->certificate;
	unsigned char serial[SERIAL_SIZE] = { 0 };
	const time_t now = time(NULL), end = now + (time_t)DAYS_VALID * DAY;
	const char *where;
	int r;

	if ((r = pair_init(pair)) < 0 ||
	    (r = gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA,
					      GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
					      0)) < 0 ||
	    (r = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial))) < 0)
		return r;
	serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and no leading zero */
	if ((r = gnutls_x509_crt_set_version(*certificate, 3)) < 0 ||
	    (r = gnutls_x509_crt_set_serial(*certificate, serial, sizeof(serial))) < 0 ||
	    (r = gnutls_x509_crt_set_dn(*certificate, distinguished_name, &where)) < 0 ||
	    (r = gnutls_x509_crt_set_key(*certificate, pair->key)) < 0 ||
	    (r = gnutls_x509_crt_set_activation_time(*certificate, now - DAY)) < 0)
		return r;
	return gnutls_x509_crt_set_expiration_time(*certificate, end);
}

static int sign(struct key_pair *pair, const struct key_pair *authority)
{
	return gnutls_x509_crt_sign2(pair->certificate, authority->certificate, authority->key,
				     GNUTLS_DIG_SHA256, 0);
}

static int authority_generate(struct key_pair *authority)
{
	int r = begin_certificate(authority, AUTHORITY_NAME);

	if (r == 0)
		r = gnutls_x509_crt_set_basic_constraints(authority->certificate, 1, 0);
	if (r == 0)
		r = gnutls_x509_crt_set_key_usage(authority->certificate, GNUTLS_KEY_KEY_CERT_SIGN);
	return r == 0 ? sign(authority, authority) : r;
}

/* Add a DNS name or an IPv4 address. */
static int add_host(gnutls_x509_crt_t certificate, const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS,
							    &address, sizeof(address),
							    GNUTLS_FSAN_APPEND);
	return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, host,
						    (unsigned)strlen(host), GNUTLS_FSAN_APPEND);
}

/* The subject does not name the host: clients look at the alternative names alone. */
static int server_generate(struct key_pair *server, const struct key_pair *authority,
			   const char *names)
{
	int r = begin_certificate(server, "CN=a server of this lab");
	char host[256];

	for (int length; r == 0 && sscanf(names, "%255s%n", host, &length) == 1; names += length)
		r = add_host(server->certificate, host);
	if (r < 0 || (r = gnutls_x509_crt_set_basic_constraints(server->certificate, 0, -1)) < 0 ||
	    (r = gnutls_x509_crt_set_key_usage(server->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE)) <
		    0 ||
	    (r = gnutls_x509_crt_set_key_purpose_oid(server->certificate, GNUTLS_KP_TLS_WWW_SERVER,
						     0)) < 0)
		return r;
	return sign(server, authority);
}

/* ---- the lab's authority ---- */

/* GNUTLS_E_FILE_ERROR: there is none yet, or it cannot be read. */
static int authority_load(struct key_pair *authority)
{
	gnutls_datum_t key = { NULL, 0 }, certificate = { NULL, 0 };
	int r;

	if ((r = gnutls_load_file(AUTHORITY_KEY, &key)) == 0 &&
	    (r = gnutls_load_file(AUTHORITY_CERTIFICATE, &certificate)) == 0 &&
	    (r = pair_init(authority)) == 0 &&
	    (r = gnutls_x509_privkey_import(authority->key, &key, GNUTLS_X509_FMT_PEM)) == 0)
		r = gnutls_x509_crt_import(authority->certificate, &certificate,
					   GNUTLS_X509_FMT_PEM);
	gnutls_free(key.data);
	gnutls_free(certificate.data);
	return r;
}

/* Make the authority and save it, its certificate last: where that is, the key is. */
static int authority_make(const struct server *service, struct key_pair *authority)
{
	gnutls_datum_t key = { NULL, 0 }, certificate = { NULL, 0 };
	int r = authority_generate(authority);

	if (r == 0)
		r = gnutls_x509_privkey_export2(authority->key, GNUTLS_X509_FMT_PEM, &key);
	if (r == 0)
		r = gnutls_x509_crt_export2(authority->certificate, GNUTLS_X509_FMT_PEM,
					    &certificate);
	if (r < 0) {
		service_failed(service, "cannot make the lab's certificate authority: %s",
			       gnutls_strerror(r));
	} else if (file_write(AUTHORITY_KEY, &key, 0600) < 0 ||
		   file_write(AUTHORITY_CERTIFICATE, &certificate, 0644) < 0) {
		service_failed(service, "cannot write the lab's certificate authority: %s",
			       strerror(errno));
		r = -1;
	}
	gnutls_free(key.data);
	gnutls_free(certificate.data);
	return r;
}

static int authority_get(const struct server *service, struct key_pair *authority)
{
	int r = authority_load(authority);

	if (r == GNUTLS_E_FILE_ERROR)
		return authority_make(service, authority);
	if (r < 0)
		service_failed(service, "cannot read the lab's certificate authority: %s",
			       gnutls_strerror(r));
	return r;
}

/* ---- the service's certificate ---- */

static struct {
	const struct server *service;
	struct key_pair authority, server;
	gnutls_datum_t names; /* for which the server's certificate is good */
} own;

/* Have it good for the names as they are now. */
static int renew(void)
{
	struct key_pair server = { NULL, NULL };
	gnutls_datum_t names = { NULL, 0 };
	int r = own.service->names ? gnutls_load_file(own.service->names, &names) : 0;

	if (r < 0 || (own.server.certificate && names.size == own.names.size &&
		      (!names.size || memcmp(names.data, own.names.data, names.size) == 0))) {
		gnutls_free(names.data);
		return r;
	}
	r = server_generate(&server, &own.authority,
			    names.data ? (const char *)names.data : own.service->name);
	if (r < 0) {
		pair_free(&server);
		gnutls_free(names.data);
		return r;
	}
	pair_free(&own.server);
	gnutls_free(own.names.data);
	own.server = server;
	own.names = names;
	return 0;
}

int certificate_begin(const struct server *service)
{
	int lock = service_lock(CERTIFICATE_DIRECTORY), r;

	if (lock < 0) {
		service_failed(service, "cannot use " CERTIFICATE_DIRECTORY ": %s",
			       strerror(errno));
		return -1;
	}
	own.service = service;
	r = authority_get(service, &own.authority);
	if (r == 0 && (r = renew()) < 0)
		service_failed(service, "cannot make a certificate: %s", gnutls_strerror(r));
	if (r == 0)
		r = trust_authority(service);
	close(lock);
	return r < 0 ? -1 : 0;
}

/* What it gets is the handshake's own: another one may change ours before this one ends. */
int certificate_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
			 gnutls_pcert_st **ret_certificate, unsigned *ret_length,
			 gnutls_ocsp_data_st **ret_ocsp, unsigned *ret_ocsp_length,
			 gnutls_privkey_t *ret_key, unsigned *ret_flags)
{
	gnutls_pcert_st *certificate = gnutls_calloc(1, sizeof(*certificate));
	gnutls_privkey_t key = NULL;
	int r = renew();

	(void)session;
	(void)info;
	if (r < 0) /* the old one is better than none */
		fprintf(stderr, "vpclab-service: cannot make a certificate: %s\n",
			gnutls_strerror(r));
	r = certificate ? gnutls_privkey_init(&key) : GNUTLS_E_MEMORY_ERROR;
	if (r == 0)
		r = gnutls_privkey_import_x509(key, own.server.key, GNUTLS_PRIVKEY_IMPORT_COPY);
	if (r == 0)
		r = gnutls_pcert_import_x509(certificate, own.server.certificate, 0);
	if (r < 0) {
		gnutls_privkey_deinit(key);
		gnutls_free(certificate);
		return -1;
	}
	*ret_certificate = certificate;
	*ret_length = 1;
	*ret_ocsp = NULL;
	*ret_ocsp_length = 0;
	*ret_key = key;
	*ret_flags = GNUTLS_CERT_RETR_DEINIT_ALL;
	return 0;
}
