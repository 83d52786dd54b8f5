build-clang/core/verify/internal.o: core/verify/internal.c \
  core/verify/internal.h core/nftables/message.h core/verify/verify.h \
  core/base/error.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h

core/verify/internal.h:

core/nftables/message.h:

core/verify/verify.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:
