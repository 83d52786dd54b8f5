build-clang/services/main.o: services/main.c services/service.h

services/service.h:
