build-clang/services/certificate.o: services/certificate.c \
  services/certificate.h services/service.h services/trust.h

services/certificate.h:

services/service.h:

services/trust.h:
