build-clang/core/sandbox/process.o: core/sandbox/process.c \
  core/sandbox/process.h core/base/error.h core/sandbox/node.h \
  core/sandbox/sandbox.h core/base/cleanup.h core/base/limit.h \
  core/base/memory.h core/sandbox/exec_setup.h

core/sandbox/process.h:

core/base/error.h:

core/sandbox/node.h:

core/sandbox/sandbox.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:

core/sandbox/exec_setup.h:
