build-clang/lab/model/system_route.o: lab/model/system_route.c \
  lab/model/system_route.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h core/base/cleanup.h \
  core/base/memory.h lab/model/cloud.h lab/model/profile.h

lab/model/system_route.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

core/base/cleanup.h:

core/base/memory.h:

lab/model/cloud.h:

lab/model/profile.h:
