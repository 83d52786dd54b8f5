build-clang/core/sandbox/init_memory.o: core/sandbox/init_memory.c \
  core/sandbox/init_memory.h

core/sandbox/init_memory.h:
