build-clang/cli/commands/service.o: cli/commands/service.c \
  cli/commands/language.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h cli/session/session.h cli/session/diagnostic.h \
  cli/view/output.h cli/view/remarks.h core/base/text.h \
  lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h core/base/memory.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/sandbox/node.h \
  core/state/nft.h lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h cli/view/service_state.h core/base/cleanup.h \
  lab/language/arguments.h

cli/commands/language.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/output.h:

cli/view/remarks.h:

core/base/text.h:

lab/language/tokenizer.h:

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

cli/view/service_state.h:

core/base/cleanup.h:

lab/language/arguments.h:
