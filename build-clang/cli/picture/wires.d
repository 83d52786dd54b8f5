build-clang/cli/picture/wires.o: cli/picture/wires.c \
  cli/picture/layout_internal.h cli/picture/layout.h core/base/memory.h \
  lab/graph/graph.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h

cli/picture/layout_internal.h:

cli/picture/layout.h:

core/base/memory.h:

lab/graph/graph.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:
