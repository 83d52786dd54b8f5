build-clang/cli/session/suppress.o: cli/session/suppress.c \
  cli/session/suppress.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/language/statement.h lab/language/arguments.h \
  lab/language/tokenizer.h core/base/text.h core/base/cleanup.h \
  core/base/hash.h core/base/memory.h

cli/session/suppress.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/statement.h:

lab/language/arguments.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:
