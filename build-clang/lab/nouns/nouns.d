build-clang/lab/nouns/nouns.o: lab/nouns/nouns.c lab/nouns/nouns.h \
  core/base/text.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h core/base/memory.h

lab/nouns/nouns.h:

core/base/text.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

core/base/memory.h:
