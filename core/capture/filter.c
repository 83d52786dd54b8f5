/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/capture/filter.h"

#include <dlfcn.h>
#include <errno.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>
#include <string.h>

#include "core/base/memory.h"

/*
 * Only this file knows libpcap, and loads it when a filter is there to be compiled: with what it
 * drags in (D-Bus, systemd, five compressors) it would make every start of the program slower.
 */
#define LIBRARY "libpcap.so.0.8"

struct pcap_library {
	__typeof__(pcap_open_dead) *open_dead;
	__typeof__(pcap_compile) *compile;
	__typeof__(pcap_geterr) *geterr;
	__typeof__(pcap_freecode) *freecode;
	__typeof__(pcap_close) *close;
};

static int load(struct pcap_library *ret_library, struct error *err)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* stays: we are asked once */

	if (library) {
		ret_library->open_dead = dlsym(library, "pcap_open_dead");
		ret_library->compile = dlsym(library, "pcap_compile");
		ret_library->geterr = dlsym(library, "pcap_geterr");
		ret_library->freecode = dlsym(library, "pcap_freecode");
		ret_library->close = dlsym(library, "pcap_close");
		if (ret_library->open_dead && ret_library->compile && ret_library->geterr &&
		    ret_library->freecode && ret_library->close)
			return 0;
	}
	error_set(err, -ENOSYS, "a filter needs libpcap: %s", dlerror());
	error_hint(err, "apt-get install libpcap0.8");
	return -ENOSYS;
}

/* What is no Ethernet port ends here; jumps are relative, so a program can follow. */
static const struct sock_filter ethernet_only[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, SKF_AD_OFF + SKF_AD_HATYPE),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_ETHER, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, 0),
};
static const struct sock_filter take_all[] = { BPF_STMT(BPF_RET | BPF_K, CAPTURE_LENGTH) };

static int put_behind(const struct sock_filter *program, size_t n, struct sock_fprog *ret_program,
		      struct error *err)
{
	const size_t n_first = ARRAY_SIZE(ethernet_only);
	struct sock_filter *whole;

	if (n_first + n > BPF_MAXINSNS)
		return error_refuse(err, "", "filter",
				    "the filter is too long: %zu instructions for the kernel, "
				    "which takes %d",
				    n_first + n, BPF_MAXINSNS);
	whole = xalloc((n_first + n) * sizeof(*whole));
	memcpy(whole, ethernet_only, sizeof(ethernet_only));
	memcpy(whole + n_first, program, n * sizeof(*whole));
	*ret_program = (struct sock_fprog){ .len = (unsigned short)(n_first + n), .filter = whole };
	return 0;
}

int filter_compile(const char *expression, struct sock_fprog *ret_program, struct error *err)
{
	struct pcap_library library;
	struct bpf_program program;
	pcap_t *pcap;
	int r;

	if (!expression)
		return put_behind(take_all, ARRAY_SIZE(take_all), ret_program, err);
	r = load(&library, err);
	if (r < 0)
		return r;
	pcap = library.open_dead(DLT_EN10MB, CAPTURE_LENGTH);
	if (!pcap)
		return error_set(err, -ENOMEM, "libpcap has no memory for a filter");
	if (library.compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		r = error_refuse(err, "", "filter", "libpcap does not take the filter: %s",
				 library.geterr(pcap));
		error_hint(err, "the language is that of tcpdump: man pcap-filter");
	} else {
		/* The instructions of both are the same to the bit. */
		_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter), "");
		r = put_behind((const struct sock_filter *)program.bf_insns, program.bf_len,
			       ret_program, err);
		library.freecode(&program);
	}
	library.close(pcap);
	return r;
}
