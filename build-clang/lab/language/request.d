build-clang/lab/language/request.o: lab/language/request.c \
  lab/language/request.h lab/language/arguments.h core/base/address.h \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/model/words.h lab/language/tokenizer.h \
  core/base/text.h core/base/memory.h lab/language/value.h \
  lab/model/cloud.h lab/model/profile.h

lab/language/request.h:

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

lab/language/value.h:

lab/model/cloud.h:

lab/model/profile.h:
