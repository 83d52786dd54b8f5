build-clang/core/sandbox/seal.o: core/sandbox/seal.c core/sandbox/seal.h \
  core/base/error.h core/base/cleanup.h core/base/limit.h \
  core/base/memory.h core/base/text.h core/sandbox/files.h \
  core/sandbox/node.h core/sandbox/filter.h core/sandbox/users.h

core/sandbox/seal.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:

core/base/text.h:

core/sandbox/files.h:

core/sandbox/node.h:

core/sandbox/filter.h:

core/sandbox/users.h:
