build-clang/cli/view/remarks.o: cli/view/remarks.c cli/view/remarks.h \
  cli/view/output.h core/base/address.h core/base/cleanup.h \
  core/base/memory.h core/base/text.h

cli/view/remarks.h:

cli/view/output.h:

core/base/address.h:

core/base/cleanup.h:

core/base/memory.h:

core/base/text.h:
