build-clang/core/sandbox/exec_setup.o: core/sandbox/exec_setup.c \
  core/sandbox/exec_setup.h core/base/cleanup.h core/base/memory.h

core/sandbox/exec_setup.h:

core/base/cleanup.h:

core/base/memory.h:
