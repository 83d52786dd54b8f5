/* SPDX-License-Identifier: GPL-3.0-only */
/* Packets of several nodes, as a pcapng file or a line each. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands/language.h"
#include "cli/session/interrupt.h"
#include "cli/session/jobs.h"
#include "cli/session/session.h"
#include "cli/view/packet.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/capture/filter.h"
#include "core/capture/pcapng.h"
#include "lab/language/arguments.h"
#include "lab/language/command.h"

/*
 * One child inside the sandbox does it all: it reads the packets of all nodes, writes them to where
 * they go, and says at the end what came of it. So a capture in front and one in the background
 * differ only in who waits for it. SIGINT and SIGTERM end it, and so does the end of the session;
 * what it has written is whole in any case.
 */
struct recording {
	struct session *session;
	struct names node;
	char *filter;     /* NULL: every packet */
	const char *path; /* NULL: what the session answers to */
	uint64_t count;
	enum recording_form { AS_PCAPNG, AS_LINES, AS_JSON } form;
	bool background;
	int fd;
	bool made;    /* the file is new */
	int ready[2]; /* takes a byte when the capture begins; its end is the capture's */

	/* What follows belongs to the child. */
	struct capture *capture;
	const struct capture_port **port;
	size_t n_port;
	struct text out; /* not written yet */
	off_t written;
	uint64_t begin, n_told;
};

enum { PATIENCE_MILLISECONDS = 1000 }; /* with a reader that takes nothing, when the capture is to end */

/* ---- in the child: where the packets go ---- */

static void take_port(void *arg, const struct capture_port *port)
{
	struct recording *recording = arg;

	if (recording->capture) /* the lab has changed: others have names, too */
		(void)lab_refresh(recording->session->lab, &(struct error){ 0 });
	*ARRAY_PUSH(recording->port, recording->n_port) = port;
	if (recording->form == AS_PCAPNG)
		pcapng_add_interface(&recording->out, port, recording->filter);
}

static void add_json(struct text *text, const struct model *model, const struct capture_packet *packet, uint64_t since)
{
	struct output *output = output_new();
	char *line = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&line, &length);

	packet_output(output, model, packet, since);
	if (file) {
		output_write_line(output, file);
		fputc('\n', file);
		fclose(file);
		text_add_n(text, line, length);
	}
	free(line);
	output_free(output);
}

static void take_packet(void *arg, const struct capture_packet *packet)
{
	struct recording *recording = arg;
	const struct model *model = recording->session->lab->model;

	if (!recording->n_told++)
		recording->begin = packet->time;
	if (recording->form == AS_PCAPNG)
		pcapng_add_packet(&recording->out, packet);
	else if (recording->form == AS_JSON)
		add_json(&recording->out, model, packet, recording->begin);
	else
		packet_add_line(&recording->out, model, packet, recording->begin);
}

static void take_gone(void *arg, const char *netns)
{
	const struct recording *recording = arg;

	session_say(recording->session, "capture: %s is gone from the lab", netns);
}

/*
 * Write what has gathered; -EPIPE: nobody reads on. A pipe takes a piece of its smallest buffer
 * without blocking once it is ready, so that a reader who takes nothing holds nothing up when the
 * capture is to end. A file that a full disk cuts short ends with the last whole block.
 */
static int write_out(struct recording *recording, int stop, struct error *err)
{
	const char *at = text_get(&recording->out), *end = at + recording->out.length;
	struct stat status;
	bool is_file = fstat(recording->fd, &status) == 0 && S_ISREG(status.st_mode);
	int r = 0;

	while (at < end && r == 0) {
		size_t most = is_file ? (size_t)(end - at) : PIPE_BUF;
		struct pollfd fds[] = { { .fd = recording->fd, .events = POLLOUT }, { .fd = stop, .events = POLLIN } };
		ssize_t n;

		(void)poll(fds, 2, -1);
		if (!fds[0].revents && poll(fds, 1, PATIENCE_MILLISECONDS) == 0) {
			r = -EPIPE;
			break;
		}
		n = write(recording->fd, at, (size_t)(end - at) < most ? (size_t)(end - at) : most);
		if (n >= 0)
			at += n;
		else if (errno != EINTR && errno != EAGAIN)
			r = -errno;
	}
	if (r == 0)
		recording->written += (off_t)recording->out.length;
	else if (is_file)
		(void)!ftruncate(recording->fd, recording->written);
	text_clear(&recording->out);
	return r == 0 || r == -EPIPE ? r
				     : error_set(err, r, "cannot write %s: %s",
						 recording->path ? recording->path : "the answer", strerror(-r));
}

/* ---- in the child: its course ---- */

/* Return a descriptor that can be read as soon as a signal has asked for the end. */
static int stop_descriptor(struct error *err)
{
	static const int asking[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(asking); i++)
		sigaddset(&set, asking[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(asking); i++)
		signal(asking[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		return error_set(err, -errno, "cannot make a signalfd: %s", strerror(errno));
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	return fd;
}

static int begin(struct recording *recording, struct error *err)
{
	const struct capture_sink sink = {
		.arg = recording, .port = take_port, .packet = take_packet, .gone = take_gone
	};
	struct sock_fprog filter = { 0 };
	struct stat status;
	int r = filter_compile(recording->filter, &filter, err);

	if (r < 0)
		return r;
	recording->begin = clock_nanoseconds(CLOCK_REALTIME);
	if (recording->form == AS_PCAPNG)
		pcapng_add_section(&recording->out, "vpclab " VERSION);
	r = capture_open(&recording->capture, recording->node.name, recording->node.n_name, &filter, &sink, err);
	free(filter.filter);
	if (r < 0)
		return r;
	if (recording->path && fstat(recording->fd, &status) == 0 && S_ISREG(status.st_mode))
		r = ftruncate(recording->fd, 0) < 0 ? -errno : 0;
	if (r < 0)
		return error_set(err, r, "cannot write %s: %s", recording->path, strerror(-r));
	if (!recording->session->quiet && !recording->background)
		session_say(recording->session, "capturing on %zu port%s; Ctrl-C ends it", recording->n_port,
			    recording->n_port == 1 ? "" : "s");
	if (write(recording->ready[1], "", 1) < 0)
		return error_set(err, -errno, "cannot write to a pipe: %s", strerror(errno));
	return 0;
}

static uint64_t left(const struct recording *recording)
{
	return recording->count ? recording->count - recording->n_told : UINT64_MAX;
}

/* Write packets until the capture is told to end, has all that it was asked for, or has no reader or no node left. */
static int follow(struct recording *recording, int stop, struct error *err)
{
	int r = 0, ended = 0;

	while (r == 0 && ended == 0 && left(recording)) {
		r = write_out(recording, stop, err);
		if (r == 0)
			ended = capture_wait(recording->capture, recording->fd, stop);
		if (ended == 0)
			capture_take(recording->capture, left(recording), false);
	}
	if (r == 0 && ended == -EINTR)
		capture_take(recording->capture, left(recording), true);
	return ended == -EPIPE ? -EPIPE : r;
}

/* Say how many packets there are, and how many were lost. */
static void conclude(struct recording *recording)
{
	struct session *session = recording->session;
	const char *last = NULL;

	for (size_t i = 0; i < recording->n_port; i++) {
		const struct capture_port *port = recording->port[i];
		uint64_t dropped = 0;

		/* The kernel counts what is dropped by the namespace: its first port says it. */
		if (!last || strcmp(last, port->netns) != 0) {
			dropped = capture_dropped(recording->capture, port->netns);
			last = port->netns;
		}
		if (dropped)
			session_say(session, "capture: %ju packets of %s came too fast and are missing",
				    (uintmax_t)dropped, port->netns);
		if (recording->form == AS_PCAPNG)
			pcapng_add_statistics(&recording->out, port, recording->begin, clock_nanoseconds(CLOCK_REALTIME), dropped);
	}
	if (!session->quiet)
		session_say(session, "captured %ju packet%s on %zu port%s", (uintmax_t)recording->n_told,
			    recording->n_told == 1 ? "" : "s", recording->n_port, recording->n_port == 1 ? "" : "s");
}

static int record(void *arg, struct error *err)
{
	struct recording *recording = arg;
	int stop, r;

	close(recording->ready[0]);
	/* To follow the lab's names, its journal is enough; whether the lab lives is no question in here. */
	recording->session->lab->sandbox.keeper = -1;
	stop = stop_descriptor(err);
	if (stop < 0)
		return stop;
	r = begin(recording, err);
	if (r < 0)
		return r;
	r = follow(recording, stop, err);
	if (r >= 0) {
		conclude(recording);
		r = write_out(recording, stop, err);
	}
	capture_close(recording->capture);
	if (r == -EPIPE) /* the reader has what it wants */
		r = 0;
	if (r < 0 && recording->background)
		session_say(recording->session, "capture: %s", err->message);
	return r;
}

/* ---- the command ---- */

static char *join(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);
	struct text text = { 0 };

	for (size_t i = 0; argument && i < argument->n_token; i++)
		text_addf(&text, "%s%s", i ? " " : "", argument->token[i].word);
	return text_take(&text);
}

static int read_arguments(struct recording *recording, const struct arguments *arguments, struct error *err)
{
	const char *count = arguments_get(arguments, "count");

	recording->node = arguments_names(arguments, "node");
	for (size_t i = 0; i < recording->node.n_name; i++) {
		const char *name = recording->node.name[i];
		int r = session_check_node(recording->session, name, "node", err);

		if (r < 0)
			return r;
		for (size_t k = 0; k < i; k++)
			if (strcmp(name, recording->node.name[k]) == 0)
				return error_refuse(err, "", "node", "%s is named twice", name);
	}
	recording->count = count ? strtoull(count, NULL, 10) : 0;
	if (count && !recording->count)
		return error_refuse(err, "", "count", "count has to be at least 1");
	recording->path = arguments_get(arguments, "to");
	recording->background = arguments_has(arguments, "&");
	return 0;
}

/* A file that was there keeps its content until the capture begins. */
static int open_output(struct recording *recording, struct error *err)
{
	const struct session *session = recording->session;
	const char *path = recording->path;
	bool is_terminal = isatty(fileno(session->out));

	recording->fd = fileno(session->out);
	if (!path) {
		recording->form = session->format == OUTPUT_JSON	? AS_JSON
				  : is_terminal || session->steps ? AS_LINES
								  : AS_PCAPNG;
		return 0;
	}
	recording->form = AS_PCAPNG;
	if (strcmp(path, "-") == 0) {
		recording->path = NULL;
		return !is_terminal ? 0 : error_refuse(err, "", "to", "a terminal cannot show a pcapng file");
	}
	recording->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	recording->made = recording->fd >= 0;
	if (recording->fd < 0 && errno == EEXIST)
		recording->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (recording->fd < 0)
		return session_machine(recording->session,
				       error_set(err, -errno, "cannot write %s: %s", path, strerror(errno)));
	return 0;
}

/* Return when the capture is over; in the background, when it has begun and is a job. */
static int start_and_wait(struct recording *recording, struct error *err)
{
	struct session *session = recording->session;
	struct worker worker;
	unsigned number;
	ssize_t n;
	char byte;
	int r;

	if (pipe2(recording->ready, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	fflush(session->out);
	r = sandbox_start(&session->lab->sandbox, record, recording, &worker, err);
	close(recording->ready[1]);
	if (r >= 0 && recording->background) /* the terminal's signals are not for it */
		(void)setpgid(worker.pid, worker.pid);
	while (r >= 0 && (n = read(recording->ready[0], &byte, 1)) != 0) {
		recording->made &= n < 0; /* it begins: what was made stays */
		if (n > 0 && recording->background)
			break;
		if (n < 0 && interrupt_caught())
			(void)kill(worker.pid, SIGINT);
	}
	close(recording->ready[0]);
	if (r < 0)
		return r;
	if (n == 0)
		return sandbox_wait(&session->lab->sandbox, &worker, err);
	number = jobs_add(session->jobs, sandbox_leave(&worker), session->line_text, false);
	jobs_last(session->jobs)->ends_with_session = true;
	if (session->interactive)
		fprintf(stderr, "[%u] %d\n", number, (int)worker.pid);
	return 0;
}

static int run_capture(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct recording recording = { .session = session, .fd = -1 };
	int signal_number, r = read_arguments(&recording, arguments, err);

	if (r < 0 || session->validate_only)
		return r;
	r = open_output(&recording, err);
	if (r < 0)
		return r;
	recording.filter = join(arguments, "filter");
	interrupt_catch();
	r = start_and_wait(&recording, err);
	signal_number = interrupt_caught();
	interrupt_catch_end();
	if (recording.path) {
		close(recording.fd);
		if (recording.made)
			(void)unlink(recording.path);
	}
	free(recording.filter);
	if (r < 0)
		return strcmp(err->argument, "filter") == 0 ? r : session_machine(session, r);
	if (signal_number && session->interactive)
		fputc('\n', stderr); /* behind the terminal's ^C */
	/* Ctrl-C is how a capture ends; other signals are meant for all of us. */
	if (signal_number && signal_number != SIGINT) {
		if (session->interactive)
			(void)raise(signal_number);
		session->stopped = 128 + signal_number;
	}
	return EXIT_OK;
}

static const struct command commands_capture[] = {
	{
		.words = "capture",
		.parameter = { { PARAMETER("node", NODES, PARAMETER_REQUIRED,
					   "whose packets, at all ports but lo") },
			       { PARAMETER("to", FILE, PARAMETER_KEY,
					   "a pcapng file; - is standard output") },
			       { PARAMETER("count", NUMBER, PARAMETER_KEY,
					   "packets after which it ends") },
			       { PARAMETER("filter", FILTER, PARAMETER_KEY,
					   "only what matches, in tcpdump's language"), .metavariable = "EXPR" },
			       { PARAMETER("&", WORD, PARAMETER_FLAG, "in the background, a job") } },
		.summary = "show or keep the packets of several nodes, in the order of time",
		.example = "capture ECS1,NAT1 to nat.pcapng count 10 filter tcp port 80 &",
		.flags = COMMAND_KERNEL,
		.run = run_capture,
	},
	{ .words = NULL },
};

const struct command_family family_capture = { "Why", (const struct command *const[]){ commands_capture, NULL }, FOR_ALL };
