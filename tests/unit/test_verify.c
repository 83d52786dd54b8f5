/* SPDX-License-Identifier: GPL-3.0-only */
/* What verify finds, on its way between processes. What it finds: tests/verify.bats. */
#include "core/verify/verify.h"

#include <sys/mman.h>

#include "tests/unit/test.h"

static int file_with(const void *bytes, size_t n)
{
	int fd = memfd_create("findings", MFD_CLOEXEC);

	CHECK(fd >= 0);
	CHECK_INT(pwrite(fd, bytes, n, 0), n);
	return fd;
}

TEST(findings_come_back_as_they_were)
{
	static struct finding finding[] = {
		{ FINDING_MISSING, "VPC1", "route Route2, route table VTB2",
		  "route 0.0.0.0/0 in VPC1", "", false, true },
		{ FINDING_DIFFERENT, "", "", "file /run/vpclab/hosts", "a\nb", true, false },
		{ FINDING_EXTRA, "NAT1", "NAT gateway NAT1", "nft table inet mine in NAT1", "",
		  true, false },
	};
	struct findings out = { .finding = finding, .n_finding = 3 }, in;
	struct error err = { 0 };
	int fd = file_with("", 0);

	CHECK_INT(findings_write(&out, fd, &err), 0);
	CHECK_INT(findings_read(&in, fd, &err), 0);
	CHECK_INT(in.n_finding, 3);
	for (size_t i = 0; i < 3; i++) {
		CHECK_INT(in.finding[i].kind, finding[i].kind);
		CHECK_INT(in.finding[i].mended, finding[i].mended);
		CHECK_INT(in.finding[i].by_hand, finding[i].by_hand);
		CHECK_STR(in.finding[i].netns, finding[i].netns);
		CHECK_STR(in.finding[i].origin, finding[i].origin);
		CHECK_STR(in.finding[i].object, finding[i].object);
		CHECK_STR(in.finding[i].detail, finding[i].detail);
	}
	findings_free(&in);
	close(fd);
}

TEST(none_are_none_and_what_is_cut_short_is_an_error)
{
	static const char whole[] = "0--\0VPC1\0VPC VPC1\0link\0down"; /* with the NUL behind it */
	struct findings in;
	struct error err = { 0 };
	int fd = file_with("", 0);

	CHECK_INT(findings_read(&in, fd, &err), 0);
	CHECK_INT(in.n_finding, 0);
	close(fd);
	for (size_t n = 4; n < sizeof(whole); n++) {
		fd = file_with(whole, n);
		CHECK(findings_read(&in, fd, &err) < 0);
		findings_free(&in);
		close(fd);
	}
	fd = file_with(whole, sizeof(whole));
	CHECK_INT(findings_read(&in, fd, &err), 0);
	CHECK_INT(in.n_finding, 1);
	findings_free(&in);
	close(fd);
}
