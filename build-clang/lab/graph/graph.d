build-clang/lab/graph/graph.o: lab/graph/graph.c lab/graph/graph.h \
  core/base/memory.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h lab/graph/internal.h

lab/graph/graph.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/graph/internal.h:
