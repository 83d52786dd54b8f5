build-clang/core/guest/change.o: core/guest/change.c core/base/memory.h \
  core/guest/guest.h core/base/address.h core/base/error.h \
  core/base/text.h

core/base/memory.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:
