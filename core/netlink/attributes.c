/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/attributes.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

void attributes_read(const struct nlmsghdr *message, size_t head, struct attributes *ret_attributes)
{
	const struct nlattr *attr;

	*ret_attributes = (struct attributes){ 0 };
	for_each_attribute(attr, message, head)
		if (mnl_attr_get_type(attr) < ATTRIBUTES_MAX)
			ret_attributes->attr[mnl_attr_get_type(attr)] = attr;
}

uint32_t attributes_number(const struct attributes *attributes, unsigned type)
{
	const struct nlattr *attr = attributes->attr[type];

	return attr && mnl_attr_get_payload_len(attr) >= sizeof(uint32_t) ? mnl_attr_get_u32(attr)
									  : 0;
}

uint32_t attributes_address(const struct attributes *attributes, unsigned type)
{
	return ntohl(attributes_number(attributes, type));
}

const char *attributes_text(const struct attributes *attributes, unsigned type)
{
	const struct nlattr *attr = attributes->attr[type];

	return attr && memchr(mnl_attr_get_payload(attr), '\0', mnl_attr_get_payload_len(attr))
		       ? mnl_attr_get_str(attr)
		       : "";
}

int rtnl_dump(int fd, uint16_t type, size_t head, const char *what,
	      struct netlink_answer *ret_answer, struct error *err)
{
	char buffer[256] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	request->nlmsg_type = type;
	if (type == RTM_GETLINK) {
		mnl_nlmsg_put_extra_header(request, head);
		mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	} else {
		*(unsigned char *)mnl_nlmsg_put_extra_header(request, head) = AF_INET;
	}
	return netlink_dump(fd, request, what, ret_answer, err);
}
