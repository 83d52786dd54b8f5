#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A random lab and flows through it, as lines of the language. Some of them will be refused: that is part of it. */

struct lines {
	char **line;
	size_t n_line;
};
void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *lines);

/* The same seed gives the same. */
void generate(uint64_t seed, size_t n_flow, struct lines *ret_lab, struct lines *ret_flows);
/* A third of the seeds give labs of AWS: generate_aws.c, with the chance that generate() has begun. */
void generate_aws(size_t n_flow, struct lines *lab, struct lines *flows);

unsigned below(unsigned n);
bool chance(unsigned percent);
unsigned between(unsigned low, unsigned high);
