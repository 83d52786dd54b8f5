build-clang/cli/picture/mermaid.o: cli/picture/mermaid.c \
  cli/picture/picture.h cli/picture/layout.h core/base/memory.h \
  lab/graph/graph.h lab/model/model.h core/base/address.h \
  core/base/error.h core/base/nearest.h cli/view/output.h \
  core/base/text.h lab/model/words.h

cli/picture/picture.h:

cli/picture/layout.h:

core/base/memory.h:

lab/graph/graph.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

cli/view/output.h:

core/base/text.h:

lab/model/words.h:
