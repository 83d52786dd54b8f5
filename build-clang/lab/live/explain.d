build-clang/lab/live/explain.o: lab/live/explain.c lab/live/explain.h \
  core/guest/guest.h core/base/address.h core/base/error.h \
  core/base/text.h lab/explain/explain.h core/base/memory.h \
  lab/explain/cause.h lab/model/decision.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/live/lab.h core/sandbox/sandbox.h core/state/wanted.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h core/base/cleanup.h lab/live/guests.h lab/live/usage.h \
  lab/nouns/replay.h lab/language/tokenizer.h

lab/live/explain.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

core/base/cleanup.h:

lab/live/guests.h:

lab/live/usage.h:

lab/nouns/replay.h:

lab/language/tokenizer.h:
