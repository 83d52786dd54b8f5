build-clang/core/base/limit.o: core/base/limit.c core/base/limit.h \
  core/base/error.h core/base/cleanup.h

core/base/limit.h:

core/base/error.h:

core/base/cleanup.h:
