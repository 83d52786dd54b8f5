build-clang/cli/view/lint.o: cli/view/lint.c cli/view/lint.h \
  cli/view/output.h core/base/address.h cli/view/remarks.h \
  core/base/text.h lab/reach/lint.h core/base/memory.h lab/reach/reach.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/reach/flows.h

cli/view/lint.h:

cli/view/output.h:

core/base/address.h:

cli/view/remarks.h:

core/base/text.h:

lab/reach/lint.h:

core/base/memory.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/reach/flows.h:
