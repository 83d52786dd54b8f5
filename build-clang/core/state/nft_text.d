build-clang/core/state/nft_text.o: core/state/nft_text.c core/state/nft.h \
  core/base/memory.h core/base/text.h core/base/address.h

core/state/nft.h:

core/base/memory.h:

core/base/text.h:

core/base/address.h:
