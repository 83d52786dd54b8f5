build-clang/lab/live/usage.o: lab/live/usage.c lab/live/usage.h \
  lab/explain/explain.h core/base/memory.h core/base/text.h \
  lab/explain/cause.h core/base/address.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/live/lab.h core/sandbox/sandbox.h core/state/wanted.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h core/base/cleanup.h core/netlink/conntrack.h \
  core/nftables/counters.h lab/compile/layout.h lab/model/query.h

lab/live/usage.h:

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

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

core/base/cleanup.h:

core/netlink/conntrack.h:

core/nftables/counters.h:

lab/compile/layout.h:

lab/model/query.h:
