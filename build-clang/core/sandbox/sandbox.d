build-clang/core/sandbox/sandbox.o: core/sandbox/sandbox.c \
  core/sandbox/sandbox.h core/base/error.h core/base/cleanup.h \
  core/sandbox/diagnose.h core/sandbox/init.h core/sandbox/seal.h \
  core/sandbox/users.h

core/sandbox/sandbox.h:

core/base/error.h:

core/base/cleanup.h:

core/sandbox/diagnose.h:

core/sandbox/init.h:

core/sandbox/seal.h:

core/sandbox/users.h:
