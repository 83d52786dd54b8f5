build-clang/cli/view/terraform.o: cli/view/terraform.c \
  cli/view/terraform.h lab/terraform/terraform.h core/base/error.h \
  core/base/memory.h core/base/text.h

cli/view/terraform.h:

lab/terraform/terraform.h:

core/base/error.h:

core/base/memory.h:

core/base/text.h:
