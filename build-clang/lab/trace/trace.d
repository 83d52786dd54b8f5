build-clang/lab/trace/trace.o: lab/trace/trace.c lab/trace/trace.h \
  core/base/error.h lab/explain/explain.h core/base/memory.h \
  core/base/text.h lab/explain/cause.h core/base/address.h \
  lab/model/decision.h core/guest/guest.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/live/lab.h core/sandbox/sandbox.h core/state/wanted.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h lab/probe/probe.h core/base/cleanup.h \
  lab/live/explain.h lab/trace/internal.h core/nftables/trace.h \
  core/netlink/conntrack.h

lab/trace/trace.h:

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

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

core/base/cleanup.h:

lab/live/explain.h:

lab/trace/internal.h:

core/nftables/trace.h:

core/netlink/conntrack.h:
