build-clang/core/base/utf8.o: core/base/utf8.c core/base/utf8.h

core/base/utf8.h:
