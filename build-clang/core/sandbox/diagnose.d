build-clang/core/sandbox/diagnose.o: core/sandbox/diagnose.c \
  core/sandbox/diagnose.h core/base/error.h core/base/cleanup.h \
  core/base/limit.h core/base/memory.h

core/sandbox/diagnose.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:
