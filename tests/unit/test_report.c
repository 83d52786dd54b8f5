/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "cli/session/report.h"

struct written {
	struct report *report;
	FILE *file;
	char *text;
	size_t size;
};

static void begin(struct written *written, enum report_style style, bool quiet)
{
	struct report_options options = { .style = style, .quiet = quiet };

	written->file = open_memstream(&written->text, &written->size);
	CHECK(written->file != NULL);
	written->report = report_new(written->file, &options);
	report_suite(written->report, "nat.lab");
}

static void end(struct written *written)
{
	report_free(written->report);
	fclose(written->file);
	free(written->text);
}

static void pass(struct report *report)
{
	report_expectation(report, &(struct expectation){
					   .text = "expect reachable ECS1 -> EIP2",
					   .file = "nat.lab",
					   .line = 4,
					   .passed = true,
					   .seconds = 0.0021,
				   });
}

static void fail(struct report *report)
{
	report_expectation(report, &(struct expectation){
					   .text = "expect ok ECS1 sh -c 'a # b <\033>'",
					   .file = "nat.lab",
					   .line = 5,
					   .reason = "its exit status is 3\n\"x\" & <y>",
					   .seconds = 1.5,
					   .note = "refused",
				   });
}

TEST(text_has_a_line_each_and_the_reason_below)
{
	struct written written;

	begin(&written, REPORT_TEXT, false);
	pass(written.report);
	fail(written.report);
	report_summary(written.report);
	fflush(written.file);
	CHECK_STR(written.text, "ok   1  expect reachable ECS1 -> EIP2   (2 ms)\n"
				"FAIL 2  expect ok ECS1 sh -c 'a # b <\\x1b>'   (refused)\n"
				"        nat.lab:5: its exit status is 3\n"
				"        \"x\" & <y>\n"
				"1 passed, 1 failed\n");
	end(&written);
}

TEST(quiet_is_failures_and_the_summary)
{
	struct written written;

	begin(&written, REPORT_TEXT, true);
	pass(written.report);
	report_summary(written.report);
	fflush(written.file);
	CHECK_STR(written.text, "1 passed, 0 failed\n");
	end(&written);
}

TEST(tap_escapes_what_would_be_a_directive_and_ends_with_the_plan)
{
	struct written written;

	begin(&written, REPORT_TAP, false);
	pass(written.report);
	fail(written.report);
	report_summary(written.report);
	fflush(written.file);
	CHECK_STR(written.text, "TAP version 13\n"
				"ok 1 - expect reachable ECS1 -> EIP2\n"
				"not ok 2 - expect ok ECS1 sh -c 'a \\# b <\\x1b>'\n"
				"# nat.lab:5: its exit status is 3\n"
				"# \"x\" & <y>\n"
				"1..2\n");
	end(&written);
}

TEST(a_file_that_stopped_is_a_point_that_failed_and_the_numbers_go_on)
{
	struct written written;

	begin(&written, REPORT_TAP, false);
	pass(written.report);
	report_stopped(written.report, "nat.lab:7: no such VPC\033");
	report_suite(written.report, "second.lab");
	pass(written.report);
	report_summary(written.report);
	fflush(written.file);
	CHECK_STR(written.text, "TAP version 13\n"
				"ok 1 - expect reachable ECS1 -> EIP2\n"
				"not ok 2 - nat.lab runs to its end\n"
				"# nat.lab:7: no such VPC\\x1b\n"
				"ok 3 - expect reachable ECS1 -> EIP2\n"
				"1..3\n");
	end(&written);
}

TEST(the_summary_names_what_stopped)
{
	struct written written;

	begin(&written, REPORT_TEXT, true);
	pass(written.report);
	report_stopped(written.report, "nat.lab:7: no such VPC");
	report_suite(written.report, "second.lab");
	pass(written.report);
	report_suite(written.report, "third.lab");
	report_stopped(written.report, "interrupted");
	report_summary(written.report);
	fflush(written.file);
	CHECK_STR(written.text, "2 passed, 0 failed, 2 stopped: nat.lab, third.lab\n");
	end(&written);
}

TEST(counts)
{
	struct written written;

	begin(&written, REPORT_SILENT, false);
	pass(written.report);
	pass(written.report);
	fail(written.report);
	CHECK_INT(report_passed(written.report), 2);
	CHECK_INT(report_failed(written.report), 1);
	fflush(written.file);
	CHECK_STR(written.text, "");
	end(&written);
}

TEST(junit_is_well_formed_whatever_the_text)
{
	struct written written;
	struct error err = { 0 };
	char *xml = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&xml, &size);

	begin(&written, REPORT_SILENT, false);
	pass(written.report);
	fail(written.report);
	report_suite(written.report, "second.lab");
	report_stopped(written.report, "bad <line>");
	CHECK_INT(report_write_junit(written.report, file, &err), 0);
	fclose(file);
	CHECK(strstr(xml, "<testsuites name=\"vpclab\" tests=\"3\" failures=\"1\" errors=\"1\">") !=
	      NULL);
	CHECK(strstr(xml, "<testsuite name=\"nat.lab\" tests=\"2\" failures=\"1\" errors=\"0\"") !=
	      NULL);
	CHECK(strstr(xml, "<failure message=\"its exit status is 3&#10;&quot;x&quot; &amp; "
			  "&lt;y&gt;\"/>") != NULL);
	CHECK(strstr(xml,
		     "<testsuite name=\"second.lab\" tests=\"1\" failures=\"0\" errors=\"1\"") !=
	      NULL);
	CHECK(strstr(xml, "<error message=\"bad &lt;line&gt;\"/>") != NULL);
	CHECK(!strchr(xml, '\033'));
	free(xml);
	end(&written);
}

TEST(a_full_disk_is_an_error)
{
	struct written written;
	struct error err = { 0 };
	FILE *full = fopen("/dev/full", "w");

	begin(&written, REPORT_SILENT, false);
	CHECK(report_write_junit(written.report, full, &err) < 0);
	CHECK(strstr(err.message, "No space left") != NULL);
	fclose(full);
	end(&written);
}

TEST(json_holds_the_results)
{
	struct written written;
	struct output *output = output_new();
	char *json = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&json, &size);

	begin(&written, REPORT_SILENT, false);
	pass(written.report);
	fail(written.report);
	report_output(written.report, output);
	CHECK_INT(output_write(output, file, OUTPUT_JSON, 0, false), 0);
	fclose(file);
	CHECK(strstr(json, "\"passed\": 1") != NULL);
	CHECK(strstr(json, "\"failed\": 1") != NULL);
	CHECK(strstr(json, "\"line\": 5") != NULL);
	free(json);
	output_free(output);
	end(&written);
}
