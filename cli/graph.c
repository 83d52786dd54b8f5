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

/* In JSON it is for no terminal. */
static int write_picture(struct session *session, enum picture_format format, const char *title, struct error *err)
{
	const bool json = session->format == OUTPUT_JSON;
	const struct picture_style style = {
		.format = format,
		.width = json ? 0 : terminal_width(fileno(session->out)),
		.utf8 = terminal_is_utf8(),
		.color = !json && session->color_out,
		.title = title,
	};
	auto_text text = { 0 };
	struct output *output;

	picture_add(&text, session->lab->model, &style);
	if (!json) {
		fputs(text_get(&text), session->out);
		return 0;
	}
	output = output_new();
	output_begin_object(output, NULL);
	output_string(output, "format", words[format]);
	output_string(output, "picture", text_get(&text));
	output_end(output);
	return session_write(session, output, err);
}

int session_graph(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *word = arguments_get(arguments, "--format");
	enum picture_format format = PICTURE_TEXT;
	int r = word ? picture_format_parse(word, &format, err) : 0;

	if (r < 0 || session->validate_only)
		return r;
	return write_picture(session, format, session->lab->name ? session->lab->name : "a private lab", err);
}

static int graph_lab(const struct options *options, struct lab *lab, struct script *script)
{
	struct error err = { 0 };
	struct session *session = program_session(options, lab, &err);
	int status = EXIT_OK;

	if (!session)
		return program_error(options, EXIT_INPUT, &err);
	if (script) {
		session->validate_only = true;
		session_run(session, script);
	}
	if (session->n_mistake)
		status = EXIT_INPUT;
	else if (write_picture(session, options->picture, options->word[0], &err) < 0)
		status = program_error(options, EXIT_MACHINE, &err);
	session_free(session);
	return status;
}

/* A name without a slash that a lab has is that lab's: ./NAME is always the file. */
static bool is_running_lab(const char *word, struct error *err)
{
	pid_t keeper;

	return registry_check_name(word, err) >= 0 && registry_find(word, &keeper, err) >= 0;
}

static int graph_file(const struct options *options)
{
	const char *path = options->word[0];
	struct error err = { 0 }, no_lab = { 0 };
	struct script script;
	struct lab *lab;
	int status;

	if (script_open(&script, path, NULL, &err) < 0) {
		if (access(path, F_OK) < 0 && errno == ENOENT && !strchr(path, '/')) {
			(void)is_running_lab(path, &no_lab); /* for the nearest name */
			error_set(&err, -ENOENT, "%.128s is neither a file nor a running lab", path);
			error_hint(&err, "%s", *no_lab.hint ? no_lab.hint : "vpclab ls lists the running labs");
		}
		return program_error(options, EXIT_INPUT, &err);
	}
	lab = lab_new_private(true);
	status = graph_lab(options, lab, &script);
	lab_close(lab);
	script_close(&script);
	return status;
}

int program_graph(const struct options *options)
{
	struct error err = { 0 };
	struct lab *lab;
	int status, r;

	if (!is_running_lab(options->word[0], &err))
		return graph_file(options);
	r = lab_open(options->word[0], &lab, &err);
	if (r < 0)
		return program_lab_error(options, r, &err);
	status = graph_lab(options, lab, NULL);
	lab_close(lab);
	return status;
}
