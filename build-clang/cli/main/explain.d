build-clang/cli/main/explain.o: cli/main/explain.c cli/main/program.h \
  cli/main/options.h cli/view/output.h core/base/address.h \
  cli/view/reach.h core/base/text.h lab/reach/reach.h \
  lab/explain/explain.h core/base/memory.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/reach/flows.h cli/view/remarks.h \
  cli/session/session.h cli/session/diagnostic.h \
  lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h lab/language/command.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  cli/session/run.h lab/language/statement.h lab/language/arguments.h \
  core/base/cleanup.h

cli/main/program.h:

cli/main/options.h:

cli/view/output.h:

core/base/address.h:

cli/view/reach.h:

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

cli/view/remarks.h:

cli/session/session.h:

cli/session/diagnostic.h:

lab/language/tokenizer.h:

cli/session/script.h:

lab/terraform/terraform.h:

lab/language/command.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

cli/session/run.h:

lab/language/statement.h:

lab/language/arguments.h:

core/base/cleanup.h:
