build-clang/lab/live/lab.o: lab/live/lab.c lab/live/lab.h \
  core/base/error.h core/sandbox/sandbox.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h lab/live/journal.h lab/live/lock.h \
  lab/model/model.h core/base/nearest.h core/apply/apply.h \
  core/state/plan.h core/base/cleanup.h lab/compile/compile.h \
  lab/live/connections.h core/netlink/conntrack.h lab/live/registry.h \
  lab/live/snapshot.h lab/nouns/nouns.h lab/language/command.h \
  lab/model/words.h lab/nouns/replay.h lab/language/tokenizer.h

lab/live/lab.h:

core/base/error.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

core/apply/apply.h:

core/state/plan.h:

core/base/cleanup.h:

lab/compile/compile.h:

lab/live/connections.h:

core/netlink/conntrack.h:

lab/live/registry.h:

lab/live/snapshot.h:

lab/nouns/nouns.h:

lab/language/command.h:

lab/model/words.h:

lab/nouns/replay.h:

lab/language/tokenizer.h:
