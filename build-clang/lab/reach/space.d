build-clang/lab/reach/space.o: lab/reach/space.c core/base/cleanup.h \
  core/base/hash.h core/base/memory.h core/base/text.h lab/model/query.h \
  lab/model/model.h core/base/address.h core/base/error.h \
  core/base/nearest.h lab/model/system_route.h lab/reach/internal.h \
  lab/reach/reach.h lab/explain/explain.h lab/explain/cause.h \
  lab/model/decision.h core/guest/guest.h lab/explain/flow.h \
  lab/model/words.h lab/reach/flows.h

core/base/cleanup.h:

core/base/hash.h:

core/base/memory.h:

core/base/text.h:

lab/model/query.h:

lab/model/model.h:

core/base/address.h:

core/base/error.h:

core/base/nearest.h:

lab/model/system_route.h:

lab/reach/internal.h:

lab/reach/reach.h:

lab/explain/explain.h:

lab/explain/cause.h:

lab/model/decision.h:

core/guest/guest.h:

lab/explain/flow.h:

lab/model/words.h:

lab/reach/flows.h:
