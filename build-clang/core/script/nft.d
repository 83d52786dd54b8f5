build-clang/core/script/nft.o: core/script/nft.c core/script/internal.h \
  core/base/text.h core/state/plan.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/base/error.h core/state/nft.h core/base/cleanup.h

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
