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
static int file_write(const char *path, const char *content, mode_t mode)
{
	size_t length = strlen(content);
	char temporary[128];
	int fd, r = -1;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	if (write(fd, content, length) == (ssize_t)length)
		r = rename(temporary, path);
	close(fd);
	return r;
}

/* ---- certificates ---- */

static int export_pem(const struct key_pair *pair, struct certificate *ret_pem)
{
	gnutls_datum_t key = { NULL, 0 }, certificate = { NULL, 0 };
	int r = gnutls_x509_privkey_export2(pair->key, GNUTLS_X509_FMT_PEM, &key);

	if (r == 0)
		r = gnutls_x509_crt_export2(pair->certificate, GNUTLS_X509_FMT_PEM, &certificate);
	if (r == 0) {
		ret_pem->key = strndup((const char *)key.data, key.size);
		ret_pem->certificate = strndup((const char *)certificate.data, certificate.size);
		if (!ret_pem->key || !ret_pem->certificate)
			r = GNUTLS_E_MEMORY_ERROR;
	}
	gnutls_free(key.data);
	gnutls_free(certificate.data);
	return r;
}

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
			   const struct server *service)
{
	int r = begin_certificate(server, "CN=a server of this lab");

	for (size_t i = 0; i < service->n_host && r == 0; i++)
		r = add_host(server->certificate, service->host[i]);
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
	struct certificate pem = { NULL, NULL };
	int r = authority_generate(authority);

	if (r == 0)
		r = export_pem(authority, &pem);
	if (r < 0) {
		service_failed(service, "cannot make the lab's certificate authority: %s",
			       gnutls_strerror(r));
	} else if (file_write(AUTHORITY_KEY, pem.key, 0600) < 0 ||
		   file_write(AUTHORITY_CERTIFICATE, pem.certificate, 0644) < 0) {
		service_failed(service, "cannot write the lab's certificate authority: %s",
			       strerror(errno));
		r = -1;
	}
	free(pem.key);
	free(pem.certificate);
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

int certificate_make(const struct server *service, struct certificate *ret_certificate)
{
	struct key_pair authority = { NULL, NULL }, server = { NULL, NULL };
	int lock = service_lock(CERTIFICATE_DIRECTORY), r;

	if (lock < 0) {
		service_failed(service, "cannot use " CERTIFICATE_DIRECTORY ": %s",
			       strerror(errno));
		return -1;
	}
	r = authority_get(service, &authority);
	if (r == 0) {
		r = server_generate(&server, &authority, service);
		if (r == 0)
			r = export_pem(&server, ret_certificate);
		if (r < 0)
			service_failed(service, "cannot make a certificate: %s",
				       gnutls_strerror(r));
	}
	if (r == 0)
		r = trust_authority(service);
	pair_free(&server);
	pair_free(&authority);
	close(lock);
	return r < 0 ? -1 : 0;
}
