build-clang/core/verify/findings.o: core/verify/findings.c \
  core/base/cleanup.h core/base/text.h core/verify/verify.h \
  core/base/error.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h

core/base/cleanup.h:

core/base/text.h:

core/verify/verify.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:
