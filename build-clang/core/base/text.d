build-clang/core/base/text.o: core/base/text.c core/base/text.h \
  core/base/memory.h core/base/utf8.h

core/base/text.h:

core/base/memory.h:

core/base/utf8.h:
