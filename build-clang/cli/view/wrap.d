build-clang/cli/view/wrap.o: cli/view/wrap.c cli/view/wrap.h \
  core/base/text.h

cli/view/wrap.h:

core/base/text.h:
