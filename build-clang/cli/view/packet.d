build-clang/cli/view/packet.o: cli/view/packet.c cli/view/packet.h \
  cli/view/output.h core/base/address.h core/base/text.h \
  core/capture/capture.h core/base/error.h lab/model/model.h \
  core/base/nearest.h core/base/memory.h core/capture/headers.h

cli/view/packet.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

core/capture/capture.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

core/base/memory.h:

core/capture/headers.h:
