// SPDX-License-Identifier: MIT
// Batches to the kernel: every answer is found, whatever else fails.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kernel/transport.h"
#include "netns.h"

#define HEARD_MAX 2000

/* What the transport said of failures. */
struct heard {
	size_t count;
	uint32_t sequence[HEARD_MAX];
	int number[HEARD_MAX];
	char text[HEARD_MAX][80];
};

static struct heard heard;
static struct transport transport;

static void hear(void *data, uint32_t sequence, int number, const char *text)
{
	struct heard *ears = data;

	assert_true(ears->count < HEARD_MAX);
	ears->sequence[ears->count] = sequence;
	ears->number[ears->count] = number;
	snprintf(ears->text[ears->count], sizeof(ears->text[0]), "%s", text);
	ears->count++;
}

/* First of every test, for cmocka cannot skip from a set-up. */
static void begin(void)
{
	struct error err;

	netns_enter();
	memset(&heard, 0, sizeof(heard));
	assert_int_equal(transport_open(&transport, hear, &heard, &err), 0);
}

static int teardown(void **state)
{
	(void)state;
	if (transport.socket)
		transport_close(&transport);
	transport.socket = NULL;
	return 0;
}

/* "Set the interface `index` up", with `filler` bytes of a name that it has not. */
static void add_up(uint32_t sequence, int index, size_t filler)
{
	static _Alignas(struct nlmsghdr) char buffer[(size_t)128 * 1024];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));

	message->nlmsg_type = RTM_SETLINK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	message->nlmsg_seq = sequence;
	header->ifi_index = index;
	header->ifi_flags = IFF_UP;
	header->ifi_change = IFF_UP;
	while (filler) {
		static const char zeros[32768];
		size_t size = filler > sizeof(zeros) ? sizeof(zeros) : filler;

		mnl_attr_put(message, IFLA_MAX + 100, size, zeros);
		filler -= size;
	}
	transport_add(&transport, message);
}

static void a_batch_that_works_says_nothing(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 1; i <= 10; i++)
		add_up(i, 1, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 0);
	assert_int_equal(transport.count, 0);
}

static void a_failure_does_not_stop_the_rest_and_is_told_by_its_number(void **state)
{
	(void)state;
	begin();
	add_up(1, 77, 0);
	add_up(2, 1, 0);
	add_up(3, 78, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.sequence[0], 1);
	assert_int_equal(heard.number[0], ENODEV);
	assert_int_equal(heard.sequence[1], 3);
}

static void the_kernels_own_words_are_handed_on(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
	const uint8_t gateway[4] = {10, 99, 0, 1};

	(void)state;
	begin();
	message->nlmsg_type = RTM_NEWROUTE;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	message->nlmsg_seq = 5;
	header->rtm_family = AF_INET;
	header->rtm_table = RT_TABLE_MAIN;
	header->rtm_type = RTN_UNICAST;
	mnl_attr_put(message, RTA_GATEWAY, sizeof(gateway), gateway);
	transport_add(&transport, message);
	add_up(6, 1, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.sequence[0], 5);
	assert_int_equal(heard.number[0], ENETUNREACH);
	assert_string_equal(heard.text[0], "Nexthop has invalid gateway");
}

static void a_thousand_failures_are_all_heard_in_order(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 1; i <= 1000; i++)
		add_up(i, 77, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(heard.sequence[i], i + 1);
}

static void a_batch_is_sent_when_its_bytes_are_full(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 1; i <= 20; i++)
		add_up(i, 77, 5000);
	assert_true(transport.size <= sizeof(transport.batch));
	transport_flush(&transport);
	assert_int_equal(heard.count, 20);
}

static void a_message_larger_than_a_batch_goes_alone_and_in_its_turn(void **state)
{
	(void)state;
	begin();
	add_up(1, 77, 0);
	add_up(2, 77, 60000);
	add_up(3, 77, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(heard.sequence[i], i + 1);
		assert_int_equal(heard.number[i], ENODEV);
	}
}

/* Notifications carry the number of the request that caused them too. */
static void what_is_not_an_answer_is_passed_over(void **state)
{
	int group = RTNLGRP_LINK;

	(void)state;
	begin();
	assert_int_equal(mnl_socket_setsockopt(transport.socket, NETLINK_ADD_MEMBERSHIP, &group,
					       sizeof(group)),
			 0);
	add_up(1, 1, 0);
	add_up(2, 77, 0);
	add_up(3, 78, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.sequence[0], 2);
	assert_int_equal(heard.sequence[1], 3);
}

static void messages_without_an_answer_fail_one_by_one(void **state)
{
	const int bad = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)state;
	begin();
	add_up(1, 1, 0);
	add_up(2, 1, 0);
	assert_int_equal(dup3(bad, mnl_socket_get_fd(transport.socket), O_CLOEXEC),
			 mnl_socket_get_fd(transport.socket));
	close(bad);
	transport_flush(&transport);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.number[0], ENOTSOCK);
	assert_string_equal(heard.text[1], "it cannot be sent to the kernel");
}

/* 64 answers must fit, however large the kernel makes them. */
static void a_full_batch_of_refusals_needs_less_than_half_of_the_receive_buffer(void **state)
{
	int size = 0, half;
	socklen_t length = sizeof(size);

	(void)state;
	begin();
	assert_int_equal(getsockopt(mnl_socket_get_fd(transport.socket), SOL_SOCKET, SO_RCVBUF,
				    &size, &length),
			 0);
	half = size / 4; /* the kernel doubles what it is given */
	assert_int_equal(setsockopt(mnl_socket_get_fd(transport.socket), SOL_SOCKET, SO_RCVBUF,
				    &half, sizeof(half)),
			 0);
	for (uint32_t i = 1; i <= TRANSPORT_MESSAGES; i++)
		add_up(i, 77, 0);
	transport_flush(&transport);
	assert_int_equal(heard.count, TRANSPORT_MESSAGES);
	for (size_t i = 0; i < heard.count; i++)
		assert_int_equal(heard.number[i], ENODEV);
}

static void the_socket_is_not_inherited_by_programs(void **state)
{
	(void)state;
	begin();
	assert_int_equal(fcntl(mnl_socket_get_fd(transport.socket), F_GETFD) & FD_CLOEXEC,
			 FD_CLOEXEC);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_batch_that_works_says_nothing),
		TEST(a_failure_does_not_stop_the_rest_and_is_told_by_its_number),
		TEST(the_kernels_own_words_are_handed_on),
		TEST(a_thousand_failures_are_all_heard_in_order),
		TEST(a_batch_is_sent_when_its_bytes_are_full),
		TEST(a_message_larger_than_a_batch_goes_alone_and_in_its_turn),
		TEST(what_is_not_an_answer_is_passed_over),
		TEST(messages_without_an_answer_fail_one_by_one),
		TEST(a_full_batch_of_refusals_needs_less_than_half_of_the_receive_buffer),
		TEST(the_socket_is_not_inherited_by_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
