build-clang/lab/language/correct.o: lab/language/correct.c \
  lab/language/correct.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/language/grammar.h lab/language/tokenizer.h \
  core/base/text.h core/base/memory.h lab/language/value.h \
  lab/language/arguments.h

lab/language/correct.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/grammar.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/memory.h:

lab/language/value.h:

lab/language/arguments.h:
