build-clang/cli/commands/reach.o: cli/commands/reach.c \
  cli/commands/reach.h lab/language/arguments.h core/base/address.h \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/model/words.h lab/language/tokenizer.h \
  core/base/text.h cli/commands/language.h cli/session/run.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  cli/view/remarks.h cli/session/script.h lab/terraform/terraform.h \
  core/base/memory.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h lab/language/statement.h cli/session/redirect.h \
  core/sandbox/process.h cli/view/lint.h lab/reach/lint.h \
  lab/reach/reach.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/reach/flows.h \
  cli/view/reach.h cli/view/terminal.h core/base/cleanup.h \
  lab/live/explain.h lab/nouns/replay.h

cli/commands/reach.h:

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

cli/commands/language.h:

cli/session/run.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

cli/view/remarks.h:

cli/session/script.h:

lab/terraform/terraform.h:

core/base/memory.h:

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

cli/session/redirect.h:

core/sandbox/process.h:

cli/view/lint.h:

lab/reach/lint.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/reach/flows.h:

cli/view/reach.h:

cli/view/terminal.h:

core/base/cleanup.h:

lab/live/explain.h:

lab/nouns/replay.h:
