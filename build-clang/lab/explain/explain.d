build-clang/lab/explain/explain.o: lab/explain/explain.c \
  lab/explain/explain.h core/base/memory.h core/base/text.h \
  lab/explain/cause.h core/base/address.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/compile/layout.h lab/explain/internal.h lab/model/group_chain.h

lab/explain/explain.h:

core/base/memory.h:

core/base/text.h:

lab/explain/cause.h:

core/base/address.h:

lab/model/decision.h:

core/guest/guest.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/compile/layout.h:

lab/explain/internal.h:

lab/model/group_chain.h:
