build-clang/lab/compile/nat_gateway.o: lab/compile/nat_gateway.c \
  lab/compile/internal.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/base/error.h \
  core/state/nft.h core/base/text.h lab/compile/layout.h \
  lab/model/model.h core/base/nearest.h lab/model/decision.h \
  core/guest/guest.h lab/model/query.h lab/model/words.h

lab/compile/internal.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/text.h:

lab/compile/layout.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/decision.h:

core/guest/guest.h:

lab/model/query.h:

lab/model/words.h:
