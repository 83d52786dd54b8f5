build-clang/core/nftables/commit.o: core/nftables/commit.c \
  core/nftables/message.h core/base/error.h core/netlink/socket.h \
  core/nftables/batch.h core/base/memory.h core/state/nft.h \
  core/base/text.h core/nftables/rule.h

core/nftables/message.h:

core/base/error.h:

core/netlink/socket.h:

core/nftables/batch.h:

core/base/memory.h:

core/state/nft.h:

core/base/text.h:

core/nftables/rule.h:
