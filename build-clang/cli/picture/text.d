build-clang/cli/picture/text.o: cli/picture/text.c \
  cli/picture/layout_internal.h cli/picture/layout.h core/base/memory.h \
  lab/graph/graph.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h cli/picture/picture.h \
  cli/view/output.h core/base/text.h lab/model/words.h

cli/picture/layout_internal.h:

cli/picture/layout.h:

core/base/memory.h:

lab/graph/graph.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

cli/picture/picture.h:

cli/view/output.h:

core/base/text.h:

lab/model/words.h:
