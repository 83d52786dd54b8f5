build-clang/lab/nouns/replay.o: lab/nouns/replay.c lab/nouns/replay.h \
  core/base/error.h lab/language/tokenizer.h core/base/text.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/language/statement.h lab/language/arguments.h \
  lab/language/command.h lab/model/words.h lab/nouns/nouns.h

lab/nouns/replay.h:

core/base/error.h:

lab/language/tokenizer.h:

core/base/text.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/language/statement.h:

lab/language/arguments.h:

lab/language/command.h:

lab/model/words.h:

lab/nouns/nouns.h:
