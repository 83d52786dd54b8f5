build-clang/lab/compile/compile.o: lab/compile/compile.c \
  lab/compile/compile.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/base/error.h \
  core/state/nft.h core/base/text.h lab/model/model.h \
  core/base/nearest.h lab/compile/internal.h lab/compile/layout.h \
  lab/model/decision.h core/guest/guest.h

lab/compile/compile.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/base/error.h:

core/state/nft.h:

core/base/text.h:

lab/model/model.h:

core/base/nearest.h:

lab/compile/internal.h:

lab/compile/layout.h:

lab/model/decision.h:

core/guest/guest.h:
