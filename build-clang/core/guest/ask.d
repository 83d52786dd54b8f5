build-clang/core/guest/ask.o: core/guest/ask.c core/base/cleanup.h \
  core/base/memory.h core/guest/guest.h core/base/address.h \
  core/base/error.h core/base/text.h core/netlink/attributes.h \
  core/netlink/socket.h

core/base/cleanup.h:

core/base/memory.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

core/netlink/attributes.h:

core/netlink/socket.h:
