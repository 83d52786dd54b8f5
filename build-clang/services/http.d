build-clang/services/http.o: services/http.c services/certificate.h \
  services/service.h

services/certificate.h:

services/service.h:
