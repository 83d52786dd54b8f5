build-clang/lab/model/cloud.o: lab/model/cloud.c lab/model/cloud.h \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h lab/model/profile.h lab/model/words.h

lab/model/cloud.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/model/profile.h:

lab/model/words.h:
