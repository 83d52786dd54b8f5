build-clang/cli/picture/layout.o: cli/picture/layout.c \
  cli/picture/layout.h core/base/memory.h lab/graph/graph.h \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h cli/picture/layout_internal.h core/base/cleanup.h

cli/picture/layout.h:

core/base/memory.h:

lab/graph/graph.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

cli/picture/layout_internal.h:

core/base/cleanup.h:
