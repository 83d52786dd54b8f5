build-clang/core/apply/daemon.o: core/apply/daemon.c core/apply/daemon.h \
  core/base/error.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h core/base/cleanup.h core/base/clock.h \
  core/base/limit.h core/sandbox/exec_setup.h core/sandbox/netns.h \
  core/sandbox/sandbox.h

core/apply/daemon.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/base/cleanup.h:

core/base/clock.h:

core/base/limit.h:

core/sandbox/exec_setup.h:

core/sandbox/netns.h:

core/sandbox/sandbox.h:
