build-clang/cli/view/show.o: cli/view/show.c cli/view/show.h \
  cli/view/output.h core/base/address.h core/base/text.h lab/live/lab.h \
  core/base/error.h core/sandbox/sandbox.h core/state/wanted.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  lab/live/journal.h lab/live/lock.h lab/model/model.h \
  core/base/nearest.h cli/view/service_state.h cli/view/show_resource.h \
  core/base/cleanup.h lab/model/cloud.h lab/model/profile.h \
  lab/model/system_route.h

cli/view/show.h:

cli/view/output.h:

core/base/address.h:

core/base/text.h:

lab/live/lab.h:

core/base/error.h:

core/sandbox/sandbox.h:

core/state/wanted.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

lab/live/journal.h:

lab/live/lock.h:

lab/model/model.h:

core/base/nearest.h:

cli/view/service_state.h:

cli/view/show_resource.h:

core/base/cleanup.h:

lab/model/cloud.h:

lab/model/profile.h:

lab/model/system_route.h:
