build-clang/cli/commands/capture.o: cli/commands/capture.c \
  cli/commands/language.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h cli/session/interrupt.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h core/base/text.h \
  lab/live/journal.h lab/live/lock.h cli/session/jobs.h \
  cli/view/output.h cli/session/session.h cli/session/diagnostic.h \
  cli/view/remarks.h lab/language/tokenizer.h cli/session/script.h \
  lab/terraform/terraform.h lab/probe/probe.h lab/explain/flow.h \
  cli/view/packet.h core/capture/capture.h core/base/clock.h \
  core/capture/filter.h core/capture/pcapng.h lab/language/arguments.h

cli/commands/language.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/session/interrupt.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

cli/session/jobs.h:

cli/view/output.h:

cli/session/session.h:

cli/session/diagnostic.h:

cli/view/remarks.h:

lab/language/tokenizer.h:

cli/session/script.h:

lab/terraform/terraform.h:

lab/probe/probe.h:

lab/explain/flow.h:

cli/view/packet.h:

core/capture/capture.h:

core/base/clock.h:

core/capture/filter.h:

core/capture/pcapng.h:

lab/language/arguments.h:
