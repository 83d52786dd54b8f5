/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of internet-host, and service on one. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(internet_host)
{
	static const struct refusal table[] = {
		{ "", "internet-host create h1 ip 10.0.0.1", "InvalidParameter", "ip" },
		{ EIPS, "internet-host create h1 ip 203.0.113.1", "ReserveIpFail", "ip" },
		{ "", "internet-host create h1 dns -bad.com", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns a..b", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns 1.2.3.4", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns localhost", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns a.b.", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns 'a b'", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns H1", "InvalidDnsName.Duplicate", "dns" },
		{ "", "internet-host create h1 dns a.com,A.com", "InvalidDnsName.Duplicate",
		  "dns" },
		{ NET, "internet-host create h1 dns vpc1", "InvalidDnsName.Duplicate", "dns" },
		{ "internet-host create h2 dns a.com\n", "internet-host create h1 dns a.com",
		  "InvalidDnsName.Duplicate", "dns" },
		{ "", "internet-host delete h1", "InvalidInternetHost.NotFound", "" },
	};
	struct model *m;

	check_table(table, ARRAY_SIZE(table));
	m = built("internet-host create h1 dns a.com,b.com\nservice start h1 http\ninternet-host "
		  "delete h1\n"
		  "internet-host create h2 dns a.com\neip create b.com\n");
	CHECK_INT(model_count(m, NOUN_SERVICE), 0);
	CHECK_INT(((struct internet_host *)model_find(m, "h2"))->ip, 0xc6336401);
	model_free(m);
}

TEST(internet_hosts_run_out_of_addresses)
{
	struct model *m = model_new();

	say_numbered(m, "internet-host create h#", 1, 254);
	check_refused(m, "internet-host create h255", "ReserveIpFail", "ip");
	CHECK_SAY(m, "internet-host create h255 ip 8.8.8.8");
	model_free(m);
}

TEST(service)
{
#define WEB NET HOSTS "service start ECS1 http\n"
	static const struct refusal table[] = {
		{ WEB, "service start ECS9 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service start VPC1 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service start ECS1", "MissingParameter", "kind" },
		{ WEB, "service start ECS1 ftp", "InvalidParameter", "kind" },
		{ WEB, "service start ECS1 http port 0", "InvalidServicePort.Malformed", "port" },
		{ WEB, "service start ECS1 http port 80-81", "InvalidServicePort.Malformed",
		  "port" },
		{ WEB, "service start ECS1 http protocol udp port 81", "InvalidParameter",
		  "protocol" },
		{ WEB, "service start ECS1 https protocol udp port 81", "InvalidParameter",
		  "protocol" },
		{ WEB, "service start ECS1 https port 80", "InvalidServicePort.InUse", "port" },
		{ WEB, "service start ECS1 echo", "MissingParameter", "port" },
		{ WEB, "service start ECS1 echo protocol icmp port 7", "InvalidParameter",
		  "protocol" },
		{ WEB, "service start ECS1 exec name x1", "MissingParameter", "command" },
		{ WEB, "service start ECS1 exec name x1 -- ''", "MissingParameter", "command" },
		{ WEB, "service start ECS1 exec -- sleep 1", "MissingParameter", "name" },
		{ WEB, "service start ECS1 exec name x1 port 80 -- sleep 1",
		  "InvalidServicePort.InUse", "port" },
		{ WEB, "service start ECS1 exec name x1 protocol udp -- sleep 1",
		  "MissingParameter", "port" },
		{ WEB, "service start ECS1 http port 81 -- sleep 1", "InvalidParameter",
		  "command" },
		{ WEB, "service start ECS1 http port 81 name ../x", "InvalidServiceName.Malformed",
		  "name" },
		{ WEB, "service start ECS1 http", "InvalidServiceName.Duplicate", "name" },
		{ WEB, "service start ECS1 http port 81 name HTTP", "InvalidServiceName.Duplicate",
		  "name" },
		{ WEB, "service start ECS1 http name web", "InvalidServicePort.InUse", "port" },
		{ WEB, "service start ECS1 echo protocol tcp port 80", "InvalidServicePort.InUse",
		  "port" },
		{ WEB, "service stop ECS1 web", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS1 HTTP", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS2 http", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS9 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service stop ECS1", "MissingParameter", "" },
	};
	struct model *m;

	check_table(table, ARRAY_SIZE(table));
	m = built(WEB "service start ECS2 http\nservice start ECS1 echo protocol udp port "
		      "80\nservice start ECS1 echo port 7\n"
		      "service start ECS1 exec name x1 -- sleep 'a b'\n");
	CHECK(model_find(m, "ECS1/echo-udp-80") && model_find(m, "ECS1/echo-7"));
	CHECK_STR(((struct service *)model_find(m, "ECS1/x1"))->argv[1], "a b");
	CHECK_SAY(m, "service start ECS1 https");
	CHECK_INT(((struct service *)model_find(m, "ECS1/https"))->port, 443);
	CHECK_SAY(m, "service start ECS2 https port 8443");
	CHECK(model_find(m, "ECS2/https-8443"));
	CHECK_SAY(m, "service stop ECS1 http");
	CHECK_SAY(m, "service start ECS1 http");
	model_free(m);
}
