build-clang/core/sandbox/files.o: core/sandbox/files.c \
  core/sandbox/files.h core/base/error.h core/sandbox/node.h \
  core/base/cleanup.h core/base/memory.h core/base/text.h \
  core/sandbox/users.h

core/sandbox/files.h:

core/base/error.h:

core/sandbox/node.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/text.h:

core/sandbox/users.h:
