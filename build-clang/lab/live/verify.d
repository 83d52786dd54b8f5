build-clang/lab/live/verify.o: lab/live/verify.c lab/live/verify.h \
  core/verify/verify.h core/base/error.h core/state/wanted.h \
  core/base/address.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h lab/live/lab.h \
  core/sandbox/sandbox.h lab/live/journal.h lab/live/lock.h \
  lab/model/model.h core/base/nearest.h core/base/cleanup.h

lab/live/verify.h:

core/verify/verify.h:

core/base/error.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

core/base/cleanup.h:
