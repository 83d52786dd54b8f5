build-clang/lab/live/snapshot.o: lab/live/snapshot.c lab/live/snapshot.h \
  core/base/text.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h core/base/cleanup.h \
  core/base/memory.h lab/nouns/nouns.h lab/language/command.h \
  lab/model/words.h

lab/live/snapshot.h:

core/base/text.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

core/base/cleanup.h:

core/base/memory.h:

lab/nouns/nouns.h:

lab/language/command.h:

lab/model/words.h:
