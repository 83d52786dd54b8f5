/* SPDX-License-Identifier: GPL-3.0-only */
/* Any bytes as a lab's file, the whole way that needs no kernel: validate, then explain, graph and
 * plan, as on the command line. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

int vpclab_main(int argc, char **argv); /* cli/main/main.c */

static int run(const char *subcommand, const char *path, const char *flow)
{
	static char program[] = "vpclab", quiet[] = "--quiet";
	char *argv[] = { program,
			 quiet,
			 (char *)(uintptr_t)subcommand,
			 (char *)(uintptr_t)path,
			 (char *)(uintptr_t)flow,
			 NULL };

	return vpclab_main(flow ? 5 : 4, argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_MAX];
	int fd = memfd_create("fuzz.lab", MFD_CLOEXEC), status;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file is written");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	status = run("validate", path, NULL);
	must(status == 0 || status == 2, "a file is right or it is not");
	if (status == 0) {
		must(run("graph", path, NULL) == 0, "what is right is drawn");
		must(run("plan", path, NULL) == 0, "what is right has a plan");
		status = run("explain", path, "ECS1 -> EIP1");
		must(status == 0 || status == 2, "a flow is explained or it is none");
	}
	close(fd);
	return 0;
}
