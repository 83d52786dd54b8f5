build-clang/lab/language/grammar.o: lab/language/grammar.c \
  lab/language/grammar.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/language/tokenizer.h core/base/text.h \
  core/base/memory.h

lab/language/grammar.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/memory.h:
