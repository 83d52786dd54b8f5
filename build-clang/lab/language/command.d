build-clang/lab/language/command.o: lab/language/command.c \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/address.h core/base/nearest.h lab/model/words.h \
  core/base/memory.h core/base/text.h

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

core/base/memory.h:

core/base/text.h:
