/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/certificate.h"
#include "services/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

/* Answers every request with what the server saw of its client. libmicrohttpd speaks the protocol.
 */

enum {
	CONNECTIONS_MAX = 1000,
	CONNECTION_MEMORY = 16 * 1024, /* bytes for a request's head */
	IDLE_SECONDS = 30,
	PATH_MAX_SHOWN = 2000,
};

/* One request, from its first line to its end. */
struct request {
	char *path;   /* as the client wrote it, but printable; NULL: there was no memory for it */
	bool started; /* its head was seen */
};

/* Return the path as one printable word, in which anything but printable ASCII is %XX. */
static char *path_escape(const char *path)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t length = strnlen(path, PATH_MAX_SHOWN), n = 0;
	char *escaped = malloc(3 * length + 1);

	if (!escaped)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)path[i];

		if (c > ' ' && c < 0x7f) {
			escaped[n++] = (char)c;
			continue;
		}
		escaped[n++] = '%';
		escaped[n++] = digits[c >> 4];
		escaped[n++] = digits[c & 15];
	}
	escaped[n] = '\0';
	return escaped;
}

/* libmicrohttpd calls this first, before it takes the path apart. What is returned becomes the
 * request's context. */
static void *request_begin(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct request *request = calloc(1, sizeof(*request));

	(void)arg;
	(void)connection;
	if (request)
		request->path = path_escape(uri);
	return request;
}

static void request_end(void *arg, struct MHD_Connection *connection, void **context,
			enum MHD_RequestTerminationCode code)
{
	struct request *request = *context;

	(void)arg;
	(void)connection;
	(void)code;
	if (!request)
		return;
	free(request->path);
	free(request);
	*context = NULL;
}

int http_answer(struct MHD_Connection *connection, unsigned status, const char *text)
{
	/* It is copied, which the library does not say by a const. */
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (char *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				"text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static const struct sockaddr_in *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return (const void *)info->client_addr;
}

/* Called with the head of a request, then with each part of its body, then once more without any.
 * MHD_NO hangs up. */
static enum MHD_Result request_handle(void *arg, struct MHD_Connection *connection, const char *url,
				      const char *method, const char *version, const char *body,
				      size_t *body_size, void **context)
{
	const struct server *service = arg;
	const struct sockaddr_in *client = client_of(connection);
	struct request *request = *context;
	char text[3 * PATH_MAX_SHOWN + 512], from[CLIENT_TEXT_SIZE];
	bool known;

	(void)url;
	(void)version;
	(void)body;
	if (!request || !request->path)
		return MHD_NO;
	if (!request->started) {
		request->started = true;
		return MHD_YES;
	}
	if (*body_size > 0) {
		*body_size = 0; /* the body is read and dropped */
		return MHD_YES;
	}

	known = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
		strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ||
		strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	if (known)
		snprintf(text, sizeof(text), "node %s\nclient %s\npath %s\n", service->name,
			 client_format(client, from), request->path);
	else
		snprintf(text, sizeof(text), "only GET, HEAD and POST are answered here\n");

	unsigned status = known ? MHD_HTTP_OK : MHD_HTTP_METHOD_NOT_ALLOWED;
	char *shown = path_escape(method); /* that is the client's word as well */

	service_log(client, "%.32s %s %u", shown ? shown : "?", request->path, status);
	free(shown);
	return (enum MHD_Result)http_answer(connection, status, text);
}

static int serve(const struct server *service, bool secure)
{
	unsigned flags = MHD_USE_EPOLL | (secure ? MHD_USE_TLS : 0);
	struct server own = *service;
	int fd = service_listen(service, SOCK_STREAM);
	struct MHD_Daemon *daemon;

	if (fd < 0)
		return EXIT_FAILURE;
	/* There is no other thread: all work is done in MHD_run_wait(). */
	/* clang-format off: an option a line */
	daemon = MHD_start_daemon(flags, service->port, NULL, NULL, request_handle, &own,
				  MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
				  (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
				  (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				  (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
				  request_begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, request_end,
				  NULL, secure ? MHD_OPTION_HTTPS_CERT_CALLBACK2 : MHD_OPTION_END,
				  certificate_retrieve, MHD_OPTION_END);
	/* clang-format on */
	if (!daemon) {
		service_failed(service, "cannot start the HTTP server: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	service_ready(service);
	while (MHD_run_wait(daemon, -1) == MHD_YES)
		;
	fprintf(stderr, "vpclab-service: the HTTP server failed\n");
	MHD_stop_daemon(daemon);
	return EXIT_FAILURE;
}

int http_run(const struct server *service)
{
	return serve(service, false);
}

int https_run(const struct server *service)
{
	/* Trust comes before the first answer, so that whoever finds the service up can use it. */
	return certificate_begin(service) < 0 ? EXIT_FAILURE : serve(service, true);
}
