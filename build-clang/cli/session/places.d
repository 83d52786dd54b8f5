build-clang/cli/session/places.o: cli/session/places.c \
  cli/session/places.h cli/session/session.h cli/session/diagnostic.h \
  cli/view/output.h core/base/address.h cli/view/remarks.h \
  core/base/error.h core/base/text.h lab/language/tokenizer.h \
  cli/session/script.h lab/terraform/terraform.h core/base/memory.h \
  lab/language/command.h lab/model/model.h core/base/nearest.h \
  lab/model/words.h lab/live/lab.h core/sandbox/sandbox.h \
  core/state/wanted.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/probe/probe.h \
  lab/explain/flow.h lab/language/statement.h lab/language/arguments.h \
  lab/reach/lint.h lab/reach/reach.h lab/explain/explain.h \
  lab/explain/cause.h lab/model/decision.h core/guest/guest.h \
  lab/reach/flows.h

cli/session/places.h:

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

lab/language/statement.h:

lab/language/arguments.h:

lab/reach/lint.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/reach/flows.h:
