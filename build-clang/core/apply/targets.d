build-clang/core/apply/targets.o: core/apply/targets.c \
  core/apply/internal.h core/base/error.h core/netlink/rtnl.h \
  core/netlink/sysctl.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h core/state/plan.h

core/apply/internal.h:

core/base/error.h:

core/netlink/rtnl.h:

core/netlink/sysctl.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/state/plan.h:
