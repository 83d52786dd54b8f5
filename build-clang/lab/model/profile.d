build-clang/lab/model/profile.o: lab/model/profile.c lab/model/profile.h

lab/model/profile.h:
