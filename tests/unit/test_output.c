/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "cli/view/output.h"

/* What output_write() writes; the caller frees. */
static char *written(struct output *output, enum output_format format, unsigned width)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	CHECK(file != NULL);
	CHECK_INT(output_write(output, file, format, width, false), 0);
	fclose(file);
	return text;
}

static struct output *two_eips(void)
{
	struct output *output = output_new();

	output_begin_array(output, NULL);
	output_begin_object(output, NULL);
	output_string(output, "name", "EIP1");
	output_string(output, "ip", "203.0.113.1");
	output_begin_object(output, "associated");
	output_string(output, "type", "nat-gateway");
	output_string(output, "name", "NAT1");
	output_end(output);
	output_number(output, "public_port", 80);
	output_end(output);
	output_begin_object(output, NULL);
	output_string(output, "name", "EIP20");
	output_string(output, "ip", "203.0.113.2");
	output_null(output, "associated");
	output_number(output, "public_port", 8080);
	output_end(output);
	output_end(output);
	return output;
}

TEST(table_has_a_column_for_each_key)
{
	struct output *output = two_eips();
	char *text = written(output, OUTPUT_TABLE, 0);

	CHECK_STR(text, "NAME  IP          ASSOCIATED       PUBLIC PORT\n"
			"EIP1  203.0.113.1 nat-gateway NAT1          80\n"
			"EIP20 203.0.113.2 -                       8080\n");
	free(text);
	output_free(output);
}

TEST(a_table_wider_than_the_terminal_loses_columns)
{
	struct output *output = two_eips();
	char *fits = written(output, OUTPUT_TABLE, 46),
	     *does_not = written(output, OUTPUT_TABLE, 45);

	CHECK(strncmp(fits, "NAME  IP ", 9) == 0);
	CHECK_STR(does_not, "NAME  IP          ASSOCIATED\n"
			    "EIP1  203.0.113.1 nat-gateway NAT1\n"
			    "EIP20 203.0.113.2 -\n"
			    "(left out: PUBLIC PORT; | cat shows all)\n");
	free(fits);
	free(does_not);
	output_free(output);
}

TEST(a_table_of_one_row_is_one_too)
{
	struct output *output = output_new();
	char *text;

	output_begin_array(output, NULL);
	output_begin_object(output, NULL);
	output_string(output, "name", "NAT1");
	output_string(output, "vpc", "VPC1");
	output_string(output, "icmp_reply", "on");
	output_string(output, "status", "Available");
	output_end(output);
	output_end(output);
	text = written(output, OUTPUT_TABLE, 12);
	CHECK_STR(text, "NAME VPC\n"
			"NAT1 VPC1\n"
			"(left out:\n ICMP REPLY,\n STATUS; |\n cat shows\n all)\n");
	free(text);
	output_free(output);
}

TEST(json_keeps_types_and_order)
{
	struct output *output = two_eips();
	char *text = written(output, OUTPUT_JSON, 0);

	CHECK(strstr(text, "\"name\": \"EIP1\",\n    \"ip\": \"203.0.113.1\"") != NULL);
	CHECK(strstr(text, "\"public_port\": 8080") != NULL);
	CHECK(strstr(text, "\"associated\": null") != NULL);
	CHECK(text[0] == '[' && strcmp(text + strlen(text) - 2, "]\n") == 0);
	free(text);
	output_free(output);
}

TEST(an_object_of_arrays_is_a_titled_table_each_without_the_empty_ones)
{
	struct output *output = output_new();
	char *text;

	output_begin_object(output, NULL);
	output_begin_array(output, "vpc");
	output_end(output);
	output_begin_array(output, "nat_gateway");
	output_begin_object(output, NULL);
	output_string(output, "name", "NAT1");
	output_begin_array(output, "eips");
	output_string(output, NULL, "EIP1");
	output_string(output, NULL, "EIP2");
	output_end(output);
	output_end(output);
	output_end(output);
	output_end(output);
	text = written(output, OUTPUT_TABLE, 0);
	CHECK_STR(text, "NAT GATEWAY\nNAME EIPS\nNAT1 EIP1,EIP2\n");
	free(text);
	output_free(output);
}

TEST(nested_objects_become_a_table_below)
{
	struct output *output = output_new();
	char *text;

	output_begin_array(output, NULL);
	output_begin_object(output, NULL);
	output_string(output, "name", "SG1");
	output_begin_array(output, "rules");
	output_begin_object(output, NULL);
	output_number(output, "number", 1);
	output_string(output, "policy", "allow");
	output_end(output);
	output_end(output);
	output_end(output);
	output_end(output);
	text = written(output, OUTPUT_TABLE, 0);
	CHECK_STR(text, "NAME\nSG1\n\nSG1 RULES\nNUMBER POLICY\n     1 allow\n");
	free(text);
	output_free(output);
}

TEST(nothing_from_outside_comes_out_raw)
{
	struct output *output = output_new();
	char *table, *json;

	output_begin_array(output, NULL);
	output_begin_object(output, NULL);
	output_string(output, "name", "a\033[31mb\xff");
	output_end(output);
	output_end(output);
	table = written(output, OUTPUT_TABLE, 0);
	json = written(output, OUTPUT_JSON, 0);
	CHECK(!strchr(table, '\033') && !strchr(table, '\xff'));
	CHECK(!strchr(json, '\033') && !strchr(json, '\xff'));
	free(table);
	free(json);
	output_free(output);
}

TEST(an_empty_answer_is_no_table_and_an_empty_array)
{
	struct output *output = output_new();
	char *table, *json;

	output_begin_array(output, NULL);
	output_end(output);
	table = written(output, OUTPUT_TABLE, 0);
	json = written(output, OUTPUT_JSON, 0);
	CHECK_STR(table, "");
	CHECK_STR(json, "[]\n");
	free(table);
	free(json);
	output_free(output);
}

TEST(a_full_disk_is_an_error)
{
	struct output *output = two_eips();
	FILE *full = fopen("/dev/full", "w");

	CHECK(full != NULL);
	CHECK(output_write(output, full, OUTPUT_TABLE, 0, false) < 0);
	fclose(full);
	output_free(output);
}
