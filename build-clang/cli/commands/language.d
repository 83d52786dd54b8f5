build-clang/cli/commands/language.o: cli/commands/language.c \
  cli/commands/language.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/nouns/nouns.h core/base/text.h

cli/commands/language.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/nouns/nouns.h:

core/base/text.h:
