build-clang/cli/view/decision.o: cli/view/decision.c cli/view/decision.h \
  cli/view/output.h core/base/address.h core/base/text.h \
  lab/explain/explain.h core/base/memory.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/model/group_chain.h

cli/view/decision.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

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

lab/model/group_chain.h:
