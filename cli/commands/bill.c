/* SPDX-License-Identifier: GPL-3.0-only */
/* bill: what the lab would cost in the cloud, at the prices that were set. */
#include <stdint.h>
#include <stdlib.h>

#include "cli/commands/language.h"
#include "cli/session/session.h"
#include "cli/view/output.h"
#include "lab/language/arguments.h"
#include "lab/live/bill.h"
#include "lab/model/words.h"

#define HOURS_MAX 8784 /* of a year */

/* Money, and GB, to the last digit that means something: a byte is 1e-9 GB. */
static double rounded(double value, double digits)
{
	return value < 1e9 ? (double)(int64_t)(value * digits + 0.5) / digits : value;
}

static void put_line(struct output *output, const struct model *model, const struct bill_line *line, double *total)
{
	const struct word *words = model->provider == PROVIDER_AWS ? aws_price_words : price_words;
	const double price = (double)model->price[line->price] / PRICE_UNIT;

	output_begin_object(output, NULL);
	output_string(output, "name", line->resource->name);
	output_string(output, "dimension", word_of(words, (int)line->price));
	if (line->known)
		output_real(output, "quantity", rounded(line->quantity, 1e9));
	else
		output_null(output, "quantity");
	if (model->has_price[line->price]) {
		output_real(output, "price", price);
		output_real(output, "cost", rounded(line->quantity * price, 1e6));
		*total += line->quantity * price;
	} else {
		output_null(output, "price");
		output_null(output, "cost");
	}
	output_end(output);
}

static int run_bill(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *hours = arguments_get(arguments, "hours");
	const char *times = arguments_get(arguments, "times");
	struct output *output;
	struct bill bill;
	double total = 0;

	if (session->validate_only)
		return 0;
	bill_read(session->lab, hours ? (unsigned)strtoul(hours, NULL, 10) : 1, times ? strtoul(times, NULL, 10) : 1, &bill);
	output = output_new();
	output_begin_array(output, NULL);
	for (size_t i = 0; i < bill.n_line; i++)
		put_line(output, session->lab->model, &bill.line[i], &total);
	output_begin_object(output, NULL);
	output_null(output, "name");
	output_string(output, "dimension", "total");
	output_null(output, "quantity");
	output_null(output, "price");
	output_real(output, "cost", rounded(total, 1e6));
	output_end(output);
	output_end(output);
	bill_free(&bill);
	return session_write(session, output, err);
}

static const struct command commands_bill[] = {
	{
		.words = "bill",
		.parameter = { { PARAMETER("hours", NUMBER, PARAMETER_KEY, "of what is paid by the hour; 1 if not given, a month has 730"),
				 .min = 1, .max = HOURS_MAX },
			       { PARAMETER("times", NUMBER, PARAMETER_KEY, "as if all that ran had run so many times; 1 if not given"),
				 .min = 1, .max = 1000000000 } },
		.summary = "say what the lab, and what really ran in it, would cost",
		.example = "bill hours 730 times 1000000",
		.flags = COMMAND_KERNEL,
		.run = run_bill,
	},
	{ .words = NULL },
};

const struct command_family family_bill = { "Settings of the lab", (const struct command *const[]){ commands_bill, NULL }, FOR_ALL };
