build-clang/lab/live/connections.o: lab/live/connections.c \
  lab/live/connections.h core/netlink/conntrack.h core/base/error.h \
  core/state/plan.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h lab/live/lab.h core/sandbox/sandbox.h \
  lab/live/journal.h lab/live/lock.h lab/model/model.h \
  core/base/nearest.h core/base/cleanup.h lab/explain/session.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h lab/explain/flow.h lab/model/words.h

lab/live/connections.h:

core/netlink/conntrack.h:

core/base/error.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

core/base/cleanup.h:

lab/explain/session.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/explain/flow.h:

lab/model/words.h:
