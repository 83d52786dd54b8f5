/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Any bytes as the JSON of a plan or a state: they are refused with a reason, or they become a lab.
 * What of its lines the cloud takes is written out again as Terraform.
 */
#include <string.h>

#include "fuzz.h"

#include "cli/commands/language.h"
#include "core/base/error.h"
#include "core/base/memory.h"
#include "lab/nouns/replay.h"
#include "lab/terraform/terraform.h"

static void export(const struct model *model, enum terraform_syntax syntax)
{
	char *text = terraform_export(model, syntax);

	must(text && *text, "a lab is a configuration");
	free(text);
}

static void check(char *text)
{
	struct model *model = model_new();
	struct error err = { 0 };

	for (const char *c = text; *c; c++)
		must((unsigned char)*c >= ' ' || *c == '\n', "a lab holds no control characters");
	for (char *line; (line = strsep(&text, "\n"));)
		if (*line && *line != '#')
			(void)replay_change(model, line, &err);
	export(model, TERRAFORM_HCL);
	export(model, TERRAFORM_JSON);
	model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct terraform terraform;
	struct error err = { 0 };

	if (!terraform_is_json((const char *)data, size))
		return 0;
	if (terraform_import(xmemdup(data, size), size, &cli_language, &terraform, &err) < 0)
		must(err.message[0] != '\0', "an error has a message");
	else
		check(terraform.text);
	terraform_free(&terraform);
	return 0;
}
