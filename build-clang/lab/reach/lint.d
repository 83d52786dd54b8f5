build-clang/lab/reach/lint.o: lab/reach/lint.c lab/reach/lint.h \
  core/base/memory.h lab/reach/reach.h lab/explain/explain.h \
  core/base/text.h lab/explain/cause.h core/base/address.h \
  lab/model/decision.h core/guest/guest.h core/base/error.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/reach/flows.h core/base/cleanup.h \
  lab/model/query.h

lab/reach/lint.h:

core/base/memory.h:

lab/reach/reach.h:

lab/explain/explain.h:

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

lab/model/query.h:
