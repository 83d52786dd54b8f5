build-clang/cli/session/variables.o: cli/session/variables.c \
  cli/session/variables.h core/base/error.h core/base/cleanup.h \
  core/base/hash.h core/base/memory.h

cli/session/variables.h:

core/base/error.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:
