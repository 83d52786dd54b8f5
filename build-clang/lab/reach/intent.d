build-clang/lab/reach/intent.o: lab/reach/intent.c lab/reach/intent.h \
  lab/reach/reach.h lab/explain/explain.h core/base/memory.h \
  core/base/text.h lab/explain/cause.h core/base/address.h \
  lab/model/decision.h core/guest/guest.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/reach/flows.h core/base/cleanup.h \
  lab/nouns/replay.h lab/language/tokenizer.h

lab/reach/intent.h:

lab/reach/reach.h:

lab/explain/explain.h:

core/base/memory.h:

core/base/text.h:

lab/explain/cause.h:

core/base/address.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/reach/flows.h:

core/base/cleanup.h:

lab/nouns/replay.h:

lab/language/tokenizer.h:
