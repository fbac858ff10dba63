// SPDX-License-Identifier: MIT
// One question to the kernel over netlink, and all that it answers.
#include "kernel/inquiry.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdbool.h>

#define ANSWER_SIZE (32 * 1024) /* the kernel fills at most this much at once */
#define SEQUENCE    1		/* a socket each: there is only one question */

struct hearer {
	void (*take)(const struct nlmsghdr *answer, void *data);
	void *data;
};

struct nlmsghdr *inquiry_start(void *buffer, uint16_t type, uint16_t flags, size_t size)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	message->nlmsg_seq = SEQUENCE;
	mnl_nlmsg_put_extra_header(message, size);
	return message;
}

static int hear(const struct nlmsghdr *answer, void *data)
{
	const struct hearer *hearer = data;

	if (hearer->take)
		hearer->take(answer, hearer->data);
	return MNL_CB_OK;
}

static int converse(struct mnl_socket *socket, const struct nlmsghdr *message,
		    struct hearer *hearer)
{
	_Alignas(struct nlmsghdr) static char data[ANSWER_SIZE];
	int state = MNL_CB_OK;

	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	while (state > MNL_CB_STOP) {
		ssize_t size = mnl_socket_recvfrom(socket, data, sizeof(data));

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return -errno;
		state = mnl_cb_run(data, (size_t)size, SEQUENCE, mnl_socket_get_portid(socket),
				   hear, hearer);
	}
	return state < 0 ? -errno : 0;
}

int inquiry_ask(struct nlmsghdr *message, void (*take)(const struct nlmsghdr *answer, void *data),
		void *data)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct hearer hearer = {take, data};
	int on = 1, result;

	if (!socket)
		return -errno;
	/* With strict checks the kernel heeds filters of dumps. */
	mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof(on));
	result = converse(socket, message, &hearer);
	mnl_socket_close(socket);
	return result;
}

void inquiry_sort(const struct nlattr *attr, const char *end, const struct nlattr **attrs,
		  uint16_t last)
{
	for (size_t i = 0; i <= last; i++)
		attrs[i] = NULL;
	while (attr && mnl_attr_ok(attr, (int)(end - (const char *)attr))) {
		if (mnl_attr_get_type(attr) <= last)
			attrs[mnl_attr_get_type(attr)] = attr;
		attr = mnl_attr_next(attr);
	}
}

void inquiry_attributes(const struct nlmsghdr *answer, size_t size, const struct nlattr **attrs,
			uint16_t last)
{
	inquiry_sort(mnl_nlmsg_get_payload_offset(answer, size), mnl_nlmsg_get_payload_tail(answer),
		     attrs, last);
}

void inquiry_nested(const struct nlattr *attr, const struct nlattr **attrs, uint16_t last)
{
	const char *start = attr ? mnl_attr_get_payload(attr) : NULL;

	inquiry_sort((const struct nlattr *)start,
		     start ? start + mnl_attr_get_payload_len(attr) : NULL, attrs, last);
}
