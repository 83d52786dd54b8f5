build-clang/core/script/internal.o: core/script/internal.c \
  core/script/internal.h core/base/text.h core/state/plan.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/base/error.h core/state/nft.h

core/script/internal.h:

core/base/text.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:
