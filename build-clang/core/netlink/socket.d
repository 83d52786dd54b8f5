build-clang/core/netlink/socket.o: core/netlink/socket.c \
  core/netlink/socket.h core/base/error.h core/base/cleanup.h \
  core/base/limit.h core/base/memory.h

core/netlink/socket.h:

core/base/error.h:

core/base/cleanup.h:

core/base/limit.h:

core/base/memory.h:
