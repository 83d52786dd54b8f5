build-clang/core/netlink/attributes.o: core/netlink/attributes.c \
  core/netlink/attributes.h core/netlink/socket.h core/base/error.h

core/netlink/attributes.h:

core/netlink/socket.h:

core/base/error.h:
