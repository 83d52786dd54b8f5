/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/paid.h"

static void add_service(struct text *text, const struct paid *paid)
{
	const char *service = paid->service->resource.name;

	text_addf(text,
		  "%s is paid for each GB to %s, which a gateway endpoint would carry for nothing: "
		  "vpc-endpoint create NAME vpc %s service %s route-table %s",
		  paid->gateway->resource.name, service, paid->gateway->vpc->resource.name, service,
		  paid->sender->vswitch->table->resource.name);
}

static void add_zone(struct text *text, const struct paid *paid)
{
	const char *zone = paid->sender->vswitch->zone;

	text_addf(text,
		  "%s is in zone %s, and what comes there from zone %s is paid for once more; ",
		  paid->gateway->resource.name, paid->gateway->vswitch->zone, zone);
	if (paid->instead)
		text_addf(text, "%s is in zone %s: route set %s via nat-gateway %s",
			  paid->instead->resource.name, zone, paid->route->resource.name,
			  paid->instead->resource.name);
	else
		text_addf(text, "a NAT gateway in zone %s would cost by the hour instead", zone);
}

void paid_add_sentence(struct text *text, const struct paid *paid)
{
	if (paid->kind == PAID_SERVICE)
		add_service(text, paid);
	else
		add_zone(text, paid);
}
