// SPDX-License-Identifier: MIT
// Netlink messages to the kernel in batches, and what it answers to each.
#include "kernel/transport.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <string.h>

#include "base/error.h"

#define ANSWER_SIZE                                                                                \
	(16 * 1024) /* one answer, with the message it is about where that is not cut              \
		     */

int transport_open(struct transport *transport, transport_failed_fn failed, void *data,
		   struct error *err)
{
	int on = 1;

	transport->failed = failed;
	transport->data = data;
	transport->count = 0;
	transport->size = 0;
	transport->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!transport->socket)
		return error_set(err, errno, "cannot open a netlink socket");
	/* A kernel without them explains less and repeats more, and that is all. */
	mnl_socket_setsockopt(transport->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(transport->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

void transport_close(struct transport *transport)
{
	mnl_socket_close(transport->socket);
}

/* The kernel's explanation, which follows the (cut) message that the answer is about. */
static const char *explanation(const struct nlmsghdr *answer)
{
	const struct nlmsgerr *result = mnl_nlmsg_get_payload(answer);
	const char *end = mnl_nlmsg_get_payload_tail(answer);
	size_t offset = sizeof(*result);
	const struct nlattr *attr;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return "";
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(result->msg.nlmsg_len) - MNL_NLMSG_HDRLEN;
	attr = mnl_nlmsg_get_payload_offset(answer, offset);
	while (mnl_attr_ok(attr, (int)(end - (const char *)attr))) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			return mnl_attr_get_str(attr);
		attr = mnl_attr_next(attr);
	}
	return "";
}

/* Messages from `first` on remain without an answer. */
static void fail_rest(struct transport *transport, size_t first, int number, const char *text)
{
	for (size_t i = first; i < transport->count; i++)
		transport->failed(transport->data, transport->sequences[i], number, text);
}

/* Go through what one read brought. Returns how many messages of the batch now have an answer. */
static size_t take_answers(struct transport *transport, size_t answered, const char *data, int size)
{
	const struct nlmsghdr *answer = (const struct nlmsghdr *)data;

	while (mnl_nlmsg_ok(answer, size)) {
		const struct nlmsgerr *result = mnl_nlmsg_get_payload(answer);
		bool ours = answer->nlmsg_type == NLMSG_ERROR && answered < transport->count &&
			    mnl_nlmsg_get_payload_len(answer) >= sizeof(*result) &&
			    answer->nlmsg_seq == transport->sequences[answered];

		if (ours && result->error)
			transport->failed(transport->data, answer->nlmsg_seq, -result->error,
					  explanation(answer));
		answered += ours;
		answer = mnl_nlmsg_next(answer, &size);
	}
	return answered;
}

static void receive_answers(struct transport *transport)
{
	_Alignas(struct nlmsghdr) char data[ANSWER_SIZE];
	size_t answered = 0;

	while (answered < transport->count) {
		ssize_t n = mnl_socket_recvfrom(transport->socket, data, sizeof(data));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail_rest(transport, answered, errno, "the kernel's answer cannot be read");
			return;
		}
		answered = take_answers(transport, answered, data, (int)n);
	}
}

static void send_batch(struct transport *transport, const void *data, size_t size)
{
	ssize_t n;

	do
		n = mnl_socket_sendto(transport->socket, data, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		fail_rest(transport, 0, errno, "it cannot be sent to the kernel");
	else
		receive_answers(transport);
	transport->count = 0;
	transport->size = 0;
}

void transport_flush(struct transport *transport)
{
	if (transport->count)
		send_batch(transport, transport->batch, transport->size);
}

void transport_add(struct transport *transport, const struct nlmsghdr *message)
{
	size_t size = MNL_ALIGN(message->nlmsg_len);

	if (transport->count == TRANSPORT_MESSAGES ||
	    size > sizeof(transport->batch) - transport->size)
		transport_flush(transport);
	transport->sequences[transport->count++] = message->nlmsg_seq;
	if (size > sizeof(transport->batch)) {
		send_batch(transport, message, message->nlmsg_len);
		return;
	}
	memcpy(transport->batch + transport->size, message, message->nlmsg_len);
	memset(transport->batch + transport->size + message->nlmsg_len, 0,
	       size - message->nlmsg_len);
	transport->size += size;
}
