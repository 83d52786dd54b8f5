build-clang/services/trust.o: services/trust.c services/trust.h \
  services/service.h services/certificate.h

services/trust.h:

services/service.h:

services/certificate.h:
