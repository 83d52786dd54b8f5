build-clang/cli/learn/tutor_text.o: cli/learn/tutor_text.c \
  cli/learn/tutor_internal.h cli/learn/goal.h cli/learn/lesson.h \
  cli/session/script.h core/base/error.h core/base/text.h \
  lab/language/tokenizer.h lab/terraform/terraform.h core/base/memory.h \
  cli/session/session.h cli/session/diagnostic.h cli/view/output.h \
  core/base/address.h cli/view/remarks.h lab/language/command.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/learn/model_diff.h lab/language/statement.h \
  lab/language/arguments.h cli/learn/tutor.h cli/view/terminal.h \
  cli/view/wrap.h core/base/cleanup.h

cli/learn/tutor_internal.h:

cli/learn/goal.h:

cli/learn/lesson.h:

cli/session/script.h:

core/base/error.h:

core/base/text.h:

lab/language/tokenizer.h:

lab/terraform/terraform.h:

core/base/memory.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

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

cli/learn/model_diff.h:

lab/language/statement.h:

lab/language/arguments.h:

cli/learn/tutor.h:

cli/view/terminal.h:

cli/view/wrap.h:

core/base/cleanup.h:
