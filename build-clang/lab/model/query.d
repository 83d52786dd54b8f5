build-clang/lab/model/query.o: lab/model/query.c lab/model/query.h \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h

lab/model/query.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
