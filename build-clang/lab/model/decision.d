build-clang/lab/model/decision.o: lab/model/decision.c \
  lab/model/decision.h core/base/text.h core/guest/guest.h \
  core/base/address.h core/base/error.h lab/model/model.h \
  core/base/nearest.h lab/model/cloud.h lab/model/profile.h \
  lab/model/group_chain.h core/base/memory.h lab/model/system_route.h \
  lab/model/words.h

lab/model/decision.h:

core/base/text.h:

core/guest/guest.h:

core/base/address.h:

core/base/error.h:

lab/model/model.h:

core/base/nearest.h:

lab/model/cloud.h:

lab/model/profile.h:

lab/model/group_chain.h:

core/base/memory.h:

lab/model/system_route.h:

lab/model/words.h:
