build-clang/lab/model/model.o: lab/model/model.c lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h \
  core/base/cleanup.h core/base/hash.h core/base/memory.h \
  core/base/text.h lab/model/internal.h lab/model/profile.h

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:

core/base/text.h:

lab/model/internal.h:

lab/model/profile.h:
