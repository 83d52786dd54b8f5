/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/verify.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/cleanup.h"
#include "lab/live/builder.h"

struct task {
	const struct wanted *wanted;
	bool repair;
	int fd; /* a file without a name, through which the findings come back */
};

static int verify_inside(void *arg, struct error *err)
{
	const struct task *task = arg;
	struct findings findings;
	int r = verify(task->wanted, task->repair, &findings, err);

	if (r == 0)
		r = findings_write(&findings, task->fd, err);
	findings_free(&findings);
	return r;
}

int lab_verify_locked(struct lab *lab, bool repair, struct findings *ret_findings,
		      struct error *err)
{
	auto_fd int fd = memfd_create("findings", MFD_CLOEXEC);
	struct task task = { .wanted = lab_applied(lab), .repair = repair, .fd = fd };
	int r;

	if (fd < 0)
		return error_set(err, -errno, "cannot make a file in memory: %s", strerror(errno));
	r = sandbox_call(&lab->sandbox, verify_inside, &task, err);
	if (r >= 0 && repair && lab->lock >= 0)
		builder_note_this_program(lab->sandbox.directory);
	return r < 0 ? r : findings_read(ret_findings, fd, err);
}

int lab_verify(struct lab *lab, bool repair, struct findings *ret_findings, struct error *err)
{
	int r = lab_begin(lab, err);

	*ret_findings = (struct findings){ 0 };
	if (r < 0)
		return r;
	r = lab_verify_locked(lab, repair, ret_findings, err);
	(void)lab_rollback(lab, 0, NULL); /* Only unlocks: nothing was recorded. */
	return r;
}
