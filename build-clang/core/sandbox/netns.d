build-clang/core/sandbox/netns.o: core/sandbox/netns.c \
  core/sandbox/netns.h core/base/error.h core/base/cleanup.h \
  core/base/limit.h core/sandbox/sandbox.h

core/sandbox/netns.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/sandbox/sandbox.h:
