build-clang/core/state/wanted.o: core/state/wanted.c core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/base/error.h core/state/nft.h core/base/text.h

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/text.h:
