build-clang/core/nftables/message.o: core/nftables/message.c \
  core/nftables/message.h core/nftables/batch.h core/base/memory.h \
  core/state/nft.h core/base/text.h core/nftables/expr.h \
  core/nftables/rule.h

core/nftables/message.h:

core/nftables/batch.h:

core/base/memory.h:

core/state/nft.h:

core/base/text.h:

core/nftables/expr.h:

core/nftables/rule.h:
