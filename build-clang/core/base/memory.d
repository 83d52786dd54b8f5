build-clang/core/base/memory.o: core/base/memory.c core/base/memory.h

core/base/memory.h:
