build-clang/lab/explain/filter.o: lab/explain/filter.c \
  lab/explain/internal.h core/guest/guest.h core/base/address.h \
  core/base/error.h core/base/text.h lab/explain/explain.h \
  core/base/memory.h lab/explain/cause.h lab/model/decision.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/model/group_chain.h

lab/explain/internal.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

core/base/text.h:

lab/explain/explain.h:

core/base/memory.h:

lab/explain/cause.h:

lab/model/decision.h:

lab/model/model.h:

core/base/nearest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/model/group_chain.h:
