build-clang/cli/view/output.o: cli/view/output.c cli/view/output.h \
  core/base/address.h core/base/cleanup.h core/base/memory.h \
  core/base/text.h lab/language/tokenizer.h core/base/error.h

cli/view/output.h:

core/base/address.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/text.h:

lab/language/tokenizer.h:

core/base/error.h:
