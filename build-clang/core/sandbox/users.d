build-clang/core/sandbox/users.o: core/sandbox/users.c \
  core/sandbox/users.h core/base/error.h core/base/cleanup.h \
  core/base/memory.h core/base/text.h

core/sandbox/users.h:

core/base/error.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/text.h:
