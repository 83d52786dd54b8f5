build-clang/lab/live/lock.o: lab/live/lock.c lab/live/lock.h \
  core/base/error.h core/base/cleanup.h core/base/clock.h \
  core/base/memory.h core/base/text.h

lab/live/lock.h:

core/base/error.h:

core/base/cleanup.h:

core/base/clock.h:

core/base/memory.h:

core/base/text.h:
