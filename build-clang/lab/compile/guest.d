build-clang/lab/compile/guest.o: lab/compile/guest.c core/base/cleanup.h \
  lab/compile/internal.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/base/error.h \
  core/state/nft.h core/base/text.h lab/compile/layout.h \
  lab/model/model.h core/base/nearest.h lab/model/decision.h \
  core/guest/guest.h

core/base/cleanup.h:

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
