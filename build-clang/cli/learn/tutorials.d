build-clang/cli/learn/tutorials.o: cli/learn/tutorials.c \
  cli/learn/tutorials.h core/base/error.h core/base/cleanup.h \
  core/base/memory.h core/base/nearest.h core/base/text.h

cli/learn/tutorials.h:

core/base/error.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/nearest.h:

core/base/text.h:
