build-clang/core/state/plan.o: core/state/plan.c core/state/plan.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/base/error.h core/state/nft.h \
  core/base/text.h

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/text.h:
