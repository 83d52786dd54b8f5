build-clang/cli/session/script.o: cli/session/script.c \
  cli/session/script.h core/base/error.h core/base/text.h \
  lab/language/tokenizer.h lab/terraform/terraform.h core/base/memory.h \
  core/base/cleanup.h

cli/session/script.h:

core/base/error.h:

core/base/text.h:

lab/language/tokenizer.h:

lab/terraform/terraform.h:

core/base/memory.h:

core/base/cleanup.h:
