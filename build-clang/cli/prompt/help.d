build-clang/cli/prompt/help.o: cli/prompt/help.c cli/prompt/help.h \
  core/base/error.h core/base/text.h lab/language/command.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h cli/view/terminal.h cli/view/wrap.h \
  core/base/memory.h lab/language/grammar.h lab/language/tokenizer.h \
  lab/language/syntax.h

cli/prompt/help.h:

core/base/error.h:

core/base/text.h:

lab/language/command.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/view/terminal.h:

cli/view/wrap.h:

core/base/memory.h:

lab/language/grammar.h:

lab/language/tokenizer.h:

lab/language/syntax.h:
