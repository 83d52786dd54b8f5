build-clang/lab/compile/layout.o: lab/compile/layout.c \
  lab/compile/layout.h core/base/memory.h lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h

lab/compile/layout.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
