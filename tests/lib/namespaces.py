# SPDX-License-Identifier: GPL-3.0-only
"""What ip and nft say in each namespace of a lab, for programs that run inside it. A process of its own for every question
took most of the time of the tests that ask often: nft is asked by its library, ip once a namespace."""

import ctypes
import glob
import os
import re

CLONE_NEWNET = 0x40000000
NFT_HANDLE, NFT_JSON = 1 << 3, 1 << 4  # of nft_ctx_output_set_flags()
SYSCTLS = [
    "ipv4/ip_forward", "ipv4/conf/*/rp_filter", "ipv4/conf/*/send_redirects",
    "netfilter/nf_conntrack_tcp_timeout_established", "netfilter/nf_conntrack_udp_timeout",
    "netfilter/nf_conntrack_udp_timeout_stream", "netfilter/nf_conntrack_tcp_loose"]
libc = ctypes.CDLL(None, use_errno=True)
libnftables = ctypes.CDLL("libnftables.so.1")
libnftables.nft_ctx_new.restype = ctypes.c_void_p
libnftables.nft_ctx_get_output_buffer.restype = ctypes.c_char_p


def each(chosen=None):
    """Enter the namespaces one after the other; of those that are chosen, whose names are words of the text."""
    for pin in sorted(glob.glob("/run/netns/*")):
        name = os.path.basename(pin)
        if chosen and not re.search(rf"\b{name}\b", chosen):
            continue
        with open(pin) as netns:
            if libc.setns(netns.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "cannot enter", pin)
        yield name


def ruleset(flags):
    context = ctypes.c_void_p(libnftables.nft_ctx_new(0))
    libnftables.nft_ctx_output_set_flags(context, flags)
    libnftables.nft_ctx_buffer_output(context)
    if libnftables.nft_run_cmd_from_buffer(context, b"list ruleset") != 0:
        raise OSError("nft cannot list the ruleset")
    said = libnftables.nft_ctx_get_output_buffer(context).decode()
    libnftables.nft_ctx_free(context)
    return said


def ip(*options, batch):
    """Without subprocess, whose import takes longer than all that is asked here."""
    lines, (answer, said) = os.memfd_create("batch"), os.pipe()
    os.write(lines, batch.encode())
    os.lseek(lines, 0, os.SEEK_SET)
    pid = os.posix_spawnp("ip", ["ip", *options, "-batch", "-"], os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, lines, 0), (os.POSIX_SPAWN_DUP2, said, 1)])
    os.close(lines)
    os.close(said)
    with open(answer) as file:
        text = file.read()
    if os.waitpid(pid, 0)[1] != 0:
        raise OSError("ip has failed")
    return text


def sysctls():
    for pattern in SYSCTLS:
        for path in sorted(glob.glob("/proc/sys/net/" + pattern)):
            with open(path) as file:
                yield f"{path} = {file.read().strip()}"
