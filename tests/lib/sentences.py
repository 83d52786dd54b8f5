#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
# Prints random sentences of the grammar in the manual page: one of each row of COMMANDS (of AWS: of the families that are its
# own), or lines of the EBNF. The seed makes them the same again.
# usage: sentences.py alibaba|aws|lines SEED < the manual page
import random
import re
import sys

what = sys.argv[1]
random.seed(sys.argv[2])
manual = re.sub(r"^\\&", "", sys.stdin.read().replace("\\-", "-").replace("\\e", "\\"), flags=re.M)
# What words of the grammar may be. A name that is not there has a code of the cloud, and a word of the wrong form none.
WORDS = {
    "CIDR": "0.0.0.0/0 10.9.0.0/16", "ADDRESS": "10.0.1.9", "PORT": "80 443", "PORTS": "80 80-90", "N": "1 5", "NUMBER": "10", "TYPE": "8",
    "CODE": "NO_ROUTE", "FILE": "f.lab", "NODE": "ECS1 VSW1", "FROM": "ECS1 ECS2", "TO": "ECS2 EIP1", "TEXT": "hello EIP1", "SECONDS": "5",
    "EXPR": "tcp", "AMOUNT": "0.5", "DIMENSION": "eip-hour", "QUOTA": "eips", "DOMAIN": "corp.example", "HOST": "www",
    "COMMAND": "vpc@delete@VPC9", "EXPECTATION": "ok@ECS1@true", "WORD": "vpc",
    "node": "ECS1 VSW1", "seconds": "1 2.5", "port": "80 443", "address": "10.0.1.9", "text": "a b-c", "character": "/ = %", "end": "1 3",
    "step": "1", "name": "ECS1 value", "comment": "said", "newline": "", "query": "show vpc", "change": "eip@delete@EIP1", "check": "ok@ECS1@true",
}  # fmt: skip


def pick(word, otherwise=""):
    return random.choice((WORDS.get(word, otherwise) or " ").split(" ")).replace("@", " ")


def row_word(word):
    "CIDR|GROUP, on|off, NAME[,NAME]..., PORT[-PORT]"
    word = re.sub(r"\[([,/-]\w+)\]", lambda more: random.choice(["", more[1]]), word.replace("...", ""))
    return re.sub(r"[A-Z]+(?:-[A-Z]{3,})*", lambda name: pick(name[0], "EIP9 X1"), random.choice(word.split("|")))


def row_sentence(row):
    key = r"([a-z-]+ [A-Z-]+(?:\[,NAME\]\.\.\.)?)"
    row = re.sub(rf"\b{key}\|{key}(?=[] ]|$)", lambda two: random.choice(two.groups()), row)
    words = []
    for optional, word in re.findall(r"\[((?:[^][]|\[[^]]*\])*)\](?:\.\.\.)?(?=\s|$)|(\S+)", row):
        if word:
            words.append(row_word(word))
        elif random.random() < 0.5:
            words.append(row_sentence(random.choice(optional.split("|")) if optional.startswith("tcp PORT") else optional))
    return " ".join(words)


def parse(tokens):
    "Alternatives, each a list of words and of (bracket, alternatives)."
    alternatives = [[]]
    while tokens and tokens[0] not in "])}":
        token = tokens.pop(0)
        if token == "|":
            alternatives.append([])
        elif token in "[({":
            alternatives[-1].append((token, parse(tokens)))
            tokens.pop(0)
        else:
            alternatives[-1].append(token)
    return alternatives


def say(alternatives, blank):
    said = []
    for item in random.choice(alternatives):
        if isinstance(item, tuple):
            said += [say(item[1], blank) for _ in range({"(": 1, "[": random.randrange(2), "{": random.randrange(3)}[item[0]])]
        elif item[0] in "\"'":
            said.append(item[1:-1])
        else:
            said.append(pick(item) if item in WORDS else sentence(item))
    return blank.join(filter(None, said))


def sentence(name):
    tokens = re.findall(r'"[^"]*"|\'[^\']*\'|\w+|[][(){}|]', rules[name])
    return say(parse(tokens), "" if name in ("word", "part", "braces") else " ")


if what == "lines":
    grammar = re.search(r"^\.EX\n(file .*?)\n\.EE", manual, re.S | re.M)[1]
    rules = dict(re.findall(r"^(\w+) *= (.*?) ;$", re.sub(r"\(\*.*?\*\)", "", grammar, flags=re.S), re.S | re.M))
    for _ in range(300):
        print(sentence("line"))
else:
    commands = manual[manual.index("\n.SH COMMANDS") : manual.index(".SH QUOTAS") + 3]
    for title, body in re.findall(r"^\.SS (.*?)\n(.*?)(?=^\.S[SH])", commands, re.S | re.M):
        for row in re.findall(r"^\.B (\S.*)", body, re.M):
            if title.endswith("of AWS") == (what == "aws") and " show" not in row:
                print(row_sentence(row))
