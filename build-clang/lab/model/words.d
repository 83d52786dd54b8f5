build-clang/lab/model/words.o: lab/model/words.c lab/model/words.h \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h

lab/model/words.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
