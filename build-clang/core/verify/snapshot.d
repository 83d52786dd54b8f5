build-clang/core/verify/snapshot.o: core/verify/snapshot.c \
  core/apply/daemon.h core/base/error.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h core/base/cleanup.h \
  core/netlink/socket.h core/netlink/sysctl.h core/sandbox/netns.h \
  core/sandbox/sandbox.h core/verify/internal.h core/nftables/message.h \
  core/verify/verify.h

core/apply/daemon.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/base/cleanup.h:

core/netlink/socket.h:

core/netlink/sysctl.h:

core/sandbox/netns.h:

core/sandbox/sandbox.h:

core/verify/internal.h:

core/nftables/message.h:

core/verify/verify.h:
