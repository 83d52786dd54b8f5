build-clang/core/netlink/conntrack.o: core/netlink/conntrack.c \
  core/netlink/conntrack.h core/base/error.h core/base/cleanup.h

core/netlink/conntrack.h:

core/base/error.h:

core/base/cleanup.h:
