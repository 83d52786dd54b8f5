build-clang/core/nftables/expr.o: core/nftables/expr.c \
  core/nftables/expr.h core/base/memory.h

core/nftables/expr.h:

core/base/memory.h:
