build-clang/lab/live/registry.o: lab/live/registry.c lab/live/registry.h \
  core/base/error.h core/base/cleanup.h core/base/limit.h \
  core/base/memory.h core/base/nearest.h core/base/text.h \
  core/sandbox/sandbox.h lab/live/lock.h

lab/live/registry.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:

core/base/nearest.h:

core/base/text.h:

core/sandbox/sandbox.h:

lab/live/lock.h:
