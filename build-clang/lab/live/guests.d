build-clang/lab/live/guests.o: lab/live/guests.c lab/live/guests.h \
  core/guest/guest.h core/base/address.h core/base/error.h \
  core/base/text.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/model/model.h \
  core/base/nearest.h core/base/cleanup.h

lab/live/guests.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

core/base/cleanup.h:
