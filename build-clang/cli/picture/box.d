build-clang/cli/picture/box.o: cli/picture/box.c \
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
