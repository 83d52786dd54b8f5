build-clang/core/sandbox/call.o: core/sandbox/call.c core/base/cleanup.h \
  core/base/limit.h core/base/error.h core/base/memory.h \
  core/sandbox/sandbox.h

core/base/cleanup.h:

core/base/limit.h:

core/base/error.h:

core/base/memory.h:

core/sandbox/sandbox.h:
