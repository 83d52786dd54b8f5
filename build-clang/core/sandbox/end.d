build-clang/core/sandbox/end.o: core/sandbox/end.c core/base/cleanup.h \
  core/sandbox/sandbox.h core/base/error.h

core/base/cleanup.h:

core/sandbox/sandbox.h:

core/base/error.h:
