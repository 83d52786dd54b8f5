build-clang/core/base/nearest.o: core/base/nearest.c core/base/nearest.h \
  core/base/error.h core/base/memory.h core/base/text.h

core/base/nearest.h:

core/base/error.h:

core/base/memory.h:

core/base/text.h:
