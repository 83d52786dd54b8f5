build-clang/core/base/address.o: core/base/address.c core/base/address.h

core/base/address.h:
