build-clang/cli/prompt/prompt.o: cli/prompt/prompt.c cli/prompt/prompt.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  core/base/address.h cli/view/remarks.h core/base/error.h \
  core/base/text.h lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h core/base/memory.h lab/language/command.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/prompt/complete.h cli/session/variables.h \
  cli/prompt/history.h cli/session/interrupt.h cli/session/jobs.h \
  cli/session/run.h lab/language/statement.h lab/language/arguments.h \
  core/base/cleanup.h

cli/prompt/prompt.h:

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

cli/prompt/complete.h:

cli/session/variables.h:

cli/prompt/history.h:

cli/session/interrupt.h:

cli/session/jobs.h:

cli/session/run.h:

lab/language/statement.h:

lab/language/arguments.h:

core/base/cleanup.h:
