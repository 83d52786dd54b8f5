build-clang/core/nftables/trace.o: core/nftables/trace.c \
  core/nftables/trace.h core/base/error.h core/netlink/conntrack.h \
  core/state/nft.h core/base/memory.h core/base/text.h \
  core/base/cleanup.h core/netlink/socket.h core/nftables/expr.h \
  core/nftables/message.h core/nftables/trace_internal.h

core/nftables/trace.h:

core/base/error.h:

core/netlink/conntrack.h:

core/state/nft.h:

core/base/memory.h:

core/base/text.h:

core/base/cleanup.h:

core/netlink/socket.h:

core/nftables/expr.h:

core/nftables/message.h:

core/nftables/trace_internal.h:
