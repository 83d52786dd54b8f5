build-clang/lab/language/arguments.o: lab/language/arguments.c \
  lab/language/arguments.h core/base/address.h lab/language/command.h \
  core/base/error.h lab/model/model.h core/base/nearest.h \
  lab/model/words.h lab/language/tokenizer.h core/base/text.h \
  core/base/memory.h

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/memory.h:
