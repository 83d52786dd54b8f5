build-clang/lab/language/braces.o: lab/language/braces.c \
  lab/language/braces.h core/base/error.h lab/language/command.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/language/tokenizer.h core/base/text.h \
  core/base/cleanup.h core/base/memory.h lab/language/statement.h \
  lab/language/arguments.h

lab/language/braces.h:

core/base/error.h:

lab/language/command.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/cleanup.h:

core/base/memory.h:

lab/language/statement.h:

lab/language/arguments.h:
