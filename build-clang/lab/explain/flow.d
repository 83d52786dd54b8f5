build-clang/lab/explain/flow.o: lab/explain/flow.c lab/explain/flow.h \
  core/base/error.h lab/model/model.h core/base/address.h \
  core/base/nearest.h core/base/memory.h core/base/text.h \
  lab/language/value.h lab/language/arguments.h lab/language/command.h \
  lab/model/words.h lab/language/tokenizer.h

lab/explain/flow.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

core/base/memory.h:

core/base/text.h:

lab/language/value.h:

lab/language/arguments.h:

lab/language/command.h:

lab/model/words.h:

lab/language/tokenizer.h:
