build-clang/lab/live/journal.o: lab/live/journal.c lab/live/journal.h \
  core/base/error.h core/base/cleanup.h core/base/memory.h \
  core/base/text.h

lab/live/journal.h:

core/base/error.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/text.h:
