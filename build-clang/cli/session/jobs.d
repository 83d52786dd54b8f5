build-clang/cli/session/jobs.o: cli/session/jobs.c cli/session/jobs.h \
  cli/view/output.h core/base/address.h core/base/error.h \
  core/base/text.h core/base/memory.h

cli/session/jobs.h:

cli/view/output.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

core/base/memory.h:
