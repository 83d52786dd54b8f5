build-clang/core/state/nft.o: core/state/nft.c core/state/nft.h \
  core/base/memory.h core/base/text.h

core/state/nft.h:

core/base/memory.h:

core/base/text.h:
