build-clang/core/capture/pcapng.o: core/capture/pcapng.c \
  core/capture/pcapng.h core/base/text.h core/capture/capture.h \
  core/base/error.h core/capture/filter.h

core/capture/pcapng.h:

core/base/text.h:

core/capture/capture.h:

core/base/error.h:

core/capture/filter.h:
