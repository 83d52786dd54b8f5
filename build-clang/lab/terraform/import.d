build-clang/lab/terraform/import.o: lab/terraform/import.c \
  lab/terraform/import.h lab/terraform/link.h lab/terraform/table.h \
  core/base/text.h lab/terraform/document.h core/base/error.h \
  core/base/memory.h lab/terraform/terraform.h core/base/address.h \
  core/base/cleanup.h core/base/hash.h lab/language/command.h \
  lab/model/model.h core/base/nearest.h lab/model/words.h \
  lab/language/tokenizer.h

lab/terraform/import.h:

lab/terraform/link.h:

lab/terraform/table.h:

core/base/text.h:

lab/terraform/document.h:

core/base/error.h:

core/base/memory.h:

lab/terraform/terraform.h:

core/base/address.h:

core/base/cleanup.h:

core/base/hash.h:

lab/language/command.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/words.h:

lab/language/tokenizer.h:
