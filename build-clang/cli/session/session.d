build-clang/cli/session/session.o: cli/session/session.c \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  core/base/address.h cli/view/remarks.h core/base/error.h \
  core/base/text.h lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h core/base/memory.h lab/language/command.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/session/jobs.h cli/session/redirect.h \
  core/sandbox/process.h cli/session/suppress.h lab/language/statement.h \
  lab/language/arguments.h cli/session/variables.h cli/view/show.h \
  cli/view/terminal.h core/base/cleanup.h

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

cli/session/jobs.h:

cli/session/redirect.h:

core/sandbox/process.h:

cli/session/suppress.h:

lab/language/statement.h:

lab/language/arguments.h:

cli/session/variables.h:

cli/view/show.h:

cli/view/terminal.h:

core/base/cleanup.h:
