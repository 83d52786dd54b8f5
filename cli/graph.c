/* `vpclab graph FILE|LAB`, and graph at the prompt: the topology as a picture. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/nearest.h"
#include "cli/picture.h"
#include "cli/program.h"
#include "cli/terminal.h"
#include "core/cleanup.h"
#include "core/memory.h"
#include "lab/registry.h"

#define WIDTH     80 /* of text where there is no terminal */
#define WIDTH_MAX 120
#define SVG_WIDTH 132

/* ---- formats ---- */

static const char *const words[] = {
	[PICTURE_TEXT] = "text",
	[PICTURE_DOT] = "dot",
	[PICTURE_MERMAID] = "mermaid",
	[PICTURE_SVG] = "svg",
};

int picture_format_parse(const char *word, enum picture_format *ret_format, struct error *err)
{
	struct nearest nearest = { .typed = word };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret_format = (enum picture_format)i;
			return 0;
		}
	}
	error_set(err, -EINVAL, "--format is text, dot, mermaid or svg, not %.64s", word);
	nearest_offer_choices(&nearest, PICTURE_FORMATS);
	nearest_hint(&nearest, err);
	return -EINVAL;
}

static unsigned text_width(const struct picture_style *style)
{
	return style->width == 0 ? WIDTH : style->width < WIDTH_MAX ? style->width : WIDTH_MAX;
}

static void add_drawing(struct text *text, const struct graph *graph, const struct picture_style *style)
{
	struct layout layout;

	layout_make(&layout, graph, style->format == PICTURE_SVG ? SVG_WIDTH : (int)text_width(style));
	if (style->format == PICTURE_SVG)
		picture_add_svg(text, &layout, style->title);
	else
		picture_add_text(text, &layout, style->utf8, style->color);
	layout_free(&layout);
}

void picture_add(struct text *text, const struct model *model, const struct picture_style *style)
{
	struct graph graph;

	graph_make(&graph, model);
	if (style->format == PICTURE_DOT)
		picture_add_dot(text, &graph);
	else if (style->format == PICTURE_MERMAID)
		picture_add_mermaid(text, &graph);
	else
		add_drawing(text, &graph, style);
	graph_free(&graph);
}

/* ---- where it is asked for ---- */

struct request {
	enum picture_format format;
	enum output_format output;
	FILE *file;
	bool color;
	const char *title;
};

/* In JSON it is for no terminal. Returns 0 or a negative errno. */
static int write_picture(const struct model *model, const struct request *request)
{
	const bool json = request->output == OUTPUT_JSON;
	const struct picture_style style = {
		.format = request->format,
		.width = json ? 0 : terminal_width(fileno(request->file)),
		.utf8 = terminal_is_utf8(),
		.color = !json && request->color,
		.title = request->title,
	};
	auto_text text = { 0 };
	struct output *output;
	int r;

	picture_add(&text, model, &style);
	if (!json)
		return fputs(text_get(&text), request->file) < 0 ? -errno : 0;
	output = output_new();
	output_begin_object(output, NULL);
	output_string(output, "format", words[request->format]);
	output_string(output, "picture", text_get(&text));
	output_end(output);
	r = output_write(output, request->file, OUTPUT_JSON, 0, false);
	output_free(output);
	return r < 0 ? r : 0;
}

int session_graph(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct lab *lab = session->lab;
	const char *word = arguments_get(arguments, "--format");
	struct request request = {
		.output = session->format,
		.file = session->out,
		.color = session->color_out,
		.title = lab->name ? lab->name : "a private lab",
	};
	int r = word ? picture_format_parse(word, &request.format, err) : 0;

	if (r < 0 || session->validate_only)
		return r;
	r = write_picture(lab->model, &request);
	if (r >= 0)
		return 0;
	clearerr(session->out); /* said here, and not once more at the end */
	return session_machine(session, error_set(err, r, "cannot write the picture: %s", strerror(-r)));
}

/* What has no slash and is the name of a running lab is that lab: ./NAME is a file in any case. */
static bool is_running_lab(const char *word, struct error *err)
{
	pid_t keeper;

	return registry_check_name(word, err) >= 0 && registry_find(word, &keeper, err) >= 0;
}

/* NULL: what is wrong has been said, and *ret_status is what to exit with. */
static struct lab *find_lab(const struct options *options, int *ret_status)
{
	const char *word = options->word[0];
	struct error err = { 0 }, no_lab = { 0 };
	struct lab *lab = NULL;
	int r;

	if (is_running_lab(word, &no_lab)) {
		r = lab_open(word, &lab, &err);
		*ret_status = r < 0 ? program_lab_error(options, r, &err) : EXIT_OK;
		return lab;
	}
	*ret_status = EXIT_INPUT;
	if (strchr(word, '/') || strcmp(word, "-") == 0 || access(word, F_OK) == 0 || errno != ENOENT)
		return program_read_lab(options, word);
	error_set(&err, -ENOENT, "%.128s is neither a running lab nor a file", word);
	error_hint(&err, "%s", *no_lab.hint ? no_lab.hint : "vpclab ls lists the running labs");
	program_error(options, *ret_status, &err);
	return NULL;
}

int program_graph(const struct options *options)
{
	const struct request request = {
		.format = options->picture,
		.output = options->format,
		.file = stdout,
		.color = program_color(options, stdout),
		.title = options->word[0],
	};
	int status;
	struct lab *lab = find_lab(options, &status);

	if (!lab)
		return status;
	if (write_picture(lab->model, &request) < 0)
		status = EXIT_MACHINE; /* main says why */
	lab_close(lab);
	return status;
}
