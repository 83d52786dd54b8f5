build-clang/lab/trace/watch.o: lab/trace/watch.c core/base/clock.h \
  core/base/memory.h lab/live/explain.h core/guest/guest.h \
  core/base/address.h core/base/error.h core/base/text.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/trace/internal.h \
  core/nftables/trace.h core/netlink/conntrack.h lab/trace/trace.h \
  lab/probe/probe.h

core/base/clock.h:

core/base/memory.h:

lab/live/explain.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

lab/explain/explain.h:

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

lab/trace/internal.h:

core/nftables/trace.h:

core/netlink/conntrack.h:

lab/trace/trace.h:

lab/probe/probe.h:
