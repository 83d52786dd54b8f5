/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/sandbox/users.h"

static int fail(const char *doing, const char *path, struct error *err)
{
	int r = -errno;

	return error_set(err, r, "cannot %s %s", doing, path);
}

/* What is the lab's own, or where nobody writes: there the path machine shows. */
static bool is_special(const char *name)
{
	static const char *const special[] = { "proc", "sys",        "dev",   "run",
					       "boot", "lost+found", "media", "mnt" };

	for (size_t i = 0; i < ARRAY_SIZE(special); i++) {
		if (strcmp(name, special[i]) == 0)
			return true;
	}
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Call for each real directory in a directory. */
static int each_directory(const char *path, int (*fn)(const char *path, void *arg), void *arg)
{
	auto_dir DIR *directory = opendir(path);
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && directory && (entry = readdir(directory))) {
		auto_free char *child = NULL;

		if (entry->d_type != DT_DIR || strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 || (!path[1] && is_special(entry->d_name)))
			continue;
		child = xprintf("%s/%s", path[1] ? path : "", entry->d_name);
		r = fn(child, arg);
	}
	return r;
}

int files_each_top(int (*fn)(const char *path, void *arg), void *arg)
{
	return each_directory("/", fn, arg);
}

/* Make a directory and those above it. */
static int make_path(const char *path)
{
	auto_free char *parent = xstrdup(path);

	for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(parent, 0755); /* what matters is the last one */
		*slash = '/';
	}
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* As the machine has it; where the machine's root is nobody in the lab, all is the lab's root's. */
static void copy_owner(const char *path, const struct stat *st)
{
	struct stat machine;

	if (stat("/", &machine) == 0 && machine.st_uid == 0)
		(void)!chown(path, st->st_uid, st->st_gid);
}

/* ---- the lab's own files ---- */

/* An overlay shows a directory as its uppermost layer has it; opaque: and nothing from below. */
static void make_opaque(const char *path)
{
	(void)setxattr(path, "user.overlay.opaque", "y", 1, 0); /* older tmpfs cannot */
}

#define SKELETON_DEPTH 4

struct skeleton {
	unsigned depth;
	bool fresh; /* nothing of the machine's files shines through */
};

/*
 * Make the same directory in the layer above the machine's, where it is the lab's root's, so that
 * root may write in what on the machine is another's: an ordinary user's lab does not know the
 * machine's root. Return whether what is in it can be read.
 */
static bool add_directory(const char *path, bool fresh)
{
	auto_free char *copy = xprintf(MACHINE_DIRECTORY "%s", path);
	bool readable = access(path, R_OK | X_OK) == 0;
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return false;
	if (mkdir(copy, 0755) == 0) {
		(void)chmod(copy, st.st_mode & 07777);
		copy_owner(copy, &st);
		if (fresh || !readable)
			make_opaque(copy);
	}
	return readable;
}

/* The same with what is below it. */
static int add_skeleton(const char *path, void *arg)
{
	const struct skeleton *above = arg;
	struct skeleton skeleton = { above->depth + 1, above->fresh };

	return add_directory(path, skeleton.fresh) && skeleton.depth < SKELETON_DEPTH
		       ? each_directory(path, add_skeleton, &skeleton)
		       : 0;
}

/* The directory and those above it: what the user has below them is his to change in the lab. */
static void add_way(const char *path)
{
	auto_free char *above = xstrdup(path ? path : "");

	if (*above != '/' || is_special(above + 1))
		return;
	for (char *slash = strchr(above + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)add_directory(above, false);
		*slash = '/';
	}
	(void)add_directory(above, false);
}

static int write_file(const char *path, const char *content, mode_t mode, struct error *err)
{
	auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	size_t length = strlen(content);

	if (fd >= 0 && write(fd, content, length) == (ssize_t)length)
		return 0;
	if (fd >= 0 && errno == 0)
		errno = ENOSPC;
	return fail("write the lab's own file", path, err);
}

/* The host's nsswitch.conf, but host names come from the hosts file, and then from the resolver of
 * the lab that resolv.conf names, if any. */
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
	text_add(text, "hosts: files dns\n");
}

/* The first words of each line of passwd, one user a line, as the file that fields makes. */
static int write_accounts(const char *name, mode_t mode, bool is_shadow, struct error *err)
{
	auto_file FILE *file = fopen("/etc/passwd", "re");
	auto_text text = { 0 };
	char line[1024], *rest;

	while (file && fgets(line, sizeof(line), file)) {
		/* name:password:uid:gid:rest */
		const char *user = strtok_r(line, ":", &rest), *field = NULL;

		for (int i = 0; user && i < 3; i++)
			field = strtok_r(NULL, ":", &rest);
		if (!field)
			continue;
		if (is_shadow)
			text_addf(&text, "%s:*:19000:0:99999:7:::\n", user);
		else
			text_addf(&text, "%s:x:0:0:%s", user, rest);
	}
	auto_free char *path = xprintf(MACHINE_DIRECTORY "/etc/%s", name);

	return write_file(path, text_get(&text), mode, err);
}

/* Copy a file of the machine's, with a line of our own before it. */
static bool copy_file(const char *path, const char *first_line, const char *copy)
{
	auto_fd int from = open(path, O_RDONLY | O_CLOEXEC), to = -1;
	size_t length = strlen(first_line);

	if (from < 0)
		return false;
	to = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (to < 0 || write(to, first_line, length) != (ssize_t)length)
		return false;
	while (sendfile(to, from, NULL, 1u << 20) > 0)
		;
	return true;
}

/* The file is the lab's from now on, whatever the machine has in its place. */
static void lay_over(const char *file, const char *path)
{
	auto_free char *real = realpath(path, NULL);
	auto_free char *place = xprintf(MACHINE_DIRECTORY "%s", real ? real : path);
	char *slash = strrchr(place, '/');

	*slash = '\0';
	(void)make_path(place);
	*slash = '/';
	(void)!link(file, place);
}

/* What clients trust: a service of the lab adds its own authority to the copy. */
static void lay_bundle(void)
{
	/* Debian and its like, Fedora and its like, Alpine. */
	static const char *const bundles[] = { "/etc/ssl/certs/ca-certificates.crt",
					       "/etc/pki/tls/certs/ca-bundle.crt",
					       "/etc/ssl/cert.pem" };
	static const char copy[] = "/run/vpclab/tls/ca-certificates.crt";

	for (size_t i = 0; i < ARRAY_SIZE(bundles); i++) {
		if (copy_file(bundles[i], "", copy)) {
			lay_over(copy, bundles[i]);
			return;
		}
	}
}

int files_prepare(struct error *err)
{
	static const char localhost[] =
		"127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
	struct skeleton flat = { .depth = SKELETON_DEPTH - 1 }, deep = { 0 }, logs = { 1, true };
	auto_free char *directory = getcwd(NULL, 0);
	auto_text nsswitch = { 0 };
	struct stat machine;
	int r = 0;

	nsswitch_make(&nsswitch);
	/* The machine's root is not always the lab's. */
	if (stat("/", &machine) < 0)
		return fail("read", "/", err);
	(void)each_directory("/", add_skeleton, &flat);
	(void)add_skeleton("/var/log", &logs);
	if (machine.st_uid != 0) {
		(void)each_directory("/etc", add_skeleton, &deep);
		(void)each_directory("/var", add_skeleton, &deep);
		add_way(directory);
		add_way(getenv("HOME"));
		add_way(getenv("TMPDIR"));
	}

	(void)make_path(MACHINE_DIRECTORY "/etc/ssh");
	lay_bundle();
	/* What a service of the lab says of its keys to the clients of all nodes. */
	(void)copy_file("/etc/ssh/ssh_config", "Include /run/vpclab/ssh/ssh_config\n",
			MACHINE_DIRECTORY "/etc/ssh/ssh_config");
	(void)make_path(OUTSIDE_DIRECTORY "/etc");
	(void)make_path(PART_DIRECTORY "/etc");
	(void)make_path(NAMES_DIRECTORY);
	if ((r = write_file(HOSTS_PATH, localhost, 0644, err)) < 0 ||
	    (r = write_file(OUTSIDE_HOSTS, localhost, 0644, err)) < 0 ||
	    (r = write_file(RESOLVERS_PATH, "", 0644, err)) < 0 ||
	    (r = write_file(OUTSIDE_DIRECTORY "/etc/resolv.conf", "", 0644, err)) < 0 ||
	    (r = write_file(PART_DIRECTORY "/etc/resolv.conf", "", 0644, err)) < 0 ||
	    (r = write_file(MACHINE_DIRECTORY "/etc/nsswitch.conf", text_get(&nsswitch), 0644,
			    err)) < 0)
		return r;
	if (link(HOSTS_PATH, MACHINE_DIRECTORY "/etc/hosts") < 0 ||
	    link(RESOLVERS_PATH, MACHINE_DIRECTORY "/etc/resolv.conf") < 0)
		return fail("make", "the lab's own files " HOSTS_PATH " and " RESOLVERS_PATH, err);

	/* Who is who where the machine's own file may not be read, or only one user is there: every
	 * name then stands for him. */
	if (access("/etc/shadow", R_OK) < 0)
		r = write_accounts("shadow", 0600, true, err);
	if (r == 0 && users_is_single())
		r = write_accounts("passwd", 0644, false, err);
	return r;
}

/* ---- what a node, or the lab, writes to ---- */

struct layers {
	const char *own;
	const char *special; /* has what is different for a node of its kind; NULL: nothing is */
	unsigned n, depth;
	struct text list; /* of what was mounted: source NUL target NUL ... */
};

static void list(struct layers *layers, const char *source, const char *target)
{
	text_add_n(&layers->list, source, strlen(source) + 1);
	text_add_n(&layers->list, target, strlen(target) + 1);
}

/* Where the node's copy of a directory is, made with the directory's mode and owner. */
static int make_place(struct layers *layers, const char *path, const char *ending, char **ret_place)
{
	auto_free char *shared = xprintf(MACHINE_DIRECTORY "%s", path);
	auto_free char *place = xprintf("%s/%u%s", layers->own, layers->n, ending);
	struct stat st;

	if ((stat(shared, &st) < 0 && stat(path, &st) < 0) || mkdir(place, 0755) < 0 ||
	    chmod(place, st.st_mode & 07777) < 0)
		return -errno;
	copy_owner(place, &st);
	*ret_place = take_ptr(place);
	return 0;
}

/* The lab's own file of that path for this node. The caller frees. */
static char *own_path(const struct layers *layers, const char *path)
{
	auto_free char *special = xprintf("%s%s", layers->special ? layers->special : "", path);

	return layers->special && access(special, F_OK) == 0
		       ? take_ptr(special)
		       : xprintf(MACHINE_DIRECTORY "%s", path);
}

/* Lay the lab's own files in a directory over the machine's, one by one. */
static int list_own_files(struct layers *layers, const char *path)
{
	auto_free char *own = xprintf(MACHINE_DIRECTORY "%s", path);
	auto_dir DIR *directory = opendir(own);
	const struct dirent *entry;
	int r = 0;

	while (r == 0 && directory && (entry = readdir(directory))) {
		auto_free char *target = xprintf("%s/%s", path, entry->d_name);
		auto_free char *file = own_path(layers, target);
		struct stat st;

		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			r = list_own_files(layers, target);
		else if (entry->d_type == DT_REG && lstat(target, &st) == 0)
			list(layers, file, target);
	}
	return r;
}

/* Where there is no overlay, the directory stays read-only, but for the lab's own files and for
 * what has to be writable: there the node has empty directories. */
static int make_plain(struct layers *layers, const char *path)
{
	static const char *const writable[] = { "/tmp", "/var/tmp", "/var/log" };
	const size_t length = strlen(path);

	list(layers, path, path);
	for (size_t i = 0; i < ARRAY_SIZE(writable); i++) {
		auto_free char *directory = xprintf("%s/%u", layers->own, layers->n);

		if (strncmp(writable[i], path, length) != 0 ||
		    (writable[i][length] && writable[i][length] != '/') ||
		    access(writable[i], F_OK) < 0)
			continue;
		if (mkdir(directory, 01777) < 0 || chmod(directory, 01777) < 0)
			return -errno;
		layers->n++;
		list(layers, directory, writable[i]);
	}
	return list_own_files(layers, path);
}

static bool has_mounts_below(const char *path)
{
	auto_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	const size_t length = strlen(path);
	auto_free char *line = NULL;
	size_t size = 0;

	while (mounts && getline(&line, &size, mounts) > 0) {
		const char *place = line;

		/* id, parent, device, root, place */
		for (unsigned i = 0; place && i < 4; i++)
			place = (place = strchr(place, ' ')) ? place + 1 : NULL;
		if (place && strncmp(place, path, length) == 0 && place[length] == '/')
			return true;
	}
	return false;
}

static int make_overlay(const char *path, void *arg);

#define COPIED_MAX (1 << 20) /* bytes */

/* One entry of a directory that gets no overlay. */
static int copy_entry(struct layers *layers, const char *path, const char *copy)
{
	auto_free char *shared = own_path(layers, path);
	char target[PATH_MAX];
	struct stat st;
	ssize_t length;

	if (lstat(path, &st) < 0)
		return 0;
	if (S_ISLNK(st.st_mode) && access(shared, F_OK) < 0) {
		length = readlink(path, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		return symlink(target, copy) < 0 ? -errno : 0;
	}
	if (S_ISDIR(st.st_mode))
		return mkdir(copy, 0755) < 0 ? -errno : make_overlay(path, layers);
	if (access(shared, F_OK) == 0 || (S_ISREG(st.st_mode) && st.st_size > COPIED_MAX)) {
		auto_fd int fd = open(copy, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		list(layers, access(shared, F_OK) == 0 ? shared : path, path);
		return fd < 0 ? -errno : 0;
	}
	if (S_ISREG(st.st_mode) && copy_file(path, "", copy))
		(void)chmod(copy, st.st_mode & 07777);
	return 0;
}

/* A directory below which mounts lie, as in a container those over files of /etc: a copy of its
 * files, and for its subdirectories the same again. */
static int make_copy(struct layers *layers, const char *path)
{
	auto_free char *place = NULL;
	auto_dir DIR *directory = opendir(path);
	const struct dirent *entry;
	int r = make_place(layers, path, "", &place);

	layers->n++;
	if (r == 0)
		list(layers, place, path);
	while (r == 0 && directory && (entry = readdir(directory))) {
		auto_free char *from = xprintf("%s/%s", path, entry->d_name);
		auto_free char *to = xprintf("%s/%s", place, entry->d_name);

		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = copy_entry(layers, from, to);
	}
	return r;
}

/* Mount an overlay for one directory, the lowest layer of which is the directory itself. */
static int make_overlay(const char *path, void *arg)
{
	struct layers *layers = arg;
	auto_free char *shared = xprintf(MACHINE_DIRECTORY "%s", path);
	auto_free char *special = xprintf("%s%s:", layers->special ? layers->special : "", path);
	auto_free char *place = NULL, *upper = NULL, *work = NULL, *options = NULL;
	bool has_special = layers->special && strcmp(path, "/etc") == 0;
	bool has_shared = access(shared, F_OK) == 0;
	bool readable = !has_shared || access(path, R_OK | X_OK) == 0;
	int r;

	if (strpbrk(path, ":,\\")) /* words of the kernel's */
		return make_plain(layers, path);
	if ((r = make_place(layers, path, "", &place)) < 0 ||
	    (r = make_place(layers, path, ".upper", &upper)) < 0 ||
	    (r = make_place(layers, path, ".work", &work)) < 0)
		return r == -EACCES || r == -ENOENT ? 0 : r;
	layers->n++;
	options = xprintf("lowerdir=%s%s%s%s,upperdir=%s,workdir=%s,userxattr",
			  has_special ? special : "", has_shared ? shared : "",
			  has_shared && readable ? ":" : "", readable ? path : "", upper, work);
	if (mount("overlay", place, "overlay", MS_NODEV, options) == 0) {
		list(layers, place, path);
		return 0;
	}
	if (errno != EINVAL || layers->depth == SKELETON_DEPTH || !has_mounts_below(path))
		return make_plain(layers, path);
	layers->depth++;
	r = make_copy(layers, path);
	layers->depth--;
	return r;
}

/*
 * /run and /dev/shm of the node's own; of the lab's it has what programs of all nodes use, and what
 * is no host has what services read. The rest of /run/vpclab was never there: a process's files are
 * open to the root of all nodes, by /proc/PID/root.
 */
static int make_run(struct layers *layers, enum node_kind kind)
{
	static const struct {
		const char *name;
		mode_t mode;
	} directories[] = { { "/shm", 01777 },           { "/run", 0755 },
			    { "/run/lock", 01777 },      { "/run/netns", 0755 },
			    { "/run/sshd", 0755 },       { "/run/vpclab", 0755 },
			    { "/run/vpclab/ssh", 0700 }, { "/run/vpclab/tls", 0700 } };
	auto_free char *run = xprintf("%s/run", layers->own), *shm = xprintf("%s/shm", layers->own);
	static const char *const read_only[] = { FILES_READ_ONLY };
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		auto_free char *path = xprintf("%s%s", layers->own, directories[i].name);

		if (mkdir(path, 0755) < 0 || chmod(path, directories[i].mode) < 0)
			return -errno;
	}
	list(layers, shm, "/dev/shm");
	list(layers, run, "/run");
	list(layers, "/run/vpclab/ssh", "/run/vpclab/ssh");
	list(layers, "/run/vpclab/tls", "/run/vpclab/tls");
	for (size_t i = 0; kind == NODE_PART && i < ARRAY_SIZE(read_only); i++) {
		auto_free char *from = xprintf(READ_DIRECTORY "/%s", read_only[i]);
		auto_free char *to = xprintf("/run/vpclab/%s", read_only[i]);

		list(layers, from, to);
	}
	/* Where /var/run is a directory of its own, programs that say so must see the same. */
	if (lstat("/var/run", &st) == 0 && S_ISDIR(st.st_mode))
		list(layers, run, "/var/run");
	return 0;
}

static void list_shares(struct layers *layers)
{
	for (size_t i = 0;; i++) {
		auto_free char *place = xprintf(SHARE_DIRECTORY "/%zu", i);
		auto_free char *link = xprintf("%s.path", place);
		char path[PATH_MAX];
		ssize_t length = readlink(link, path, sizeof(path) - 1);

		if (length <= 0)
			return;
		path[length] = '\0';
		list(layers, place, path);
	}
}

char *files_list(const char *own)
{
	/* A lab of an older version has it among the node's own files. */
	return access(LIST_DIRECTORY, F_OK) == 0 ? xprintf(LIST_DIRECTORY "%s", strrchr(own, '/'))
						 : xprintf("%s/list", own);
}

static int write_list(const struct layers *layers)
{
	auto_free char *path = files_list(layers->own);
	auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, layers->list.s, layers->list.length);

	return n < 0 ? -errno : n == (ssize_t)layers->list.length ? 0 : -ENOSPC;
}

int files_make(const char *own, enum node_kind kind, struct error *err)
{
	struct layers layers = { .own = own,
				 .special = kind == NODE_INTERNET_HOST ? OUTSIDE_DIRECTORY
					    : kind == NODE_PART        ? PART_DIRECTORY
								       : NULL };
	int r = each_directory("/", make_overlay, &layers);

	if (r == 0)
		r = make_run(&layers, kind);
	list_shares(&layers);
	if (r == 0)
		r = write_list(&layers);
	text_free(&layers.list);
	return r < 0 ? error_set(err, r, "cannot make the node's own files: %s", strerror(-r)) : 0;
}

/* ---- in a namespace ---- */

static void files_free(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		close(files->placed[i].tree);
		free(files->placed[i].target);
	}
	free(files->placed);
	*files = (struct files){ 0 };
}

static int take_tree(struct files *files, const char *source, const char *target)
{
	int tree = open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (tree < 0)
		return -errno;
	*ARRAY_PUSH(files->placed, files->n) = (struct placed_tree){ tree, xstrdup(target) };
	return 0;
}

int files_open(const char *own, bool with_run, struct files *ret_files, struct error *err)
{
	auto_free char *path = files_list(own), *source = NULL, *target = NULL;
	auto_file FILE *file = fopen(path, "re");
	struct files files = { 0 };
	size_t source_size = 0, target_size = 0;
	int r = file ? 0 : -errno;

	while (r == 0 && getdelim(&source, &source_size, '\0', file) > 0)
		r = getdelim(&target, &target_size, '\0', file) > 0
			    ? take_tree(&files, source, target)
			    : -EIO;
	if (r == 0 && with_run)
		r = take_tree(&files, "/run", "/run");
	if (r == 0) {
		*ret_files = files;
		return 0;
	}
	error_set(err, r, "cannot open the node's own files: %s", strerror(-r));
	files_free(&files);
	return r;
}

int files_place(struct files *files, struct error *err)
{
	int r = 0;

	umask(022);
	for (size_t i = 0; r == 0 && i < files->n; i++) {
		const struct placed_tree *placed = &files->placed[i];

		if (access(placed->target, F_OK) < 0)
			(void)make_path(placed->target); /* below a new /run */
		if (move_mount(placed->tree, "", AT_FDCWD, placed->target,
			       MOVE_MOUNT_F_EMPTY_PATH) < 0) {
			r = -errno;
			error_set(err, r, "cannot mount the node's own %s: %s", placed->target,
				  strerror(-r));
		}
	}
	files_free(files);
	return r;
}

bool files_are_writable(void)
{
	struct statvfs fs;

	return statvfs("/etc", &fs) == 0 && !(fs.f_flag & ST_RDONLY);
}
