build-clang/cli/main/complete.o: cli/main/complete.c \
  cli/commands/language.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h cli/learn/tutorials.h cli/main/program.h \
  cli/main/options.h cli/view/output.h cli/view/reach.h core/base/text.h \
  lab/reach/reach.h lab/explain/explain.h core/base/memory.h \
  lab/explain/cause.h lab/model/decision.h core/guest/guest.h \
  lab/explain/flow.h lab/reach/flows.h cli/view/remarks.h \
  cli/session/session.h cli/session/diagnostic.h \
  lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  cli/prompt/complete.h cli/session/variables.h lab/live/registry.h

cli/commands/language.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/learn/tutorials.h:

cli/main/program.h:

cli/main/options.h:

cli/view/output.h:

cli/view/reach.h:

core/base/text.h:

lab/reach/reach.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/explain/flow.h:

lab/reach/flows.h:

cli/view/remarks.h:

cli/session/session.h:

cli/session/diagnostic.h:

lab/language/tokenizer.h:

cli/session/script.h:

lab/terraform/terraform.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

cli/prompt/complete.h:

cli/session/variables.h:

lab/live/registry.h:
