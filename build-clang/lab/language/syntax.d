build-clang/lab/language/syntax.o: lab/language/syntax.c \
  lab/language/syntax.h core/base/text.h lab/language/command.h \
  core/base/error.h lab/model/model.h core/base/address.h \
  core/base/nearest.h lab/model/words.h

lab/language/syntax.h:

core/base/text.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:
