build-clang/cli/view/cause.o: cli/view/cause.c cli/view/cause.h \
  core/base/text.h lab/explain/cause.h core/base/address.h \
  lab/model/decision.h core/guest/guest.h core/base/error.h \
  lab/model/model.h core/base/nearest.h cli/view/decision.h \
  cli/view/output.h lab/explain/explain.h core/base/memory.h \
  lab/explain/flow.h lab/model/words.h

cli/view/cause.h:

core/base/text.h:

lab/explain/cause.h:

core/base/address.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

cli/view/decision.h:

cli/view/output.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/flow.h:

lab/model/words.h:
