build-clang/lab/terraform/table.o: lab/terraform/table.c \
  lab/terraform/table.h core/base/text.h lab/terraform/document.h \
  core/base/error.h core/base/memory.h core/base/hash.h

lab/terraform/table.h:

core/base/text.h:

lab/terraform/document.h:

core/base/error.h:

core/base/memory.h:

core/base/hash.h:
