build-clang/cli/prompt/complete.o: cli/prompt/complete.c \
  cli/prompt/complete.h cli/session/variables.h core/base/error.h \
  lab/language/command.h lab/model/model.h core/base/address.h \
  core/base/nearest.h lab/model/words.h cli/view/show.h \
  cli/view/output.h core/base/text.h lab/live/lab.h \
  core/sandbox/sandbox.h core/state/wanted.h core/base/memory.h \
  core/sandbox/node.h core/state/nft.h lab/live/journal.h \
  lab/live/lock.h core/base/cleanup.h lab/language/grammar.h \
  lab/language/tokenizer.h

cli/prompt/complete.h:

cli/session/variables.h:

core/base/error.h:

lab/language/command.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

cli/view/show.h:

cli/view/output.h:

core/base/text.h:

lab/live/lab.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

core/base/cleanup.h:

lab/language/grammar.h:

lab/language/tokenizer.h:
