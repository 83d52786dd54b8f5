build-clang/cli/session/expect.o: cli/session/expect.c \
  cli/session/expect.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h cli/session/interrupt.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h core/base/text.h \
  lab/live/journal.h lab/live/lock.h cli/session/node_command.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  cli/view/remarks.h lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h lab/probe/probe.h lab/explain/flow.h \
  cli/session/report.h cli/session/run.h lab/language/statement.h \
  lab/language/arguments.h cli/session/suppress.h cli/view/explain.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h lab/trace/trace.h cli/view/probe.h cli/view/reach.h \
  lab/reach/reach.h lab/reach/flows.h core/base/cleanup.h \
  core/base/clock.h lab/live/explain.h lab/reach/intent.h

cli/session/expect.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/session/interrupt.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

cli/session/node_command.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

cli/view/remarks.h:

lab/language/tokenizer.h:

cli/session/script.h:

lab/terraform/terraform.h:

lab/probe/probe.h:

lab/explain/flow.h:

cli/session/report.h:

cli/session/run.h:

lab/language/statement.h:

lab/language/arguments.h:

cli/session/suppress.h:

cli/view/explain.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/trace/trace.h:

cli/view/probe.h:

cli/view/reach.h:

lab/reach/reach.h:

lab/reach/flows.h:

core/base/cleanup.h:

core/base/clock.h:

lab/live/explain.h:

lab/reach/intent.h:
