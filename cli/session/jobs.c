/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"

struct jobs {
	struct job *job;
	size_t n_job;
	int notes[2]; /* a pipe, 0: not made yet */
	struct text note;
};

/* Look whether it has ended or stopped since. */
static void look(struct job *job)
{
	int status;
	pid_t pid;

	if (job->done)
		return;
	pid = waitpid(job->pid, &status, WNOHANG | WUNTRACED | WCONTINUED);
	if (pid == 0)
		return;
	if (pid < 0) { /* nobody's child any more */
		job->done = true;
		return;
	}
	if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
		job->stopped = WIFSTOPPED(status);
		return;
	}
	job->done = true;
	job->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* SIGTERM to its whole group. False with errno: it got none. */
static bool end(struct job *job)
{
	int status;

	look(job);
	if (job->done) /* its number may be somebody else's by now */
		return true;
	if (kill(-job->pid, SIGTERM) < 0)
		return false;
	(void)kill(-job->pid, SIGCONT); /* a stopped one would never see it */
	if (!job->ends_with_session)
		return true;
	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	job->done = true;
	job->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}

struct jobs *jobs_new(void)
{
	return xnew(struct jobs);
}

void jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	for (size_t i = 0; i < jobs->n_job; i++) {
		if (jobs->job[i].ends_with_session)
			(void)end(&jobs->job[i]);
		free(jobs->job[i].text);
	}
	for (int i = 0; i < 2; i++)
		if (jobs->notes[i])
			close(jobs->notes[i]);
	text_free(&jobs->note);
	free(jobs->job);
	free(jobs);
}

unsigned jobs_next(const struct jobs *jobs)
{
	return jobs->n_job ? jobs->job[jobs->n_job - 1].number + 1 : 1;
}

unsigned jobs_add(struct jobs *jobs, pid_t pid, const char *text, bool stopped)
{
	unsigned number = jobs_next(jobs);
	struct job *job = ARRAY_PUSH(jobs->job, jobs->n_job);

	*job = (struct job){
		.number = number, .pid = pid, .text = xstrdup(text), .stopped = stopped
	};
	return number;
}

struct job *jobs_find(struct jobs *jobs, unsigned number, struct error *err)
{
	for (size_t i = 0; i < jobs->n_job; i++)
		if (jobs->job[i].number == number)
			return &jobs->job[i];
	error_set(err, -ESRCH, "there is no job %u", number);
	error_hint(err, "jobs lists them");
	return NULL;
}

size_t jobs_count(const struct jobs *jobs)
{
	return jobs->n_job;
}

struct job *jobs_get(const struct jobs *jobs, size_t i)
{
	return &jobs->job[i];
}

struct job *jobs_last(const struct jobs *jobs)
{
	return jobs->n_job ? &jobs->job[jobs->n_job - 1] : NULL;
}

static void remove_at(struct jobs *jobs, size_t i)
{
	free(jobs->job[i].text);
	ARRAY_REMOVE(jobs->job, jobs->n_job, i);
}

void jobs_remove(struct jobs *jobs, unsigned number)
{
	for (size_t i = 0; i < jobs->n_job; i++) {
		if (jobs->job[i].number == number) {
			remove_at(jobs, i);
			return;
		}
	}
}

int jobs_kill(struct jobs *jobs, unsigned number, struct error *err)
{
	struct job *job = jobs_find(jobs, number, err);

	if (!job)
		return -ESRCH;
	return end(job) ? 0
			: error_set(err, -errno, "cannot end job %u: %s", number, strerror(errno));
}

void jobs_reap(struct jobs *jobs, FILE *file)
{
	for (size_t i = 0; i < jobs->n_job;) {
		struct job *job = &jobs->job[i];
		auto_text text = { 0 };

		look(job);
		if (!job->done) {
			i++;
			continue;
		}
		text_add_escaped(&text, job->text, strlen(job->text));
		if (file && job->status)
			fprintf(file, "[%u] ended with status %d: %s\n", job->number, job->status,
				text_get(&text));
		else if (file)
			fprintf(file, "[%u] done: %s\n", job->number, text_get(&text));
		remove_at(jobs, i);
	}
}

int jobs_note_writer(struct jobs *jobs)
{
	if (!jobs->notes[1] && pipe2(jobs->notes, O_CLOEXEC) < 0)
		return -1;
	(void)fcntl(jobs->notes[0], F_SETFL, O_NONBLOCK); /* our end only */
	return jobs->notes[1];
}

int jobs_notes(const struct jobs *jobs)
{
	return jobs->notes[1] ? jobs->notes[0] : -1;
}

void jobs_read_notes(struct jobs *jobs, struct text *text)
{
	struct text *note = &jobs->note;
	char chunk[4096];
	const char *end;
	ssize_t n;

	while (jobs->notes[1] && (n = read(jobs->notes[0], chunk, sizeof(chunk))) > 0)
		text_add_n(note, chunk, (size_t)n);
	end = note->length ? strrchr(note->s, '\n') : NULL;
	if (!end)
		return;
	text_add_n(text, note->s, (size_t)(end + 1 - note->s));
	note->length -= (size_t)(end + 1 - note->s);
	memmove(note->s, end + 1, note->length + 1);
}

void jobs_output(struct jobs *jobs, struct output *output)
{
	output_begin_array(output, NULL);
	for (size_t i = 0; i < jobs->n_job; i++) {
		struct job *job = &jobs->job[i];

		look(job);
		output_begin_object(output, NULL);
		output_number(output, "number", job->number);
		output_string(output, "status",
			      job->done      ? "Exited"
			      : job->stopped ? "Stopped"
					     : "Running");
		output_string(output, "command", job->text);
		output_end(output);
	}
	output_end(output);
}
