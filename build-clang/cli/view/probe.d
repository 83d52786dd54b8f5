build-clang/cli/view/probe.o: cli/view/probe.c cli/view/probe.h \
  cli/view/output.h core/base/address.h core/base/text.h \
  lab/probe/probe.h core/base/error.h lab/explain/flow.h \
  lab/model/model.h core/base/nearest.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h

cli/view/probe.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

lab/probe/probe.h:

core/base/error.h:

lab/explain/flow.h:

lab/model/model.h:

core/base/nearest.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:
