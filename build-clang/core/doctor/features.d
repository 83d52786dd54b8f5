build-clang/core/doctor/features.o: core/doctor/features.c \
  core/doctor/features.h core/base/error.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h core/base/cleanup.h \
  core/netlink/conntrack.h core/nftables/trace.h

core/doctor/features.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/base/cleanup.h:

core/netlink/conntrack.h:

core/nftables/trace.h:
