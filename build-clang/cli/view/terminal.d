build-clang/cli/view/terminal.o: cli/view/terminal.c cli/view/terminal.h \
  core/base/memory.h

cli/view/terminal.h:

core/base/memory.h:
