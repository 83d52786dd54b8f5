build-clang/cli/learn/model_diff.o: cli/learn/model_diff.c \
  cli/learn/model_diff.h cli/session/script.h core/base/error.h \
  core/base/text.h lab/language/tokenizer.h lab/terraform/terraform.h \
  core/base/memory.h lab/language/command.h lab/model/model.h \
  core/base/address.h core/base/nearest.h lab/model/words.h \
  lab/language/statement.h lab/language/arguments.h core/base/cleanup.h \
  lab/language/grammar.h lab/nouns/nouns.h

cli/learn/model_diff.h:

cli/session/script.h:

core/base/error.h:

core/base/text.h:

lab/language/tokenizer.h:

lab/terraform/terraform.h:

core/base/memory.h:

lab/language/command.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/statement.h:

lab/language/arguments.h:

core/base/cleanup.h:

lab/language/grammar.h:

lab/nouns/nouns.h:
