build-clang/lab/model/filter_rule.o: lab/model/filter_rule.c \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h lab/model/query.h lab/model/words.h

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/model/query.h:

lab/model/words.h:
