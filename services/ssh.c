/* SPDX-License-Identifier: GPL-3.0-only */
#include "services/service.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A real OpenSSH server, one process a connection (sshd -i), with keys and a configuration made in
 * the lab; or, where that cannot be, only the banner with which a server begins.
 *
 * In a lab root is the only user, and nobody can become another. sshd run by root insists on
 * becoming another user before somebody has logged in, but run by an ordinary user it serves that
 * user without changing. So it gets a user namespace of its own in which root's number is not 0,
 * and a passwd file that says so. Whoever logs in is in the node's network, as root by name,
 * without root's powers over it.
 *
 * Every node knows the server's key and has the user's key.
 */

#define DIRECTORY     "/run/vpclab/ssh"
#define HOST_KEY      DIRECTORY "/host_key"
#define USER_KEY      DIRECTORY "/user_key"
#define CLIENT_CONFIG DIRECTORY "/ssh_config"
#define KNOWN_HOSTS   DIRECTORY "/known_hosts"
#define PATHS         "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { ROOT_IN_SSHD = 1000, PATH_SIZE = 512, LINE_SIZE = 1024 };

static const char client_config[] = "Host *\n"
				    "\tIdentityFile " USER_KEY "\n"
				    "\tIdentitiesOnly yes\n"
				    "\tUserKnownHostsFile " KNOWN_HOSTS "\n"
				    "\tStrictHostKeyChecking yes\n"
				    "\tSendEnv LANG LC_*\n";

struct ssh_server {
	const struct server *service;
	char sshd[PATH_SIZE], config[PATH_SIZE];
};

/* ---- files and programs ---- */

static bool find_in(const char *paths, const char *name, char path[static PATH_SIZE])
{
	for (const char *s = paths; s && *s; s += strcspn(s, ":"), s += *s == ':') {
		int length = (int)strcspn(s, ":");

		if (length && snprintf(path, PATH_SIZE, "%.*s/%s", length, s, name) < PATH_SIZE &&
		    access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static bool find_program(const char *name, char path[static PATH_SIZE])
{
	return find_in(getenv("PATH"), name, path) || find_in(PATHS, name, path);
}

static bool write_file(const char *path, mode_t mode, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool write_file(const char *path, mode_t mode, const char *format, ...)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	va_list ap;
	bool good;

	if (!file)
		return false;
	va_start(ap, format);
	good = vfprintf(file, format, ap) >= 0;
	va_end(ap);
	return fclose(file) == 0 && good;
}

/* In the process that becomes sshd, turn the lab's root into an ordinary user of a namespace of its
 * own. */
static bool become_ordinary(void)
{
	return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", 0644, "deny") &&
	       write_file("/proc/self/uid_map", 0644, "%d 0 1", ROOT_IN_SSHD) &&
	       write_file("/proc/self/gid_map", 0644, "%d 0 1", ROOT_IN_SSHD);
}

/* execve() does not change the words, but its type does not say so. */
static void execute(const char *program, const char *const words[])
{
	char *const *argv;

	memcpy(&argv, &words, sizeof(argv));
	execve(program, argv, environ);
}

/* Run a program to its end. Return whether it succeeded. */
static bool run(const char *program, const char *const argv[], bool ordinary)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (!ordinary || become_ordinary())
			execute(program, argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && status == 0;
}

/* ---- what the whole lab shares: the keys, and how clients use them ---- */

static bool make_key(const char *path)
{
	const char *const argv[] = { "ssh-keygen", "-q",     "-t", "ed25519", "-N", "",
				     "-C",         "vpclab", "-f", path,      NULL };
	char keygen[PATH_SIZE];

	if (access(path, R_OK) == 0)
		return true;
	return find_program("ssh-keygen", keygen) && run(keygen, argv, false);
}

/* The first service makes the keys. The ssh_config of all nodes includes ours. */
static bool share_keys(void)
{
	char key[LINE_SIZE] = "";
	FILE *file;

	if (!make_key(HOST_KEY) || !make_key(USER_KEY))
		return false;
	file = fopen(HOST_KEY ".pub", "re");
	if (file && !fgets(key, sizeof(key), file))
		key[0] = '\0';
	if (file)
		fclose(file);
	if (!*key || !write_file(KNOWN_HOSTS, 0644, "* %s", key))
		return false;
	return write_file(CLIENT_CONFIG, 0644, "%s", client_config);
}

static bool prepare_lab(void)
{
	int lock = service_lock(DIRECTORY);
	bool good = lock >= 0 && share_keys();

	if (lock >= 0)
		close(lock);
	return good;
}

/* ---- the server ---- */

/* Mount a copy of the machine's passwd or group file, with another number for root, over it. Only
 * sshd sees it. */
static bool replace_accounts(const struct ssh_server *server, const char *original,
			     const char *skip, const char *root)
{
	char path[PATH_SIZE], line[LINE_SIZE];
	FILE *from = fopen(original, "re"), *to = NULL;
	bool good;

	snprintf(path, sizeof(path), DIRECTORY "/%s.%s", server->service->name,
		 strrchr(original, '/') + 1);
	if (from)
		to = fopen(path, "we");
	good = to && fprintf(to, "%s", root) > 0;
	while (good && fgets(line, sizeof(line), from))
		if (strncmp(line, "root:", 5) != 0 && strncmp(line, skip, strlen(skip)) != 0)
			good = fputs(line, to) >= 0;
	if (from)
		fclose(from);
	if (to)
		good = fclose(to) == 0 && good;
	return good && mount(path, original, NULL, MS_BIND, NULL) == 0;
}

/* The machine's shadow file, if it can be read at all, may say that root is locked. */
static bool replace_shadow(const struct ssh_server *server)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), DIRECTORY "/%s.shadow", server->service->name);
	return write_file(path, 0600, "root:*:::::::\n") &&
	       (mount(path, "/etc/shadow", NULL, MS_BIND, NULL) == 0 || errno == ENOENT);
}

/* Without a group tty a terminal belongs to whoever opens it; another group would have no number in
 * there. */
static bool prepare_accounts(const struct ssh_server *server)
{
	char root[LINE_SIZE];
	const char *home = getenv("HOME");

	/* '*' is no password, and not a locked account either. */
	snprintf(root, sizeof(root), "root:*:%d:%d:root:%s:%s\n", ROOT_IN_SSHD, ROOT_IN_SSHD,
		 home && *home == '/' ? home : "/",
		 access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh");
	if (unshare(CLONE_NEWNS) < 0 || !replace_accounts(server, "/etc/passwd", "tty:", root))
		return false;
	snprintf(root, sizeof(root), "root:x:%d:\n", ROOT_IN_SSHD);
	return replace_accounts(server, "/etc/group", "tty:", root) && replace_shadow(server);
}

static bool prepare_config(struct ssh_server *server)
{
	const char *name = server->service->name;

	snprintf(server->config, sizeof(server->config), DIRECTORY "/%s.sshd_config", name);
	return write_file(server->config, 0644,
			  "HostKey " HOST_KEY "\n"
			  "AuthorizedKeysFile " USER_KEY ".pub\n"
			  "StrictModes no\n" /* /run belongs to the lab's root, who has another
						number there */
			  "PasswordAuthentication no\n"
			  "PermitRootLogin yes\n"
			  "PidFile none\n"
			  "PrintLastLog no\n"
			  "AcceptEnv LANG LC_*\n"
			  "SetEnv VPCLAB_NODE=%s debian_chroot=%s\n"
			  "Subsystem sftp internal-sftp\n",
			  name, name);
}

static bool works(const struct ssh_server *server)
{
	const char *const argv[] = { server->sshd, "-t", "-f", server->config, NULL };

	return run(server->sshd, argv, true);
}

/* Return whether there is a real server. If not, the log says why. */
static bool prepare(struct ssh_server *server)
{
	const char *missing = NULL;

	if (!service_in_lab())
		missing = "this is no lab";
	else if (!find_program("sshd", server->sshd))
		missing = "no ssh server is installed on this machine (package openssh-server)";
	else if (!prepare_lab())
		missing = "no keys could be made (package openssh-client)";
	else if (!prepare_accounts(server) || !prepare_config(server) || !works(server))
		missing = "the ssh server of this machine does not run in a lab";
	if (missing)
		fprintf(stderr, "vpclab-service: %s: there is a banner only\n", missing);
	return !missing;
}

/* ---- serving ---- */

static _Noreturn void serve_login(const struct ssh_server *server, int fd)
{
	const char *const argv[] = { server->sshd, "-i", "-e", "-f", server->config, NULL };

	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (become_ordinary() && dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
		execute(server->sshd, argv);
	fprintf(stderr, "vpclab-service: cannot start %s: %s\n", server->sshd, strerror(errno));
	_exit(EXIT_FAILURE);
}

/* Send what an ssh server says first, and nothing more. */
static void serve_banner(const struct ssh_server *server, int fd)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "SSH-2.0-vpclab %s\r\n", server->service->name);

	(void)!send(fd, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1,
		    MSG_NOSIGNAL);
}

static void serve_one(const struct ssh_server *server, int listening, bool real)
{
	struct sockaddr_in client = { 0 };
	socklen_t size = sizeof(client);
	int fd = accept4(listening, (struct sockaddr *)&client, &size, SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			usleep(10000); /* other connections have to end first */
		return;
	}
	service_log(&client, real ? "ssh" : "banner");
	if (!real)
		serve_banner(server, fd);
	else if (fork() == 0)
		serve_login(server, fd);
	close(fd);
}

int ssh_run(const struct server *service)
{
	struct ssh_server server = { .service = service };
	bool real = prepare(&server);
	int fd = service_listen(service, SOCK_STREAM);

	if (fd < 0)
		return EXIT_FAILURE;
	signal(SIGCHLD, SIG_IGN); /* leaves no zombies */
	fcntl(fd, F_SETFL, 0);    /* accept4() blocks: there is nothing else to do */
	service_ready(service);
	for (;;)
		serve_one(&server, fd, real);
}
