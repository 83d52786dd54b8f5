build-clang/lab/trace/compare.o: lab/trace/compare.c core/base/memory.h \
  lab/trace/internal.h core/nftables/trace.h core/base/error.h \
  core/netlink/conntrack.h core/state/nft.h core/base/text.h \
  core/state/wanted.h core/base/address.h core/sandbox/node.h \
  lab/trace/trace.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/live/lab.h core/sandbox/sandbox.h lab/live/journal.h \
  lab/live/lock.h lab/probe/probe.h

core/base/memory.h:

lab/trace/internal.h:

core/nftables/trace.h:

core/base/error.h:

core/netlink/conntrack.h:

core/state/nft.h:

core/base/text.h:

core/state/wanted.h:

core/base/address.h:

core/sandbox/node.h:

lab/trace/trace.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:
