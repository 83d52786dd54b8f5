build-clang/cli/session/run.o: cli/session/run.c cli/session/run.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  core/base/address.h cli/view/remarks.h core/base/error.h \
  core/base/text.h lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h core/base/memory.h lab/language/command.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h lab/language/statement.h lab/language/arguments.h \
  cli/session/expect.h cli/session/interrupt.h cli/session/jobs.h \
  cli/session/node_command.h cli/session/places.h lab/reach/lint.h \
  lab/reach/reach.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/reach/flows.h \
  cli/session/redirect.h core/sandbox/process.h cli/session/report.h \
  cli/session/suppress.h cli/session/variables.h cli/view/show.h \
  cli/view/terraform.h core/base/cleanup.h lab/language/braces.h \
  lab/live/registry.h lab/nouns/replay.h

cli/session/run.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

core/base/error.h:

core/base/text.h:

lab/language/tokenizer.h:

cli/session/script.h:

lab/terraform/terraform.h:

core/base/memory.h:

lab/language/command.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

lab/explain/flow.h:

lab/language/statement.h:

lab/language/arguments.h:

cli/session/expect.h:

cli/session/interrupt.h:

cli/session/jobs.h:

cli/session/node_command.h:

cli/session/places.h:

lab/reach/lint.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/reach/flows.h:

cli/session/redirect.h:

core/sandbox/process.h:

cli/session/report.h:

cli/session/suppress.h:

cli/session/variables.h:

cli/view/show.h:

cli/view/terraform.h:

core/base/cleanup.h:

lab/language/braces.h:

lab/live/registry.h:

lab/nouns/replay.h:
