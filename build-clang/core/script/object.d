build-clang/core/script/object.o: core/script/object.c \
  core/script/internal.h core/base/text.h core/state/plan.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/base/error.h core/state/nft.h \
  core/base/cleanup.h core/netlink/sysctl.h

core/script/internal.h:

core/base/text.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/cleanup.h:

core/netlink/sysctl.h:
