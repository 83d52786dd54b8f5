/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/memory.h"
#include "tests/prove/generate_parts.h"

void generate_changes(struct shape *s)
{
	while (chance(50)) {
		unsigned any = between(1, 4), eip = between(1, s->n_eip);

		switch (below(23)) {
		case 0:
			lines_add(s->lab, "eip disassociate P%u%s", eip,
				  chance(70) ? " force" : "");
			break;
		case 1:
			lines_add(s->lab, "route delete V1/default-route");
			break;
		case 2:
			lines_add(s->lab, "eni detach I%u", between(1, 2));
			break;
		case 3:
			lines_add(s->lab, "snat delete S%u", any);
			break;
		case 4:
			lines_add(s->lab, "nat-gateway delete N%u force", between(1, 3));
			break;
		case 5:
			lines_add(s->lab, "ecs set E%u billing pay-as-you-go", any);
			lines_add(s->lab, "ecs convert-public-ip E%u eip P9", any);
			break;
		case 6:
			lines_add(s->lab, "sg revoke %s rule %u", chance(50) ? "V1/default" : "G1",
				  between(1, 3));
			break;
		case 7:
			lines_add(s->lab, "ecs delete E%u", between(2, 5));
			break;
		case 8:
			lines_add(s->lab, "dnat delete D%u", any);
			break;
		case 9:
			lines_add(s->lab, "nat-gateway set N%u icmp-reply %s", between(1, 2),
				  chance(50) ? "on" : "off");
			break;
		case 10:
			lines_add(s->lab, "nat-gateway set N%u eip-bind-mode nat", between(1, 2));
			break;
		case 11:
			lines_add(s->lab, "snat set S%u eip P%u", any, eip);
			break;
		case 12:
			lines_add(s->lab, "dnat set D%u public-port %u", any, generate_tcp_port());
			break;
		case 13:
			lines_add(s->lab, "sg set G%u inner-access %s", between(1, 2),
				  chance(50) ? "drop" : "accept");
			break;
		case 14:
			lines_add(s->lab, "eni set I%u security-group G%u", between(1, 2),
				  between(1, 3));
			break;
		case 15:
			lines_add(s->lab, "route-table disassociate T%u vswitch W%u", between(1, 2),
				  any);
			break;
		case 16:
			lines_add(s->lab, "acl disassociate A1 vswitch W%u", any);
			break;
		case 17:
			lines_add(s->lab, "acl remove A1 %s 90", chance(50) ? "in" : "out");
			break;
		case 18:
			lines_add(s->lab, "service stop E%u echo", any);
			break;
		case 19:
			lines_add(s->lab, "ecs set E%u security-group G%u", any, between(1, 3));
			break;
		case 20:
			lines_add(s->lab, "eip associate P%u ecs E%u", eip, any);
			break;
		case 21:
			generate_prefix_list_change(s->lab);
			break;
		default:
			lines_add(s->lab, "route delete R%u", any);
			break;
		}
	}
}
