build-clang/core/capture/filter.o: core/capture/filter.c \
  core/capture/filter.h core/base/error.h core/base/memory.h

core/capture/filter.h:

core/base/error.h:

core/base/memory.h:
