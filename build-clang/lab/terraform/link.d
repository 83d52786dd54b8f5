build-clang/lab/terraform/link.o: lab/terraform/link.c \
  lab/terraform/link.h lab/terraform/table.h core/base/text.h \
  lab/terraform/document.h core/base/error.h core/base/memory.h

lab/terraform/link.h:

lab/terraform/table.h:

core/base/text.h:

lab/terraform/document.h:

core/base/error.h:

core/base/memory.h:
