build-clang/lab/reach/flows.o: lab/reach/flows.c lab/reach/flows.h \
  core/base/error.h lab/explain/explain.h core/base/memory.h \
  core/base/text.h lab/explain/cause.h core/base/address.h \
  lab/model/decision.h core/guest/guest.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  core/base/cleanup.h lab/language/value.h lab/language/arguments.h \
  lab/language/command.h lab/language/tokenizer.h

lab/reach/flows.h:

core/base/error.h:

lab/explain/explain.h:

core/base/memory.h:

core/base/text.h:

lab/explain/cause.h:

core/base/address.h:

lab/model/decision.h:

core/guest/guest.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

core/base/cleanup.h:

lab/language/value.h:

lab/language/arguments.h:

lab/language/command.h:

lab/language/tokenizer.h:
