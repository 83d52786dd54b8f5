build-clang/cli/session/interrupt.o: cli/session/interrupt.c \
  cli/session/interrupt.h lab/live/lab.h core/base/error.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h lab/live/journal.h lab/live/lock.h lab/model/model.h \
  core/base/nearest.h

cli/session/interrupt.h:

lab/live/lab.h:

core/base/error.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:
