build-clang/lab/reach/reach.o: lab/reach/reach.c lab/reach/reach.h \
  lab/explain/explain.h core/base/memory.h core/base/text.h \
  lab/explain/cause.h core/base/address.h lab/model/decision.h \
  core/guest/guest.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/explain/flow.h lab/model/words.h \
  lab/reach/flows.h core/base/cleanup.h core/base/hash.h \
  lab/explain/session.h lab/reach/internal.h

lab/reach/reach.h:

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

lab/reach/flows.h:

core/base/cleanup.h:

core/base/hash.h:

lab/explain/session.h:

lab/reach/internal.h:
