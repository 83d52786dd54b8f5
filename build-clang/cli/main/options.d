build-clang/cli/main/options.o: cli/main/options.c cli/main/options.h \
  cli/view/output.h core/base/address.h cli/view/reach.h \
  core/base/text.h lab/reach/reach.h lab/explain/explain.h \
  core/base/memory.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/reach/flows.h cli/view/remarks.h cli/picture/picture.h \
  cli/picture/layout.h lab/graph/graph.h cli/session/variables.h \
  cli/view/terminal.h cli/view/wrap.h

cli/main/options.h:

cli/view/output.h:

core/base/address.h:

cli/view/reach.h:

core/base/text.h:

lab/reach/reach.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/reach/flows.h:

cli/view/remarks.h:

cli/picture/picture.h:

cli/picture/layout.h:

lab/graph/graph.h:

cli/session/variables.h:

cli/view/terminal.h:

cli/view/wrap.h:
