build-clang/core/sandbox/filter.o: core/sandbox/filter.c \
  core/sandbox/filter.h core/base/error.h core/base/cleanup.h \
  core/base/memory.h

core/sandbox/filter.h:

core/base/error.h:

core/base/cleanup.h:

core/base/memory.h:
