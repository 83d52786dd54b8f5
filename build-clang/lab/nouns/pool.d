build-clang/lab/nouns/pool.o: lab/nouns/pool.c lab/nouns/pool.h \
  core/base/error.h lab/model/model.h core/base/address.h \
  core/base/nearest.h lab/language/command.h lab/model/words.h \
  lab/model/cloud.h lab/model/profile.h lab/model/query.h

lab/nouns/pool.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/language/command.h:

lab/model/words.h:

lab/model/cloud.h:

lab/model/profile.h:

lab/model/query.h:
