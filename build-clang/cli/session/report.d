build-clang/cli/session/report.o: cli/session/report.c \
  cli/session/report.h cli/view/output.h core/base/address.h \
  cli/view/remarks.h core/base/error.h core/base/cleanup.h \
  core/base/hash.h core/base/memory.h core/base/text.h

cli/session/report.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

core/base/error.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:

core/base/text.h:
