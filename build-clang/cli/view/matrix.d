build-clang/cli/view/matrix.o: cli/view/matrix.c cli/view/matrix.h \
  cli/view/output.h core/base/address.h core/base/text.h \
  lab/probe/matrix.h lab/explain/explain.h core/base/memory.h \
  lab/explain/cause.h lab/model/decision.h core/guest/guest.h \
  core/base/error.h lab/model/model.h core/base/nearest.h \
  lab/explain/flow.h lab/model/words.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  cli/view/probe.h cli/view/terminal.h core/base/cleanup.h

cli/view/matrix.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

lab/probe/matrix.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

cli/view/probe.h:

cli/view/terminal.h:

core/base/cleanup.h:
