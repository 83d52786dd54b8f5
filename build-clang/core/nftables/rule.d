build-clang/core/nftables/rule.o: core/nftables/rule.c \
  core/nftables/rule.h core/state/nft.h core/base/memory.h \
  core/base/text.h core/base/address.h core/nftables/expr.h

core/nftables/rule.h:

core/state/nft.h:

core/base/memory.h:

core/base/text.h:

core/base/address.h:

core/nftables/expr.h:
