build-clang/core/capture/capture.o: core/capture/capture.c \
  core/capture/capture.h core/base/error.h core/base/clock.h \
  core/base/limit.h core/base/memory.h core/sandbox/sandbox.h

core/capture/capture.h:

core/base/error.h:

core/base/clock.h:

core/base/limit.h:

core/base/memory.h:

core/sandbox/sandbox.h:
