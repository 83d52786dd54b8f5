build-clang/cli/prompt/history.o: cli/prompt/history.c \
  cli/prompt/history.h core/base/cleanup.h core/base/memory.h

cli/prompt/history.h:

core/base/cleanup.h:

core/base/memory.h:
