build-clang/lab/compile/vpc.o: lab/compile/vpc.c lab/compile/internal.h \
  core/state/wanted.h core/base/address.h core/base/memory.h \
  core/sandbox/node.h core/base/error.h core/state/nft.h \
  core/base/text.h lab/compile/layout.h lab/model/model.h \
  core/base/nearest.h lab/model/decision.h core/guest/guest.h \
  lab/model/cloud.h lab/model/profile.h lab/model/system_route.h

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

lab/model/cloud.h:

lab/model/profile.h:

lab/model/system_route.h:
