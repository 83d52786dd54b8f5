build-clang/core/guest/parse.o: core/guest/parse.c core/base/memory.h \
  core/guest/guest.h core/base/address.h core/base/error.h \
  core/base/text.h core/netlink/attributes.h core/netlink/socket.h

core/base/memory.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

core/netlink/attributes.h:

core/netlink/socket.h:
