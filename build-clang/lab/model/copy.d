build-clang/lab/model/copy.o: lab/model/copy.c core/base/memory.h \
  lab/model/internal.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h

core/base/memory.h:

lab/model/internal.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
