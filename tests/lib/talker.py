# SPDX-License-Identifier: GPL-3.0-only
# Keeps a connection open and says, for each line that it reads, whether an answer still comes by it: "open" or "cut".
# usage: talker.py tcp|udp|icmp ADDRESS [PORT]
import os
import socket
import struct
import sys

protocol, address = sys.argv[1], sys.argv[2]
if protocol == "icmp":
    talk = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    talk.connect((address, 0))
else:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    talk = socket.socket(socket.AF_INET, kind)
    talk.settimeout(10)
    talk.connect((address, int(sys.argv[3])))
talk.settimeout(0.4)


def echo_request(number):
    body = struct.pack("!HH", os.getpid() & 0xFFFF, number)
    total = 0x0800 + sum(struct.unpack("!HH", body))
    total = (total >> 16) + (total & 0xFFFF)
    total = ~(total + (total >> 16)) & 0xFFFF
    return struct.pack("!BBH", 8, 0, total) + body


def answered(number):
    token = b"%d\n" % number
    try:
        talk.send(echo_request(number) if protocol == "icmp" else token)
        while True:
            got = talk.recv(2048)
            if not got:
                return False
            if protocol == "icmp":
                if got[20] == 0 and got[24:] == echo_request(number)[4:]:
                    return True
            elif got.endswith(token):
                return True
    except OSError:
        return False


for number, _ in enumerate(sys.stdin):
    print("open" if answered(number) else "cut", flush=True)
