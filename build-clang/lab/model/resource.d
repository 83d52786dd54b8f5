build-clang/lab/model/resource.o: lab/model/resource.c \
  lab/model/internal.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h

lab/model/internal.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
