build-clang/cli/commands/explain.o: cli/commands/explain.c \
  lab/language/arguments.h core/base/address.h lab/language/command.h \
  core/base/error.h lab/model/model.h core/base/nearest.h \
  lab/model/words.h lab/language/tokenizer.h core/base/text.h \
  cli/view/explain.h cli/view/output.h lab/explain/explain.h \
  core/base/memory.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h lab/explain/flow.h lab/trace/trace.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  cli/session/interrupt.h cli/view/matrix.h lab/probe/matrix.h \
  cli/picture/picture.h cli/picture/layout.h lab/graph/graph.h \
  cli/commands/language.h cli/commands/reach.h cli/session/redirect.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/remarks.h \
  cli/session/script.h lab/terraform/terraform.h core/sandbox/process.h \
  cli/view/terminal.h core/base/cleanup.h core/base/clock.h \
  lab/live/explain.h

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

cli/view/explain.h:

cli/view/output.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/explain/flow.h:

lab/trace/trace.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

cli/session/interrupt.h:

cli/view/matrix.h:

lab/probe/matrix.h:

cli/picture/picture.h:

cli/picture/layout.h:

lab/graph/graph.h:

cli/commands/language.h:

cli/commands/reach.h:

cli/session/redirect.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/remarks.h:

cli/session/script.h:

lab/terraform/terraform.h:

core/sandbox/process.h:

cli/view/terminal.h:

core/base/cleanup.h:

core/base/clock.h:

lab/live/explain.h:
