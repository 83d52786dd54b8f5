/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/sandbox/init_memory.h"

#define HOSTS_PATH    "/run/vpclab/hosts"
#define NSSWITCH_PATH "/run/vpclab/nsswitch.conf"
#define RESOLV_PATH   "/run/vpclab/resolv.conf"

static int fail_mount(struct error *err, const char *what)
{
	int r = -errno;

	return error_set(err, r, "cannot mount %s", what);
}

static int make_directory(const char *path, mode_t mode, struct error *err)
{
	int r;

	if (mkdir(path, mode) == 0)
		return 0;
	r = -errno;
	return error_set(err, r, "cannot make the lab's own directory %s", path);
}

static int write_file(const char *path, const char *content, struct error *err)
{
	size_t length = strlen(content);
	auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ssize_t n;
	int r;

	n = fd < 0 ? -1 : write(fd, content, length);
	if (n == (ssize_t)length)
		return 0;
	r = n < 0 ? -errno : -ENOSPC;
	return error_set(err, r, "cannot write the lab's own file %s", path);
}

/* What is not there cannot mislead anybody: a missing target is fine (resolv.conf is often a link
 * into the old /run). */
static int bind_over(const char *source, const char *target, struct error *err)
{
	if (mount(source, target, NULL, MS_BIND, NULL) == 0 || errno == ENOENT || errno == ENOTDIR)
		return 0;
	return fail_mount(err, target);
}

/* The host's nsswitch.conf, but host names come from the hosts file alone: the lab reaches no name
 * server. */
static void nsswitch_make(struct text *text)
{
	auto_file FILE *file = fopen("/etc/nsswitch.conf", "re");
	char line[1024];
	bool skip = false, begins = true;

	while (file && fgets(line, sizeof(line), file)) {
		if (begins) {
			const char *word = line + strspn(line, " \t");

			skip = strncmp(word, "hosts", 5) == 0 &&
			       word[5 + strspn(word + 5, " \t")] == ':';
		}
		begins = strchr(line, '\n') != NULL;
		if (!skip)
			text_add(text, line);
	}
	if (!begins)
		text_add_char(text, '\n');
	text_add(text, "hosts: files\n");
}

/* Where /var/run is a directory of its own, programs that say /var/run must see the same as those
 * that say /run. */
static int join_var_run(struct error *err)
{
	struct stat st;

	if (lstat("/var/run", &st) < 0 || !S_ISDIR(st.st_mode))
		return 0;
	if (mount(NULL, "/run", NULL, MS_SHARED, NULL) < 0 ||
	    mount("/run", "/var/run", NULL, MS_BIND, NULL) < 0)
		return fail_mount(err, "/var/run");
	return 0;
}

static int furnish(struct error *err)
{
	auto_text nsswitch = { 0 };
	int r;

	umask(022);

	/* Nothing from here to the host; what the host unmounts goes here, too, so that the lab
	 * keeps no disk busy. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return fail_mount(err, "the lab's own file system tree");

	nsswitch_make(&nsswitch);

	/* What a node fills by mistake is this, and not the machine's memory. */
	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=256m") < 0)
		return fail_mount(err, "the lab's own /run");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return fail_mount(err, "the lab's own /proc");
	/* Its /sys/class/net is that of the empty network namespace we are in. Where it may not be,
	 * the host's stays. */
	(void)mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);

	if ((r = join_var_run(err)) < 0 || (r = make_directory("/run/netns", 0755, err)) < 0 ||
	    (r = make_directory("/run/lock", 01777, err)) < 0 ||
	    (r = make_directory("/run/vpclab", 0700, err)) < 0)
		return r;

	if ((r = write_file(HOSTS_PATH,
			    "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n",
			    err)) < 0 ||
	    (r = write_file(NSSWITCH_PATH, text_get(&nsswitch), err)) < 0 ||
	    (r = write_file(RESOLV_PATH, "", err)) < 0)
		return r;

	if ((r = bind_over(HOSTS_PATH, "/etc/hosts", err)) < 0 ||
	    (r = bind_over(NSSWITCH_PATH, "/etc/nsswitch.conf", err)) < 0 ||
	    (r = bind_over(RESOLV_PATH, "/etc/resolv.conf", err)) < 0)
		return r;
	return 0;
}

/* POSIX locks belong to the process and fall with the first close() of that file: so late, and by
 * the keeper itself. */
static int take_registration(int registration, struct error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int r;

	if (registration < 0 || fcntl(registration, F_SETLK, &lock) == 0)
		return 0;
	r = -errno;
	if (r == -EAGAIN || r == -EACCES)
		return error_set(err, -EEXIST, "a lab of that name runs already");
	return error_set(err, r, "cannot lock the lab's registration");
}

/*
 * Leaves only the channel and the registration open, as descriptors 3 and 4: a pipe or terminal of
 * the caller's must not be held by a keeper that may outlive it.
 */
static int tidy_descriptors(int *channel, int *registration)
{
	enum { CHANNEL = 3, REGISTRATION, FIRST_FREE };
	int high_channel = fcntl(*channel, F_DUPFD, FIRST_FREE);
	int high_registration = *registration < 0 ? -1 : fcntl(*registration, F_DUPFD, FIRST_FREE);
	int null;

	if (high_channel < 0 || (*registration >= 0 && high_registration < 0) ||
	    dup2(high_channel, CHANNEL) < 0)
		return -errno;
	*channel = CHANNEL;
	if (high_registration >= 0) {
		if (dup2(high_registration, REGISTRATION) < 0)
			return -errno;
		*registration = REGISTRATION;
	}

	if (syscall(SYS_close_range, *registration >= 0 ? FIRST_FREE : REGISTRATION, ~0U, 0) < 0) {
		struct rlimit limit = { .rlim_cur = 1024 };

		getrlimit(RLIMIT_NOFILE, &limit);
		for (int fd = *registration >= 0 ? FIRST_FREE : REGISTRATION;
		     (rlim_t)fd < limit.rlim_cur; fd++)
			close(fd);
	}

	for (int fd = 0; fd < CHANNEL; fd++)
		close(fd);
	null = open("/dev/null", O_RDWR);
	if (null == 0) {
		dup2(null, 1);
		dup2(null, 2);
	}
	return 0;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < _NSIG; number++)
		signal(number, SIG_DFL);
	/* PID 1 inherits every orphan of the sandbox; the kernel reaps them for a parent that
	 * ignores them. */
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The rest of its life. Only system calls: most of the program's memory is gone. */
static _Noreturn void hold(int channel)
{
	char word;

	while (channel >= 0) {
		long n = syscall(SYS_read, channel, &word, sizeof(word));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 1 && word == KEEPER_RELEASE) {
			syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0);
			syscall(SYS_write, channel, &word, sizeof(word));
		}
		syscall(SYS_close, channel);
		channel = -1;
	}
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

void keeper_main(int channel, int registration, bool bound)
{
	struct keeper_report report = { 0 };
	char word = 0;

	/*
	 * First the signal, then the word: a caller that dies before the signal is set never says
	 * it. getppid() would not tell, the caller is in another PID namespace.
	 */
	if (bound)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	reset_signals();
	prctl(PR_SET_NAME, "vpclab-keeper");
	prctl(PR_SET_DUMPABLE, 1);
	setsid();
	report.r = tidy_descriptors(&channel, &registration);
	if (report.r < 0)
		error_set(&report.err, report.r, "cannot tidy the keeper's open files");

	if (recv(channel, &word, sizeof(word), 0) != 1 || word != KEEPER_GO)
		_exit(1);
	if (report.r == 0 && chdir("/") < 0)
		report.r = error_set(&report.err, -errno, "cannot change to /");
	if (report.r == 0)
		report.r = furnish(&report.err);
	if (report.r == 0)
		report.r = take_registration(registration, &report.err);
	if (send(channel, &report, sizeof(report), MSG_NOSIGNAL) != (ssize_t)sizeof(report) ||
	    report.r < 0)
		_exit(1);

	keeper_shed_memory();
	hold(channel);
}
