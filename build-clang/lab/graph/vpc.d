build-clang/lab/graph/vpc.o: lab/graph/vpc.c lab/graph/internal.h \
  lab/graph/graph.h core/base/memory.h lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h \
  lab/model/query.h

lab/graph/internal.h:

lab/graph/graph.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/model/query.h:
