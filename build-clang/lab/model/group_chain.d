build-clang/lab/model/group_chain.o: lab/model/group_chain.c \
  lab/model/group_chain.h core/base/memory.h lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h

lab/model/group_chain.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
