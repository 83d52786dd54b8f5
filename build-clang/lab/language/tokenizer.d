build-clang/lab/language/tokenizer.o: lab/language/tokenizer.c \
  lab/language/tokenizer.h core/base/error.h core/base/text.h \
  core/base/memory.h core/base/utf8.h

lab/language/tokenizer.h:

core/base/error.h:

core/base/text.h:

core/base/memory.h:

core/base/utf8.h:
