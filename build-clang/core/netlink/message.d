build-clang/core/netlink/message.o: core/netlink/message.c \
  core/netlink/message.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/base/error.h \
  core/state/nft.h core/base/text.h

core/netlink/message.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/text.h:
