build-clang/core/sandbox/init.o: core/sandbox/init.c core/sandbox/init.h \
  core/base/error.h core/base/cleanup.h core/base/memory.h \
  core/sandbox/files.h core/sandbox/node.h core/sandbox/init_memory.h \
  core/sandbox/seal.h core/sandbox/users.h

core/sandbox/init.h:

core/base/error.h:

core/base/cleanup.h:

core/base/memory.h:

core/sandbox/files.h:

core/sandbox/node.h:

core/sandbox/init_memory.h:

core/sandbox/seal.h:

core/sandbox/users.h:
