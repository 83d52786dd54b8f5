build-clang/cli/session/diagnostic.o: cli/session/diagnostic.c \
  cli/session/diagnostic.h cli/view/output.h core/base/address.h \
  cli/view/remarks.h core/base/error.h core/base/text.h \
  lab/language/tokenizer.h cli/view/terminal.h cli/view/wrap.h \
  core/base/memory.h core/base/utf8.h

cli/session/diagnostic.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

core/base/error.h:

core/base/text.h:

lab/language/tokenizer.h:

cli/view/terminal.h:

cli/view/wrap.h:

core/base/memory.h:

core/base/utf8.h:
