build-clang/lab/terraform/name.o: lab/terraform/name.c core/base/hash.h \
  core/base/memory.h lab/language/command.h core/base/error.h \
  lab/model/model.h core/base/address.h core/base/nearest.h \
  lab/model/words.h lab/terraform/import.h lab/terraform/link.h \
  lab/terraform/table.h core/base/text.h lab/terraform/document.h \
  lab/terraform/terraform.h

core/base/hash.h:

core/base/memory.h:

lab/language/command.h:

core/base/error.h:

lab/model/model.h:

core/base/address.h:

core/base/nearest.h:

lab/model/words.h:

lab/terraform/import.h:

lab/terraform/link.h:

lab/terraform/table.h:

core/base/text.h:

lab/terraform/document.h:

lab/terraform/terraform.h:
