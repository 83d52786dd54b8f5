build-clang/lab/explain/cause_aws.o: lab/explain/cause_aws.c \
  lab/explain/internal.h core/guest/guest.h core/base/address.h \
  core/base/error.h core/base/text.h lab/explain/explain.h \
  core/base/memory.h lab/explain/cause.h lab/model/decision.h \
  lab/model/model.h core/base/nearest.h lab/explain/flow.h \
  lab/model/words.h lab/model/group_chain.h lab/model/profile.h \
  lab/model/query.h

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

lab/model/profile.h:

lab/model/query.h:
