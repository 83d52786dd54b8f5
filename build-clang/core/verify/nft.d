build-clang/core/verify/nft.o: core/verify/nft.c core/verify/internal.h \
  core/nftables/message.h core/verify/verify.h core/base/error.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h core/base/text.h \
  core/apply/apply.h core/state/plan.h core/netlink/socket.h \
  core/nftables/listing.h core/nftables/rule.h core/nftables/trace.h \
  core/netlink/conntrack.h

core/verify/internal.h:

core/nftables/message.h:

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

core/netlink/socket.h:

core/nftables/listing.h:

core/nftables/rule.h:

core/nftables/trace.h:

core/netlink/conntrack.h:
