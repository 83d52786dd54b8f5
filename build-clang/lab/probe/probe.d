build-clang/lab/probe/probe.o: lab/probe/probe.c lab/probe/probe.h \
  core/base/error.h lab/explain/flow.h lab/model/model.h \
  core/base/address.h core/base/nearest.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h core/base/text.h \
  lab/live/journal.h lab/live/lock.h core/base/cleanup.h \
  core/base/clock.h core/netlink/conntrack.h core/netlink/message.h \
  core/netlink/rtnl.h core/netlink/socket.h lab/compile/layout.h

lab/probe/probe.h:

core/base/error.h:

lab/explain/flow.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

core/base/cleanup.h:

core/base/clock.h:

core/netlink/conntrack.h:

core/netlink/message.h:

core/netlink/rtnl.h:

core/netlink/socket.h:

lab/compile/layout.h:
