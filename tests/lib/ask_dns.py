#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-only
"""Ask a name server: ask_dns.py [--tcp] SERVER NAME [TYPE]. Prints the answers, one a line, or the
name of the error; fails on none. Of the types it knows A, AAAA and
PTR (NAME: an address); an alias is printed before what it stands for."""
import socket
import struct
import sys

TYPES = {"A": 1, "PTR": 12, "AAAA": 28}
ERRORS = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


def read_name(message, at):
    labels = []
    while message[at]:
        if message[at] >= 0xC0:
            labels.append(read_name(message, struct.unpack_from(">H", message, at)[0] & 0x3FFF)[0])
            return ".".join(labels), at + 2
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels), at + 1


def exchange(server, question, tcp):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as s:
        s.settimeout(30)  # whoever waits for an answer has one coming, however busy the machine
        s.connect((server, 53))
        s.sendall(struct.pack(">H", len(question)) + question if tcp else question)
        answer = s.recv(4096)
        while tcp and len(answer) < 2 + struct.unpack_from(">H", answer)[0]:
            answer += s.recv(4096)
        return answer[2:] if tcp else answer


tcp = "--tcp" in sys.argv
words = [word for word in sys.argv[1:] if word != "--tcp"]
server, name, kind = words[0], words[1], words[2] if len(words) > 2 else "A"
if kind == "PTR":
    name = ".".join(reversed(name.split("."))) + ".in-addr.arpa"
question = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0)
for label in name.split("."):
    question += bytes([len(label)]) + label.encode()
question += b"\0" + struct.pack(">HH", TYPES[kind], 1)
answer = exchange(server, question, tcp)
_, flags, _, n = struct.unpack_from(">HHHH", answer)
at = read_name(answer, 12)[1] + 4
for _ in range(n):
    at = read_name(answer, at)[1]
    its_kind, _, _, length = struct.unpack_from(">HHIH", answer, at)
    at += 10
    if its_kind in (5, 12):
        print(read_name(answer, at)[0])
    else:
        print(socket.inet_ntop(socket.AF_INET if its_kind == 1 else socket.AF_INET6, answer[at : at + length]))
    at += length
if not n:
    print(ERRORS.get(flags & 15, flags & 15))
