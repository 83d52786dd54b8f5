build-clang/cli/commands/lab.o: cli/commands/lab.c \
  lab/language/arguments.h core/base/address.h lab/language/command.h \
  core/base/error.h lab/model/model.h core/base/nearest.h \
  lab/model/words.h lab/language/tokenizer.h core/base/text.h \
  cli/session/expect.h cli/session/file.h cli/prompt/help.h \
  cli/prompt/history.h cli/session/jobs.h cli/view/output.h \
  cli/session/node_command.h cli/session/session.h \
  cli/session/diagnostic.h cli/view/remarks.h cli/session/script.h \
  lab/terraform/terraform.h core/base/memory.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/session/redirect.h core/sandbox/process.h \
  cli/view/explain.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/trace/trace.h \
  cli/view/probe.h cli/session/run.h lab/language/statement.h \
  cli/commands/language.h cli/view/show.h cli/view/terminal.h \
  cli/view/wrap.h cli/session/variables.h core/base/cleanup.h \
  lab/live/explain.h lab/nouns/nouns.h

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

cli/session/expect.h:

cli/session/file.h:

cli/prompt/help.h:

cli/prompt/history.h:

cli/session/jobs.h:

cli/view/output.h:

cli/session/node_command.h:

cli/session/session.h:

cli/session/diagnostic.h:

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

cli/session/redirect.h:

core/sandbox/process.h:

cli/view/explain.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/trace/trace.h:

cli/view/probe.h:

cli/session/run.h:

lab/language/statement.h:

cli/commands/language.h:

cli/view/show.h:

cli/view/terminal.h:

cli/view/wrap.h:

cli/session/variables.h:

core/base/cleanup.h:

lab/live/explain.h:

lab/nouns/nouns.h:
