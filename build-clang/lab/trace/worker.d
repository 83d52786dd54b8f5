build-clang/lab/trace/worker.o: lab/trace/worker.c core/base/cleanup.h \
  core/base/clock.h core/base/memory.h lab/probe/probe.h \
  core/base/error.h lab/explain/flow.h lab/model/model.h \
  core/base/address.h core/base/nearest.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h lab/live/journal.h lab/live/lock.h \
  lab/trace/internal.h core/nftables/trace.h core/netlink/conntrack.h \
  lab/trace/trace.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/model/words.h

core/base/cleanup.h:

core/base/clock.h:

core/base/memory.h:

lab/probe/probe.h:

core/base/error.h:

lab/explain/flow.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

lab/trace/internal.h:

core/nftables/trace.h:

core/netlink/conntrack.h:

lab/trace/trace.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/model/words.h:
