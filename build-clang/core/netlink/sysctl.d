build-clang/core/netlink/sysctl.o: core/netlink/sysctl.c \
  core/netlink/sysctl.h core/base/error.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h core/base/cleanup.h \
  core/base/limit.h core/netlink/socket.h

core/netlink/sysctl.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/base/cleanup.h:

core/base/limit.h:

core/netlink/socket.h:
