build-clang/lab/terraform/aws.o: lab/terraform/aws.c \
  lab/terraform/import.h lab/terraform/link.h lab/terraform/table.h \
  core/base/text.h lab/terraform/document.h core/base/error.h \
  core/base/memory.h lab/terraform/terraform.h

lab/terraform/import.h:

lab/terraform/link.h:

lab/terraform/table.h:

core/base/text.h:

lab/terraform/document.h:

core/base/error.h:

core/base/memory.h:

lab/terraform/terraform.h:
