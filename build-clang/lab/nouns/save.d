build-clang/lab/nouns/save.o: lab/nouns/save.c core/base/cleanup.h \
  core/base/text.h lab/language/request.h lab/language/arguments.h \
  core/base/address.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h \
  lab/language/tokenizer.h lab/model/cloud.h lab/model/profile.h \
  lab/model/query.h lab/nouns/nouns.h

core/base/cleanup.h:

core/base/text.h:

lab/language/request.h:

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

lab/model/cloud.h:

lab/model/profile.h:

lab/model/query.h:

lab/nouns/nouns.h:
