build-clang/core/apply/apply.o: core/apply/apply.c core/apply/apply.h \
  core/base/error.h core/state/plan.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h core/apply/daemon.h \
  core/apply/internal.h core/netlink/rtnl.h core/netlink/sysctl.h \
  core/base/cleanup.h core/base/limit.h core/sandbox/netns.h

core/apply/apply.h:

core/base/error.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/apply/daemon.h:

core/apply/internal.h:

core/netlink/rtnl.h:

core/netlink/sysctl.h:

core/base/cleanup.h:

core/base/limit.h:

core/sandbox/netns.h:
