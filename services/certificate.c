/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/*
 * Elliptic keys: made in a millisecond, where RSA takes a second. Nothing is ever revoked or
 * renewed, the lab is gone before that.
 */

#define AUTHORITY_KEY  CERTIFICATE_DIRECTORY "/ca.key"
#define LOCK           CERTIFICATE_DIRECTORY "/lock"
#define AUTHORITY_NAME "CN=vpclab authority of this lab"

enum { PEM_MAX = 16 * 1024, DAY = 24 * 60 * 60, DAYS_VALID = 3650, SERIAL_SIZE = 16 };

/* A key with its certificate; zeroed is empty. */
struct pair {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
};

static void pair_free(struct pair *pair)
{
	if (pair->certificate)
		gnutls_x509_crt_deinit(pair->certificate);
	if (pair->key)
		gnutls_x509_privkey_deinit(pair->key);
	*pair = (struct pair){ NULL, NULL };
}

static int pair_init(struct pair *pair)
{
	int r = gnutls_x509_privkey_init(&pair->key);

	return r < 0 ? r : gnutls_x509_crt_init(&pair->certificate);
}

/* ---- files ---- */

/* The content, ending in a zero byte, for the caller to free; NULL with errno. */
static char *file_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *content = fd < 0 ? NULL : calloc(1, PEM_MAX);
	ssize_t n = content ? read(fd, content, PEM_MAX - 1) : -1;
	int reason = errno;

	if (fd >= 0)
		close(fd);
	errno = reason;
	if (n >= 0)
		return content;
	free(content);
	return NULL;
}

/* Under its name it is whole or not there at all: whoever finds a certificate may use it. */
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

static int export_pem(const struct pair *pair, struct certificate *ret_pem)
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

/* What an authority's certificate and a server's have in common, the key included; it is not signed
 * yet. */
static int begin_certificate(struct pair *pair, const char *distinguished_name)
{
	unsigned char serial[SERIAL_SIZE] = { 0 };
	const char *where;
	time_t now = time(NULL);
	int r = pair_init(pair);

	if (r == 0)
		r = gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA,
						 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
						 0);
	if (r == 0)
		r = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));
	serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and not shorter */
	if (r == 0)
		r = gnutls_x509_crt_set_version(pair->certificate, 3);
	if (r == 0)
		r = gnutls_x509_crt_set_serial(pair->certificate, serial, sizeof(serial));
	if (r == 0)
		r = gnutls_x509_crt_set_dn(pair->certificate, distinguished_name, &where);
	if (r == 0)
		r = gnutls_x509_crt_set_key(pair->certificate, pair->key);
	/* From yesterday on: a host's clock may be set back. */
	if (r == 0)
		r = gnutls_x509_crt_set_activation_time(pair->certificate, now - DAY);
	if (r == 0)
		r = gnutls_x509_crt_set_expiration_time(pair->certificate,
							now + (time_t)DAYS_VALID * DAY);
	return r;
}

static int sign(struct pair *pair, const struct pair *authority)
{
	return gnutls_x509_crt_sign2(pair->certificate, authority->certificate, authority->key,
				     GNUTLS_DIG_SHA256, 0);
}

static int authority_generate(struct pair *authority)
{
	int r = begin_certificate(authority, AUTHORITY_NAME);

	if (r == 0)
		r = gnutls_x509_crt_set_basic_constraints(authority->certificate, 1, 0);
	if (r == 0)
		r = gnutls_x509_crt_set_key_usage(authority->certificate, GNUTLS_KEY_KEY_CERT_SIGN);
	return r == 0 ? sign(authority, authority) : r;
}

/* A DNS name or an IPv4 address. */
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

/* The subject needs no name of the host's: clients have long gone by the alternative names alone.
 */
static int server_generate(struct pair *server, const struct pair *authority,
			   const char *const *host, size_t n_host)
{
	int r = begin_certificate(server, "CN=a server of this lab");

	for (size_t i = 0; i < n_host && r == 0; i++)
		r = add_host(server->certificate, host[i]);
	if (r == 0)
		r = gnutls_x509_crt_set_basic_constraints(server->certificate, 0, -1);
	if (r == 0)
		r = gnutls_x509_crt_set_key_usage(server->certificate,
						  GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (r == 0)
		r = gnutls_x509_crt_set_key_purpose_oid(server->certificate,
							GNUTLS_KP_TLS_WWW_SERVER, 0);
	return r == 0 ? sign(server, authority) : r;
}

/* ---- the lab's authority ---- */

static int authority_import(struct pair *authority, char *key, char *certificate)
{
	const gnutls_datum_t key_text = { (unsigned char *)key, (unsigned)strlen(key) };
	const gnutls_datum_t certificate_text = { (unsigned char *)certificate,
						  (unsigned)strlen(certificate) };
	int r = pair_init(authority);

	if (r == 0)
		r = gnutls_x509_privkey_import(authority->key, &key_text, GNUTLS_X509_FMT_PEM);
	if (r == 0)
		r = gnutls_x509_crt_import(authority->certificate, &certificate_text,
					   GNUTLS_X509_FMT_PEM);
	return r;
}

/* The certificate is written last: where it is, the key is. */
static int authority_save(const struct service *service, const struct pair *authority)
{
	struct certificate pem = { NULL, NULL };
	int r = export_pem(authority, &pem);

	if (r < 0 || !pem.key || !pem.certificate) {
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
	return r < 0 ? -1 : 0;
}

static int authority_get(const struct service *service, struct pair *authority)
{
	char *key = file_read(AUTHORITY_KEY), *certificate = file_read(AUTHORITY_CERTIFICATE);
	int r;

	if (key && certificate) {
		r = authority_import(authority, key, certificate);
		if (r < 0)
			service_failed(service, "cannot read the lab's certificate authority: %s",
				       gnutls_strerror(r));
	} else {
		r = authority_generate(authority);
		if (r < 0)
			service_failed(service, "cannot make the lab's certificate authority: %s",
				       gnutls_strerror(r));
		else
			r = authority_save(service, authority);
	}
	free(key);
	free(certificate);
	return r < 0 ? -1 : 0;
}

/* Descriptor of the lock that is held, or -1. */
static int lock(const struct service *service)
{
	int fd = -1;

	if (mkdir(CERTIFICATE_DIRECTORY, 0700) == 0 || errno == EEXIST)
		fd = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	service_failed(service, "cannot use %s: %s", CERTIFICATE_DIRECTORY, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int certificate_make(const struct service *service, const char *const *host, size_t n_host,
		     struct certificate *ret_certificate)
{
	struct pair authority = { NULL, NULL }, server = { NULL, NULL };
	int lock_fd = lock(service);
	int r = lock_fd < 0 ? -1 : authority_get(service, &authority);

	if (r == 0) {
		r = server_generate(&server, &authority, host, n_host);
		if (r == 0)
			r = export_pem(&server, ret_certificate);
		if (r < 0)
			service_failed(service, "cannot make a certificate: %s",
				       gnutls_strerror(r));
	}
	pair_free(&server);
	pair_free(&authority);
	if (lock_fd >= 0)
		close(lock_fd);
	return r < 0 ? -1 : 0;
}
