build-clang/core/netlink/rtnl.o: core/netlink/rtnl.c core/netlink/rtnl.h \
  core/base/error.h core/base/limit.h core/base/memory.h \
  core/netlink/message.h core/state/wanted.h core/base/address.h \
  core/sandbox/node.h core/state/nft.h core/base/text.h \
  core/netlink/socket.h

core/netlink/rtnl.h:

core/base/error.h:

core/base/limit.h:

core/base/memory.h:

core/netlink/message.h:

core/state/wanted.h:

core/base/address.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/netlink/socket.h:
