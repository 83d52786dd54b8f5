# SPDX-License-Identifier: GPL-3.0-only
# vpclab: `make demo` and `make test` are all a newcomer needs; `make help` lists the rest.

# Of what stands on top of the news. Who builds, and when: of a package and an archive.
VERSION := $(shell sed -n 's/^\#\# \([0-9.]*\).*/\1/p' NEWS.md | head -1)
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y NEWS.md)
PREFIX ?= /usr/local
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
CC ?= gcc
BUILD ?= build$(if $(SAN),/san)
V ?= 0
SHELL := /bin/bash
, := ,
Q := $(if $(filter 1,$(V)),,@)
SAY := @$(if $(findstring s,$(firstword -$(MAKEFLAGS))),:,echo) # make -s says nothing

# What the program is built from, and what the tests use besides. Debian's names.
PACKAGES := gcc make pkg-config libmnl-dev libnftnl-dev libnetfilter-conntrack-dev libseccomp-dev \
	libreadline-dev libjansson-dev libsmartcols-dev libmicrohttpd-dev libgnutls28-dev uthash-dev libpcap0.8-dev iproute2 curl
TEST_PACKAGES := $(PACKAGES) bats nftables iptables conntrack iproute2 iputils-ping traceroute tcpdump dnsmasq-base iperf3 socat netcat-openbsd wget uidmap procps netbase jq gojq time util-linux expect perl-base python3 strace \
	graphviz openssh-client libwrap0 shellcheck dpkg-dev python3-yaml clang clang-format clang-tidy cppcheck

LIBS := libmnl libnftnl libnetfilter_conntrack libseccomp readline jansson smartcols
SERVICE_LIBS := libmicrohttpd gnutls
# Third-party headers are not held to our warnings.
system_include = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(1) 2>/dev/null))

WARN := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wformat=2 -Wundef -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wstrict-prototypes -Wold-style-definition -Wmissing-prototypes -Wredundant-decls -Wvla \
	-Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference
WARN_GCC := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init
IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
ifdef SAN
HARDEN := -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
OPTIMIZE ?= -O1
else
HARDEN := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
OPTIMIZE ?= -O2
endif
CFLAGS ?= $(OPTIMIZE) -g
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. $(call system_include,$(LIBS) $(SERVICE_LIBS)) \
	$(WARN) $(if $(IS_CLANG),,$(WARN_GCC)) $(if $(WERROR),-Werror) -fno-common $(HARDEN) $(CFLAGS)
ALL_LDFLAGS = $(HARDEN) -Wl,--as-needed -Wl,--build-id=sha1 $(LDFLAGS)
LDLIBS = $(shell pkg-config --libs $(LIBS)) -pthread
SERVICE_LDLIBS = $(shell pkg-config --libs $(SERVICE_LIBS))

SRC := $(sort $(shell find core lab cli -name '*.c'))
SERVICE_SRC := $(wildcard services/*.c)
OBJ := $(SRC:%.c=$(BUILD)/%.o)
SERVICE_OBJ := $(SERVICE_SRC:%.c=$(BUILD)/%.o)
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))

.PHONY: all demo test check fidelity prove sweep bench deps test-deps lint analyze rooms fuzz fmt fmt-check install deb editors pictures lint-deb dist clean help
.DELETE_ON_ERROR:

all: $(BUILD)/vpclab $(BUILD)/vpclab-service $(BUILD)/vpclab.1

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(BUILD)/vpclab run topologies/two-nat-gateways.lab

test: test-deps
	$(Q)$(MAKE) --no-print-directory check

# The tests alone, for a machine that has everything.
check: all $(UNIT) $(BUILD)/prove $(if $(SAN),,$(BUILD)/sweep/fault.so) deb dist
	$(Q)BUILD=$(BUILD) tests/run

# The same, and the document that says which fact is held by which test.
fidelity: test-deps
	$(Q)rm -f $(BUILD)/results
	-$(Q)RESULTS=$(CURDIR)/$(BUILD)/results ORDINARY_USER=no $(MAKE) --no-print-directory check
	$(Q)tests/lib/fidelity $(BUILD)/results >docs/fidelity.md

bench: test-deps
	$(Q)$(MAKE) --no-print-directory all $(BENCH)
	$(Q)BUILD=$(BUILD) tests/bench/run

# Random labs and flows: does explain say what a real packet then does? SEED repeats a run.
N ?= 500
prove: $(BUILD)/prove $(BUILD)/vpclab-service
	$(Q)$(BUILD)/prove $(N) $(SEED)

deps:
	$(Q)tests/lib/need-packages $(PACKAGES)

test-deps:
	$(Q)tests/lib/need-packages $(TEST_PACKAGES)
	$(Q)tests/lib/need-unpacked build/packages openssh-server nginx nginx-common
	$(Q)tests/lib/need-modules build/packages/standin tests/terraform/standin/package.json

$(BUILD)/vpclab: $(OBJ)
	$(SAY) "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/vpclab-service: $(SERVICE_OBJ)
	$(SAY) "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(SERVICE_LDLIBS)

# Those that say the version.
$(addprefix $(BUILD)/cli/,view/remarks.o commands/capture.o main/main.o main/manual.o): NEWS.md

$(BUILD)/libvpclab.a: $(filter-out $(BUILD)/cli/main/main.o,$(OBJ))
	$(SAY) "  AR    $@"
	$(Q)rm -f $@ && $(AR) qcs $@ $^ # q: files of one name in several rooms all stay

$(BUILD)/vpclab.1: $(BUILD)/vpclab
	$(SAY) "  MAN   $@"
	$(Q)$(BUILD)/vpclab manual >$@

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libvpclab.a $(wildcard tests/unit/*.h) | $(BUILD)/vpclab-service
	$(SAY) "  TEST  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -DBUILD='"$(BUILD)"' $(ALL_LDFLAGS) -o $@ $< $(BUILD)/libvpclab.a $(LDLIBS)

$(BUILD)/prove: $(wildcard tests/prove/*.c tests/prove/*.h) $(BUILD)/libvpclab.a
	$(SAY) "  LD    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c,$^) $(BUILD)/libvpclab.a $(LDLIBS)

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libvpclab.a
	$(SAY) "  BENCH $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(BUILD)/libvpclab.a $(LDLIBS)

$(BUILD)/%.o: %.c
	$(SAY) "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/sweep/fault.so: tests/sweep/fault.c
	$(SAY) "  LD    $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -fPIC -o $@ $<

# Every call that a command makes of the C library goes wrong, one a time. An hour or two; the tests try some of them.
sweep: all $(BUILD)/sweep/fault.so
	$(Q)BUILD=$(BUILD) tests/sweep/run $(N_FAULTS) $(SEED)

-include $(OBJ:.o=.d) $(SERVICE_OBJ:.o=.d)

# Static analysis. clang-tidy one file at a time: it is slow, and two processors halve it.
SHELL_FILES := tests/run tests/sweep/run tests/terraform/standin/tf-roundtrip tests/fuzz/run tests/bench/run tests/bench/two-gateways.sh $(filter-out %/dump-lab %/kernel-state,$(wildcard tests/lib/*-*)) .ci/run completions/vpclab.bash $(addprefix packaging/debian/,build postinst prerm)
TIDY_FLAGS = $(filter-out $(WARN_GCC) $(HARDEN),$(ALL_CFLAGS))

lint: fmt-check rooms
	$(Q)tests/lib/check-facts
	$(Q)tests/lib/check-names
	$(Q)shellcheck $(SHELL_FILES) tests/*.bats
	$(Q)cppcheck --quiet --enable=warning,portability --error-exitcode=1 --inline-suppr \
		--suppressions-list=tests/lib/cppcheck.txt -I. -DVERSION='""' core lab cli services
	$(Q)set -o pipefail; printf '%s\n' $(SRC) $(SERVICE_SRC) | xargs -P 2 -I FILE clang-tidy --quiet --warnings-as-errors='*' FILE -- \
		$(TIDY_FLAGS) 2>/dev/null

# The analyzers that follow a function's paths: slow, and some of what they report is none, so they are no part of lint. Clang's runs
# with all of its checkers, of which lint leaves some out (see .clang-tidy).
analyze:
	$(Q)$(MAKE) --no-print-directory BUILD=build/analyze OPTIMIZE='-O1 -fanalyzer' build/analyze/vpclab build/analyze/vpclab-service
	$(Q)printf '%s\n' $(SRC) $(SERVICE_SRC) | xargs -P 2 -I FILE clang --analyze --analyzer-output text $(TIDY_FLAGS) FILE

# The order of the rooms (docs/architecture.md), in includes and in calls.
rooms: $(OBJ)
	$(Q)tests/lib/check-rooms $(BUILD) $(OBJ)

# libFuzzer on each way in for bytes that others make: the kept corpus, and from there on for FUZZ_SECONDS in all.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz:
	$(Q)$(MAKE) --no-print-directory CC=clang SAN=fuzzer-no-link,address,undefined BUILD=build/fuzz $(FUZZERS:%=build/fuzz/%)
	$(Q)mkdir -p $(FUZZERS:%=build/fuzz/corpus/%)
	$(Q)printf '%s\n' $(FUZZERS) | xargs -P 2 -I NAME tests/fuzz/run build/fuzz NAME \
		$$(($(FUZZ_SECONDS) * 2 / $(words $(FUZZERS))))

$(BUILD)/vpclab_main.o: $(BUILD)/cli/main/main.o
	$(Q)objcopy --redefine-sym main=vpclab_main $< $@

$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(BUILD)/libvpclab.a $(BUILD)/vpclab_main.o
	$(SAY) "  FUZZ  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/vpclab_main.o $(BUILD)/libvpclab.a $(LDLIBS) \
		$(if $(filter netlink,$*),-Wl$(,)--wrap=sendmsg$(,)--wrap=recvfrom)

# Tables and macros that are aligned by hand.
BY_HAND := $(wildcard cli/commands/*.c) lab/terraform/alicloud.c lab/terraform/aws.c tests/unit/test.h tests/unit/test_command.c

FORMATTED = $(filter-out $(BY_HAND),$(shell find core lab cli services tests/unit tests/prove tests/bench tests/fuzz tests/sweep -name '*.[ch]'))

fmt:
	$(Q)clang-format -i $(FORMATTED)

fmt-check:
	$(Q)clang-format --dry-run --Werror $(FORMATTED)

install: all
	install -D -m 755 $(BUILD)/vpclab $(DESTDIR)$(PREFIX)/bin/vpclab
	install -D -m 755 $(BUILD)/vpclab-service $(DESTDIR)$(PREFIX)/bin/vpclab-service
	install -D -m 644 $(BUILD)/vpclab.1 $(DESTDIR)$(PREFIX)/share/man/man1/vpclab.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/vpclab/topologies topologies/*.lab
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/vpclab/topologies/questions topologies/questions/*.lab
	install -D -m 644 completions/vpclab.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vpclab
	install -D -m 644 completions/_vpclab $(DESTDIR)$(ZSH_COMPLETIONS)/_vpclab
	install -D -m 644 completions/vpclab.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/vpclab.fish
	install -D -m 644 packaging/apparmor/vpclab $(DESTDIR)$(PREFIX)/share/vpclab/apparmor/vpclab

# Debian's name of this machine, and the package for it. lint-deb needs lintian and the hundred packages that come with it.
ARCHITECTURE = $(shell dpkg --print-architecture)
DEB = $(BUILD)/vpclab_$(VERSION)_$(ARCHITECTURE).deb

deb: $(BUILD)/vpclab.deb

$(BUILD)/vpclab.deb: $(BUILD)/vpclab $(BUILD)/vpclab-service $(BUILD)/vpclab.1 $(shell find packaging -type f)
	$(SAY) "  DEB   $(DEB)"
	$(Q)rm -rf $(BUILD)/deb
	+$(Q)VERSION=$(VERSION) SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/debian/build $(BUILD) $@
	$(Q)cp $@ $(DEB)

editors: $(BUILD)/vpclab
	$(Q)packaging/editors/generate $(BUILD)/vpclab $(BUILD)/editors

# Those in the README.
pictures: all
	$(Q)$(BUILD)/vpclab graph topologies/two-nat-gateways.lab --format svg >docs/tutorial.svg
	$(Q)docs/record $(BUILD)/vpclab >docs/session.svg

lint-deb: deb
	$(Q)lintian --fail-on error $(DEB)

# The sources as one file, with its checksum: what git knows, or without git all but build.
dist:
	$(Q)mkdir -p $(BUILD)
	$(Q){ git ls-files -coz --exclude-standard 2>/dev/null || find . -path ./build -prune -o -not -type d -print0; } | \
		tar --null -T - --ignore-failed-read --transform 's,^\(\./\)\?,vpclab-$(VERSION)/,S' --sort=name --owner=0 --group=0 --numeric-owner \
		--mtime="@$(SOURCE_DATE_EPOCH)" -cf - | gzip -9n >$(BUILD)/vpclab-$(VERSION).tar.gz
	$(Q)cd $(BUILD) && sha256sum vpclab-$(VERSION).tar.gz | tee vpclab-$(VERSION).tar.gz.sha256

clean:
	rm -rf build

help:
	@echo 'make demo       install what is missing, build, run the two-gateway tutorial'
	@echo 'make test       install what is missing, build, run every test'
	@echo 'make prove N=10000 [SEED=...]  explain against real packets, in random labs'
	@echo 'make sweep      every library call of the commands fails once: N_FAULTS=100 tries some of them'
	@echo 'make bench      print the figures, each as a ratio'
	@echo 'make            build only;  make install PREFIX=/usr/local'
	@echo 'make deb        a Debian package, build/vpclab_VERSION_ARCHITECTURE.deb;  make dist: the sources, with a checksum'
	@echo 'make editors    colours for .lab files in VS Code and Vim, in build/editors'
	@echo 'make check      the tests, installing nothing;  SAN=address,undefined builds and tests with sanitizers'
	@echo 'make fuzz       libFuzzer on every way in, FUZZ_SECONDS=60'
	@echo 'make analyze    the static analyzers of gcc and clang, path by path'
	@echo 'make lint       shellcheck, cppcheck, clang-tidy;  CC=clang and WERROR=1 work with every target'
