build-clang/cli/session/file.o: cli/session/file.c cli/session/file.h \
  core/base/cleanup.h core/base/memory.h

cli/session/file.h:

core/base/cleanup.h:

core/base/memory.h:
