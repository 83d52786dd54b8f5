build-clang/cli/view/reach.o: cli/view/reach.c cli/view/reach.h \
  cli/view/output.h core/base/address.h core/base/text.h \
  lab/reach/reach.h lab/explain/explain.h core/base/memory.h \
  lab/explain/cause.h lab/model/decision.h core/guest/guest.h \
  core/base/error.h lab/model/model.h core/base/nearest.h \
  lab/explain/flow.h lab/model/words.h lab/reach/flows.h \
  cli/view/decision.h cli/view/explain.h lab/trace/trace.h \
  lab/live/lab.h core/sandbox/sandbox.h core/state/wanted.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h lab/probe/probe.h cli/view/terminal.h cli/view/wrap.h

cli/view/reach.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

lab/reach/reach.h:

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

lab/reach/flows.h:

cli/view/decision.h:

cli/view/explain.h:

lab/trace/trace.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

cli/view/terminal.h:

cli/view/wrap.h:
