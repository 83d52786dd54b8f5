build-clang/lab/nouns/filter_rule.o: lab/nouns/filter_rule.c \
  lab/nouns/internal.h core/base/error.h lab/model/cloud.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/profile.h lab/model/query.h lab/nouns/pool.h \
  lab/nouns/rows.h lab/language/request.h lab/language/arguments.h \
  lab/language/command.h lab/model/words.h lab/language/tokenizer.h \
  core/base/text.h

lab/nouns/internal.h:

core/base/error.h:

lab/model/cloud.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/profile.h:

lab/model/query.h:

lab/nouns/pool.h:

lab/nouns/rows.h:

lab/language/request.h:

lab/language/arguments.h:

lab/language/command.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:
