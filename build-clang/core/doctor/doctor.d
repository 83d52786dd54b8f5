build-clang/core/doctor/doctor.o: core/doctor/doctor.c \
  core/doctor/doctor.h core/apply/apply.h core/base/error.h \
  core/state/plan.h core/state/wanted.h core/base/address.h \
  core/base/memory.h core/sandbox/node.h core/state/nft.h \
  core/base/text.h core/base/cleanup.h core/base/limit.h \
  core/doctor/features.h core/sandbox/exec_setup.h core/sandbox/files.h \
  core/sandbox/sandbox.h core/sandbox/seal.h core/sandbox/users.h

core/doctor/doctor.h:

core/apply/apply.h:

core/base/error.h:

core/state/plan.h:

core/state/wanted.h:

core/base/address.h:

core/base/memory.h:

core/sandbox/node.h:

core/state/nft.h:

core/base/text.h:

core/base/cleanup.h:

core/base/limit.h:

core/doctor/features.h:

core/sandbox/exec_setup.h:

core/sandbox/files.h:

core/sandbox/sandbox.h:

core/sandbox/seal.h:

core/sandbox/users.h:
