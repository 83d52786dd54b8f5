build-clang/lab/explain/node_host.o: lab/explain/node_host.c \
  lab/compile/layout.h core/base/memory.h lab/model/model.h \
  core/base/address.h core/base/error.h core/base/nearest.h \
  lab/explain/internal.h core/guest/guest.h core/base/text.h \
  lab/explain/explain.h lab/explain/cause.h lab/model/decision.h \
  lab/explain/flow.h lab/model/words.h lab/model/group_chain.h

lab/compile/layout.h:

core/base/memory.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/explain/internal.h:

core/guest/guest.h:

core/base/text.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

lab/explain/flow.h:

lab/model/words.h:

lab/model/group_chain.h:
