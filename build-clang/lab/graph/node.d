build-clang/lab/graph/node.o: lab/graph/node.c lab/graph/internal.h \
  lab/graph/graph.h core/base/memory.h lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h \
  core/base/cleanup.h

lab/graph/internal.h:

lab/graph/graph.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

core/base/cleanup.h:
