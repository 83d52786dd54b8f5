build-clang/core/nftables/listing.o: core/nftables/listing.c \
  core/nftables/listing.h core/base/error.h core/base/text.h \
  core/netlink/socket.h core/base/memory.h core/state/nft.h

core/nftables/listing.h:

core/base/error.h:

core/base/text.h:

core/netlink/socket.h:

core/base/memory.h:

core/state/nft.h:
