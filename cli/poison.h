#pragma once

#include <stdbool.h>

#include "cli/command.h"
#include "cli/statement.h"
#include "lab/model.h"

/*
 * For validate: the names whose creation or change failed. What is said about them further down may be wrong only because
 * of that, so it is not reported a second time.
 */
struct poison;

struct poison *poison_new(void);
void poison_free(struct poison *poison);

void poison_add(struct poison *poison, const char *name);
bool poison_has(const struct poison *poison, const char *name); /* also for "VPC1/system" when VPC1 is one */

/* A statement failed, or the line did not even parse (statement NULL): what it was about is in doubt from now on. */
void poison_by(struct poison *poison, const struct line *line, const struct statement *statement);
/* It was made after all. */
void poison_cure(struct poison *poison, const struct statement *statement);
/* May the mistake at this token follow from an earlier one? A wrong word that stands for itself does not. */
bool poison_explains(const struct poison *poison, const struct model *model, const struct line *line,
		     const struct statement *statement, const struct token *token);
