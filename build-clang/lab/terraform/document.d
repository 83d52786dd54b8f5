build-clang/lab/terraform/document.o: lab/terraform/document.c \
  lab/terraform/document.h core/base/error.h core/base/memory.h \
  core/base/cleanup.h core/base/hash.h core/base/text.h \
  lab/terraform/table.h

lab/terraform/document.h:

core/base/error.h:

core/base/memory.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/text.h:

lab/terraform/table.h:
