build-clang/lab/language/statement.o: lab/language/statement.c \
  lab/language/statement.h lab/language/arguments.h core/base/address.h \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/model/words.h lab/language/tokenizer.h \
  core/base/text.h core/base/cleanup.h core/base/memory.h \
  lab/language/correct.h lab/language/grammar.h lab/language/request.h \
  lab/language/syntax.h lab/language/value.h lab/model/cloud.h \
  lab/model/profile.h

lab/language/statement.h:

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

core/base/cleanup.h:

core/base/memory.h:

lab/language/correct.h:

lab/language/grammar.h:

lab/language/request.h:

lab/language/syntax.h:

lab/language/value.h:

lab/model/cloud.h:

lab/model/profile.h:
