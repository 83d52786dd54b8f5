build-clang/core/sandbox/node.o: core/sandbox/node.c core/sandbox/node.h \
  core/base/error.h core/base/cleanup.h core/base/limit.h \
  core/base/memory.h core/sandbox/files.h core/sandbox/filter.h \
  core/sandbox/netns.h core/sandbox/sandbox.h

core/sandbox/node.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:

core/sandbox/files.h:

core/sandbox/filter.h:

core/sandbox/netns.h:

core/sandbox/sandbox.h:
