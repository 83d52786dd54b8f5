build-clang/cli/commands/linux.o: cli/commands/linux.c \
  cli/commands/linux.h lab/language/arguments.h core/base/address.h \
  lab/language/command.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/model/words.h lab/language/tokenizer.h \
  core/base/text.h cli/view/output.h cli/commands/language.h \
  cli/session/redirect.h cli/session/session.h cli/session/diagnostic.h \
  cli/view/remarks.h cli/session/script.h lab/terraform/terraform.h \
  core/base/memory.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h core/sandbox/process.h core/base/cleanup.h \
  core/state/plan.h core/script/script.h lab/compile/compile.h \
  lab/live/connections.h core/netlink/conntrack.h lab/live/verify.h \
  core/verify/verify.h lab/model/decision.h core/guest/guest.h

cli/commands/linux.h:

lab/language/arguments.h:

core/base/address.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:

core/base/text.h:

cli/view/output.h:

cli/commands/language.h:

cli/session/redirect.h:

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

core/sandbox/process.h:

core/base/cleanup.h:

core/state/plan.h:

core/script/script.h:

lab/compile/compile.h:

lab/live/connections.h:

core/netlink/conntrack.h:

lab/live/verify.h:

core/verify/verify.h:

lab/model/decision.h:

core/guest/guest.h:
