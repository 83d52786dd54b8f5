build-clang/core/guest/guest.o: core/guest/guest.c core/guest/guest.h \
  core/base/address.h core/base/error.h core/base/text.h \
  core/base/memory.h

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

core/base/memory.h:
