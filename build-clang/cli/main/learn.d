build-clang/cli/main/learn.o: cli/main/learn.c cli/commands/language.h \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/address.h core/base/nearest.h lab/model/words.h \
  cli/learn/lesson.h cli/session/script.h core/base/text.h \
  lab/language/tokenizer.h lab/terraform/terraform.h core/base/memory.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  cli/view/remarks.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/learn/tutor.h cli/learn/tutorials.h \
  cli/main/program.h cli/main/options.h cli/view/reach.h \
  lab/reach/reach.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/reach/flows.h \
  cli/session/interrupt.h cli/session/report.h cli/view/terminal.h \
  cli/view/wrap.h core/base/cleanup.h

cli/commands/language.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/learn/lesson.h:

cli/session/script.h:

core/base/text.h:

lab/language/tokenizer.h:

lab/terraform/terraform.h:

core/base/memory.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

cli/view/remarks.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/probe/probe.h:

lab/explain/flow.h:

cli/learn/tutor.h:

cli/learn/tutorials.h:

cli/main/program.h:

cli/main/options.h:

cli/view/reach.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/reach/flows.h:

cli/session/interrupt.h:

cli/session/report.h:

cli/view/terminal.h:

cli/view/wrap.h:

core/base/cleanup.h:
