build-clang/core/verify/verify.o: core/verify/verify.c \
  core/verify/verify.h core/base/error.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h core/apply/apply.h core/state/plan.h \
  core/base/cleanup.h core/netlink/message.h core/netlink/socket.h \
  core/sandbox/sandbox.h core/verify/internal.h core/nftables/message.h

core/verify/verify.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/apply/apply.h:

core/state/plan.h:

core/base/cleanup.h:

core/netlink/message.h:

core/netlink/socket.h:

core/sandbox/sandbox.h:

core/verify/internal.h:

core/nftables/message.h:
