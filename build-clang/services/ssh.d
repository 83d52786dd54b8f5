build-clang/services/ssh.o: services/ssh.c services/service.h

services/service.h:
