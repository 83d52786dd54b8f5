build-clang/core/verify/report.o: core/verify/report.c \
  core/script/script.h core/base/text.h core/state/plan.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/base/error.h core/state/nft.h \
  core/verify/internal.h core/nftables/message.h core/verify/verify.h

core/script/script.h:

core/base/text.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/verify/internal.h:

core/nftables/message.h:

core/verify/verify.h:
