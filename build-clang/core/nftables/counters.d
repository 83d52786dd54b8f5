build-clang/core/nftables/counters.o: core/nftables/counters.c \
  core/nftables/counters.h core/base/error.h core/base/cleanup.h \
  core/netlink/socket.h core/nftables/expr.h core/base/memory.h \
  core/nftables/message.h core/state/nft.h core/base/text.h

core/nftables/counters.h:

core/base/error.h:

core/base/cleanup.h:

core/netlink/socket.h:

core/nftables/expr.h:

core/base/memory.h:

core/nftables/message.h:

core/state/nft.h:

core/base/text.h:
