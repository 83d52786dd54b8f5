build-clang/core/capture/headers.o: core/capture/headers.c \
  core/capture/headers.h

core/capture/headers.h:
