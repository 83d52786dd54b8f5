build-clang/lab/terraform/export.o: lab/terraform/export.c \
  core/base/address.h core/base/cleanup.h core/base/hash.h \
  core/base/memory.h lab/model/words.h lab/nouns/nouns.h \
  core/base/text.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/terraform/table.h \
  lab/terraform/document.h lab/terraform/terraform.h

core/base/address.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:

lab/model/words.h:

lab/nouns/nouns.h:

core/base/text.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/terraform/table.h:

lab/terraform/document.h:

lab/terraform/terraform.h:
