build-clang/cli/main/lint.o: cli/main/lint.c cli/view/lint.h \
  cli/view/output.h core/base/address.h cli/view/remarks.h \
  core/base/text.h lab/reach/lint.h core/base/memory.h lab/reach/reach.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/reach/flows.h cli/main/program.h cli/main/options.h \
  cli/view/reach.h cli/session/session.h cli/session/diagnostic.h \
  lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h lab/language/command.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  cli/session/places.h lab/language/statement.h lab/language/arguments.h \
  cli/session/run.h core/base/cleanup.h lab/live/explain.h

cli/view/lint.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

core/base/text.h:

lab/reach/lint.h:

core/base/memory.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/reach/flows.h:

cli/main/program.h:

cli/main/options.h:

cli/view/reach.h:

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

cli/session/places.h:

lab/language/statement.h:

lab/language/arguments.h:

cli/session/run.h:

core/base/cleanup.h:

lab/live/explain.h:
