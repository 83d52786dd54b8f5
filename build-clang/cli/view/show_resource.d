build-clang/cli/view/show_resource.o: cli/view/show_resource.c \
  cli/view/show_resource.h cli/view/output.h core/base/address.h \
  lab/live/lab.h core/base/error.h core/sandbox/sandbox.h \
  core/state/wanted.h core/base/memory.h core/sandbox/node.h \
  core/state/nft.h core/base/text.h lab/live/journal.h lab/live/lock.h \
  lab/model/model.h core/base/nearest.h cli/view/service_state.h \
  core/base/cleanup.h lab/language/request.h lab/language/arguments.h \
  lab/language/command.h lab/model/words.h lab/language/tokenizer.h \
  lab/live/usage.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/explain/flow.h \
  lab/model/cloud.h lab/model/profile.h lab/nouns/nouns.h

cli/view/show_resource.h:

cli/view/output.h:

core/base/address.h:

lab/live/lab.h:

core/base/error.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

cli/view/service_state.h:

core/base/cleanup.h:

lab/language/request.h:

lab/language/arguments.h:

lab/language/command.h:

lab/model/words.h:

lab/language/tokenizer.h:

lab/live/usage.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/explain/flow.h:

lab/model/cloud.h:

lab/model/profile.h:

lab/nouns/nouns.h:
