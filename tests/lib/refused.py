# SPDX-License-Identifier: GPL-3.0-only
"""Builds each state of refusals.txt and asks for what is refused there, at one prompt, where a refusal ends nothing; the first
also by itself, for the exit status. Prints what is refused with another code than is said, without a way out, or not at all, and
what has changed: of the model (save), and of the kernel's state.
usage: refused.py VPCLAB LAB KERNEL-STATE < refusals.txt"""
import json
import os
import pty
import re
import subprocess
import sys

vpclab, lab, kernel_state = sys.argv[1:]


def read_states(lines):
    """Pairs of the lines that make a state, and of what is refused there, as [code, command]."""
    states = []
    for line in lines:
        if line == "state\n":
            states.append(([], []))
        elif many := re.fullmatch(r"\t@(\d+)-(\d+) (.*\n)", line):
            states[-1][0].extend(many[3].replace("#", str(i)) for i in range(int(many[1]), int(many[2]) + 1))
        elif line.startswith("\t"):
            states[-1][0].append(line[1:])
        elif line != "\n" and not line.startswith("#"):
            states[-1][1].append(line.rstrip("\n").split(" | ", 1))
    return states


def run(*words, **options):
    return subprocess.run([vpclab, "-q", *words], text=True, **options)


class Prompt:
    def __init__(self):
        self.terminal, ours = pty.openpty()
        self.errors, theirs = os.pipe()
        os.set_blocking(self.errors, False)
        self.program = subprocess.Popen([vpclab, "-q", "-o", "json", "shell", lab], stdin=ours, stdout=ours, stderr=theirs,
                                        env={**os.environ, "TERM": "dumb"})
        os.close(ours)
        os.close(theirs)
        self.wait()

    def wait(self):
        screen = b""
        while not screen.endswith(f"{lab}> ".encode()):
            screen += os.read(self.terminal, 4096)

    def refusal(self, line):
        """Type a line. What it says on standard error is there when the prompt is."""
        os.write(self.terminal, line.encode() + b"\n")
        self.wait()
        try:
            return json.loads(os.read(self.errors, 65536))
        except BlockingIOError:
            return {"code": "no refusal", "message": "", "hint": None}

    def leave(self):
        os.write(self.terminal, b"exit\n")
        self.program.wait()
        os.close(self.terminal)
        os.close(self.errors)


def state(kernel):
    saved = run("-n", lab, "-c", "save", stdout=subprocess.PIPE).stdout
    kernel.stdin.write("\n")
    kernel.stdin.flush()
    return saved + "".join(iter(kernel.stdout.readline, "end\n"))


def check(made, refused):
    run("up", lab, "-", input="".join(made), check=True)
    kernel = subprocess.Popen([os.path.dirname(__file__) + "/run-within", vpclab, lab, kernel_state], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    before = state(kernel)
    prompt = Prompt()
    for code, command in refused:
        refusal = prompt.refusal(command)
        if refusal["code"] != code or not refusal["hint"]:
            print(f"{code} is wanted, and a way out, for {command}: {refusal}")
    prompt.leave()
    status = run("-n", lab, "-c", refused[0][1], stderr=subprocess.DEVNULL).returncode
    if status != 2:
        print(f"status {status} for {refused[0][1]}")
    after = state(kernel)
    if before != after:
        print("changed by what is refused in the state", *made, sep="\n")
        print("in the lines", *set(before.splitlines()) ^ set(after.splitlines()), sep="\n")
    kernel.communicate()
    run("down", lab, check=True)


for one in read_states(sys.stdin):
    check(*one)
