/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/matrix.h"

#include <errno.h>
#include <string.h>

#include "cli/view/explain.h"
#include "cli/view/probe.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"

#define RED    "\033[1;31m"
#define YELLOW "\033[33m"
#define GREEN  "\033[32m"
#define PLAIN  "\033[0m"

#define DIFFERENCES_MAX 20 /* listed by name */
#define GROUP           10 /* marks without a blank between them */

static const struct {
	char mark;
	const char *meaning;
} marks[CODE_COUNT] = {
	[CODE_NONE] = { '+', "reachable" },
	[CODE_NO_ROUTE] = { 'r', "no route in the sender's table, or in the answerer's" },
	[CODE_NO_SNAT_ENTRY] = { 's', "the gateway has no SNAT entry for the sender" },
	[CODE_NO_EIP] = { 'e', "the gateway has no EIP" },
	[CODE_NO_DNAT_ENTRY] = { 'd', "the gateway has no DNAT entry for this" },
	[CODE_ACL_EGRESS] = { 'O', "a network ACL does not let it out" },
	[CODE_ACL_INGRESS] = { 'I', "a network ACL does not let it in" },
	[CODE_SG_EGRESS] = { 'o', "a security group does not let it out" },
	[CODE_SG_INGRESS] = { 'i', "a security group does not let it in" },
	[CODE_RETURN_PATH] = { 'b', "the answer takes another way back" },
	[CODE_NO_ATTACHMENT] = { 'z', "a transit gateway's attachment has no subnet in that zone" },
	[CODE_NO_TRANSIT] = { 't', "a peering connection leads no further than its VPC" },
	[CODE_NO_LISTENER] = { 'v', "the load balancer leads nothing on from that port" },
	[CODE_HAIRPIN] = { 'h', "the gateway does not turn traffic round to itself" },
	[CODE_SMTP_CLOSED] = { 'm', "the cloud keeps TCP 25 to the internet closed" },
	[CODE_EIP_UNBOUND] = { 'u', "the EIP is associated with nothing" },
	[CODE_NOT_FORWARDING] = { 'f', "a guest that it is routed to does not forward" },
	[CODE_HOST_FIREWALL] = { 'w', "a host's own firewall drops it" },
	[CODE_NOT_LISTENING] = { 'n', "nothing listens there" },
	[CODE_NO_INTERNET_GATEWAY] = { 'g', "there is no way to an internet gateway" },
	[CODE_BLACKHOLE_ROUTE] = { 'k', "a route's next hop is gone" },
	[CODE_NO_PUBLIC_ADDRESS] = { 'p',
				     "the sender has no public address for the internet gateway" },
	[CODE_SOURCE_DEST_CHECK] = { 'c',
				     "a guest that it is routed to takes only what is for itself" },
	[CODE_UNSOLICITED] = { 'q', "the gateway lets nothing in that nobody has asked for" },
	[CODE_LIMIT] = { 'l', "the gateway carries no more connections" },
	[CODE_UNREACHABLE_ADDRESS] = { 'a', "nobody answers at that address, seen from there" },
};

static const char sometimes = '~'; /* whatever it is that blocks it then */

static const struct {
	char mark;
	const char *meaning;
} live_marks[] = {
	[PROBE_REACHED] = { '+', "reached" },
	[PROBE_REFUSED] = { 'R', "refused" },
	[PROBE_TIMED_OUT] = { 'T', "timed out" },
	[PROBE_UNREACHABLE] = { 'U', "sent back as unreachable" },
};

struct matrix_page {
	struct text *text;
	const struct matrix *matrix;
	bool color;
	bool named;      /* columns have names; else numbers */
	bool dense;      /* no blank but before each tenth mark, where the numbers are */
	unsigned left;   /* of the first column of marks */
	unsigned digits; /* of the highest number */
};

static unsigned digits_of(size_t n)
{
	unsigned digits = 1;

	for (; n > 9; n /= 10)
		digits++;
	return digits;
}

static unsigned longest_name(const struct matrix *matrix)
{
	unsigned longest = 0;

	for (size_t i = 0; i < matrix->n_row; i++)
		if (strlen(matrix->row[i]->name) > longest)
			longest = (unsigned)strlen(matrix->row[i]->name);
	return longest;
}

/* With the blanks before it. A live cell has two marks and the sign of a difference. */
static unsigned column_width(const struct matrix_page *page, size_t column)
{
	const unsigned least = page->matrix->live ? 3 : 1;
	const unsigned heading = page->named ? (unsigned)strlen(page->matrix->column[column]->name)
					     : page->digits;

	if (page->dense)
		return column % GROUP ? 1 : 2;
	return (heading > least ? heading : least) + (page->named ? 2 : 1);
}

static void end_line(const struct matrix_page *page)
{
	while (page->text->s[page->text->length - 1] == ' ')
		text_truncate(page->text, page->text->length - 1);
	text_add_char(page->text, '\n');
}

static void add_heading(const struct matrix_page *page, size_t first, size_t end)
{
	text_addf(page->text, "%*s", (int)page->left, "");
	for (size_t c = first; c < end; c++) {
		if (page->named)
			text_addf(page->text, "%*s", (int)column_width(page, c),
				  page->matrix->column[c]->name);
		else if (page->dense && c % GROUP == 0)
			text_addf(page->text, " %-*zu", GROUP, c + 1);
		else if (!page->dense)
			text_addf(page->text, "%*zu", (int)column_width(page, c), c + 1);
	}
	end_line(page);
}

static char mark_of(const struct matrix_page *page, size_t row, size_t column)
{
	const struct matrix_answer answer = matrix_cell(page->matrix, row, column).answer;

	return matrix_is_own(page->matrix, row, column) ? '.'
	       : answer.sometimes                       ? sometimes
							: marks[answer.code].mark;
}

static void add_cell(const struct matrix_page *page, size_t row, size_t column)
{
	const struct matrix_cell cell = matrix_cell(page->matrix, row, column);
	const bool own = matrix_is_own(page->matrix, row, column);
	const char *color = cell.differs ? RED : cell.answer.code ? YELLOW : GREEN;
	const char mark[3] = { mark_of(page, row, column),
			       own ? ' ' : live_marks[cell.verdict].mark,
			       cell.differs ? '!' : ' ' };
	const unsigned n_mark = page->matrix->live ? 3 : 1;

	text_add_blanks(page->text, column_width(page, column) - n_mark);
	if (page->color && !own)
		text_add(page->text, color);
	text_add_n(page->text, mark, n_mark);
	if (page->color && !own)
		text_add(page->text, PLAIN);
}

/* Of millions of cells: nothing but a mark in each. */
static void add_plain_cells(const struct matrix_page *page, size_t row, size_t first, size_t end)
{
	auto_free char *line = xalloc(2 * (end - first) + 1);
	size_t n = 0;

	for (size_t c = first; c < end; c++) {
		if (c % GROUP == 0)
			line[n++] = ' ';
		line[n++] = mark_of(page, row, c);
	}
	text_add_n(page->text, line, n);
}

static void add_block(const struct matrix_page *page, size_t first, size_t end)
{
	add_heading(page, first, end);
	for (size_t r = 0; r < page->matrix->n_row; r++) {
		const char *name = page->matrix->row[r]->name;

		if (page->named)
			text_addf(page->text, "%-*s", (int)page->left, name);
		else
			text_addf(page->text, "%*zu %-*s", (int)page->digits, r + 1,
				  (int)(page->left - page->digits - 1), name);
		if (page->dense && !page->color)
			add_plain_cells(page, r, first, end);
		else
			for (size_t c = first; c < end; c++)
				add_cell(page, r, c);
		end_line(page);
	}
}

static unsigned total_width(const struct matrix_page *page)
{
	unsigned width = page->left;

	for (size_t c = 0; c < page->matrix->n_column; c++)
		width += column_width(page, c);
	return width;
}

static void add_table(struct matrix_page *page, unsigned width)
{
	const struct matrix *matrix = page->matrix;

	for (size_t first = 0, end; first < matrix->n_column; first = end) {
		unsigned used = page->left;

		for (end = first; end < matrix->n_column; end++) {
			used += column_width(page, end);
			if (width && used > width && end > first)
				break;
		}
		if (page->dense && end < matrix->n_column && end - first > GROUP)
			end -= end % GROUP;
		add_block(page, first, end);
		text_add_char(page->text, '\n');
	}
	/* The first columns are the rows once more. */
	for (size_t c = matrix->n_row; !page->named && c < matrix->n_column; c++)
		text_addf(page->text, "%*zu %s\n", (int)page->digits, c + 1,
			  matrix->column[c]->name);
	if (!page->named && matrix->n_column > matrix->n_row)
		text_add_char(page->text, '\n');
}

static void add_legend(const struct matrix_page *page)
{
	const struct matrix *matrix = page->matrix;
	size_t count[CODE_COUNT] = { 0 }, live[ARRAY_SIZE(live_marks)] = { 0 }, n_own = 0,
	       n_sometimes = 0;

	for (size_t r = 0; r < matrix->n_row; r++) {
		for (size_t c = 0; c < matrix->n_column; c++) {
			const struct matrix_cell cell = matrix_cell(matrix, r, c);

			if (matrix_is_own(matrix, r, c)) {
				n_own++;
				continue;
			}
			(*(cell.answer.sometimes ? &n_sometimes : &count[cell.answer.code]))++;
			live[cell.verdict]++;
		}
	}
	for (enum code code = CODE_NONE; code < CODE_COUNT; code++)
		if (count[code])
			text_addf(page->text, "%c %7zu  %s%s%s\n", marks[code].mark, count[code],
				  code_word(code), code ? ": " : "", marks[code].meaning);
	if (n_sometimes)
		text_addf(page->text,
			  "%c %7zu  now and then: by some of what is chosen from, EIPs, ports or "
			  "targets\n",
			  sometimes, n_sometimes);
	if (n_own)
		text_addf(page->text, ". %7zu  itself\n", n_own);
	if (!matrix->live)
		return;
	text_add(page->text, "\nand behind it, what a probe came to:\n");
	for (size_t i = 0; i < ARRAY_SIZE(live_marks); i++)
		if (live[i])
			text_addf(page->text, "%c %7zu  %s\n", live_marks[i].mark, live[i],
				  live_marks[i].meaning);
	text_addf(page->text, "! %7zu  not as predicted\n", matrix->n_differs);
}

static void add_differences(const struct matrix_page *page)
{
	const struct matrix *matrix = page->matrix;
	size_t listed = 0;

	for (size_t i = 0; i < matrix->n_row * matrix->n_column && listed < DIFFERENCES_MAX; i++) {
		const struct matrix_cell cell =
			matrix_cell(matrix, i / matrix->n_column, i % matrix->n_column);

		if (!cell.differs)
			continue;
		listed++;
		text_addf(page->text, "%s! %s -> %s: predicted %s, but the probe was %s%s\n",
			  page->color ? RED : "", matrix->row[i / matrix->n_column]->name,
			  matrix->column[i % matrix->n_column]->name,
			  cell.answer.code ? code_word((enum code)cell.answer.code) : "reachable",
			  probe_verdict_word((enum probe_verdict)cell.verdict),
			  page->color ? PLAIN : "");
	}
	if (matrix->n_differs > listed)
		text_addf(page->text, "! and %zu more\n", matrix->n_differs - listed);
}

void matrix_add_text(struct text *text, const struct matrix *matrix, unsigned width, bool color)
{
	struct matrix_page page = { .text = text,
				    .matrix = matrix,
				    .color = color,
				    .named = true,
				    .digits = digits_of(matrix->n_column) };

	if (!matrix->n_row) {
		text_add(text, "There is no ECS and no internet host.\n");
		return;
	}
	page.left = longest_name(matrix);
	if (total_width(&page) > (width ? width : TERMINAL_WIDTH)) {
		page.named = false;
		page.dense = !matrix->live;
		page.left += page.digits + 1;
	}
	text_addf(text, "%s", protocol_word(matrix->protocol));
	if (matrix->port)
		text_addf(text, " %u", matrix->port);
	text_add(text, ", from row to column:\n\n");
	add_table(&page, width);
	add_legend(&page);
	add_differences(&page);
}

/* ---- data ---- */

static void put_doubts(struct output *output, const struct explain_index *index,
		       const struct resource *from, const struct resource *to)
{
	auto_free const char **doubt = NULL;
	size_t n = 0;

	explain_index_doubts_of(index, from, &doubt, &n);
	explain_index_doubts_of(index, to, &doubt, &n);
	explain_put_doubts(output, doubt, n);
}

static void put_pair(struct output *output, const struct matrix *matrix,
		     const struct explain_index *index, size_t row, size_t column)
{
	const struct matrix_cell cell = matrix_cell(matrix, row, column);

	output_begin_object(output, NULL);
	output_string(output, "from", matrix->row[row]->name);
	output_string(output, "to", matrix->column[column]->name);
	output_string(output, "protocol", protocol_word(matrix->protocol));
	output_number_if(output, "port", matrix->port, matrix->port);
	output_string(output, "verdict", cell.answer.code ? "blocked" : "reachable");
	output_string(output, "code",
		      cell.answer.code ? code_word((enum code)cell.answer.code) : NULL);
	if (cell.answer.sometimes)
		output_bool(output, "sometimes", true);
	if (matrix->live) {
		output_string(output, "probe", probe_verdict_key((enum probe_verdict)cell.verdict));
		output_bool(output, "differs", cell.differs);
	}
	put_doubts(output, index, matrix->row[row], matrix->column[column]);
	output_end(output);
}

int matrix_write_json(const struct matrix *matrix, const struct explain_index *index, FILE *file)
{
	const char *separator = "[\n";
	int r = 0;

	errno = 0;
	for (size_t i = 0; r >= 0 && i < matrix->n_row * matrix->n_column; i++) {
		struct output *output;

		if (matrix_is_own(matrix, i / matrix->n_column, i % matrix->n_column))
			continue;
		output = output_new();
		put_pair(output, matrix, index, i / matrix->n_column, i % matrix->n_column);
		fputs(separator, file);
		separator = ",\n";
		r = output_write_line(output, file);
		output_free(output);
	}
	fputs(separator[0] == '[' ? "[]\n" : "\n]\n", file);
	if (r >= 0 && (fflush(file) != 0 || ferror(file)))
		r = errno ? -errno : -EIO;
	return r;
}
