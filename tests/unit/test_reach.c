// SPDX-License-Identifier: MIT
// Probes of nslab's own, tried on the loopback interface of a network of their own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <linux/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/lookup.h"
#include "kernel/neighbour.h"
#include "kernel/reach.h"
#include "kernel/reach_packet.h"
#include "netns.h"
#include "topology/values.h"

#define WAIT 20000 /* ms: long, for nothing here waits for its end */

/* <net/if.h> has it, which <linux/if.h> excludes. */
unsigned if_nametoindex(const char *name);

static struct arena *arena;
static struct error err;
static int network = -1;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	if (network >= 0)
		close(network);
	network = -1;
	return 0;
}

/* A network whose lo is up. */
static void enter(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	netns_enter();
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
	network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(network >= 0);
}

static struct reach probe_of(enum reach_kind kind, const char *to)
{
	struct reach reach = {.kind = kind, .netns = network, .far_netns = network};

	assert_null(value_address(to, ADDRESS_BARE, &reach.to));
	return reach;
}

static void try(struct reach *list, size_t count, int wait)
{
	assert_int_equal(reach_all(list, count, wait, arena, &err), 0);
}

/* A socket that has a free port of 127.0.0.1. */
static int bound(int type, uint16_t *port)
{
	struct sockaddr_in name = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(name);
	int fd = socket(AF_INET, type, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
	*port = ntohs(name.sin_port);
	return fd;
}

/* --- pings ------------------------------------------------------------------------------------ */

static void an_echo_is_answered_over_both_families(void **state)
{
	struct reach list[2];

	(void)state;
	enter();
	list[0] = probe_of(REACH_PING, "127.0.0.1");
	list[1] = probe_of(REACH_PING, "::1");
	try(list, 2, WAIT);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(list[i].state, REACH_ANSWERED);
		assert_int_equal(list[i].received, 1);
	}
}

static void without_a_route_the_senders_kernel_refuses(void **state)
{
	struct reach list[2];

	(void)state;
	enter();
	list[0] = probe_of(REACH_PING, "192.0.2.1");
	list[1] = probe_of(REACH_TCP, "192.0.2.1");
	list[1].port = 80;
	try(list, 2, WAIT);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(list[i].state, REACH_LOCAL);
		assert_int_equal(list[i].number, ENETUNREACH);
	}
}

static void counted_packets_are_each_sent_once_and_timed(void **state)
{
	struct reach reach;

	(void)state;
	enter();
	reach = probe_of(REACH_PING, "127.0.0.1");
	reach.count = 20;
	reach.interval = 1;
	try(&reach, 1, WAIT);
	assert_int_equal(reach.sent, 20);
	assert_int_equal(reach.received, 20);
	assert_true(reach.rtt_min <= reach.rtt_avg && reach.rtt_avg <= reach.rtt_max);
	assert_true(reach.rtt_max > 0);
}

static void a_packet_larger_than_the_mtu_is_refused_only_if_it_must_stay_whole(void **state)
{
	const uint32_t mtu = 1280, above = mtu + 1;
	struct ifreq request = {.ifr_name = "lo", .ifr_mtu = (int)mtu};
	struct reach list[3];
	int fd;

	(void)state;
	enter();
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(ioctl(fd, SIOCSIFMTU, &request), 0);
	close(fd);
	for (size_t i = 0; i < 3; i++)
		list[i] = probe_of(REACH_PING, "127.0.0.1");
	list[0].size = above;
	list[0].whole = true;
	list[1].size = mtu;
	list[1].whole = true;
	list[2].size = above;
	try(list, 3, WAIT);
	assert_int_equal(list[0].state, REACH_LOCAL);
	assert_int_equal(list[0].number, EMSGSIZE);
	assert_int_equal(list[1].state, REACH_ANSWERED);
	assert_int_equal(list[2].state, REACH_ANSWERED);
}

static void more_pings_than_a_portion_are_all_answered(void **state)
{
	const size_t count = 2000;
	struct reach *list;

	(void)state;
	enter();
	list = arena_alloc(arena, count * sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = probe_of(REACH_PING, i % 2 ? "::1" : "127.0.0.1");
	try(list, count, WAIT);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(list[i].state, REACH_ANSWERED);
}

static void a_trace_ends_at_the_first_hop_that_answers(void **state)
{
	struct reach reach;

	(void)state;
	enter();
	reach = probe_of(REACH_TRACE, "127.0.0.1");
	try(&reach, 1, WAIT);
	assert_int_equal(reach.state, REACH_ANSWERED);
	assert_int_equal(reach.hop_count, 1);
	assert_memory_equal(reach.hops[0].from.bytes, reach.to.bytes, 4);
}

/* --- ports ------------------------------------------------------------------------------------ */

static void tcp_tells_a_listener_from_a_closed_port(void **state)
{
	struct reach list[2];
	uint16_t port;
	int fd;

	(void)state;
	enter();
	fd = bound(SOCK_STREAM, &port);
	list[0] = list[1] = probe_of(REACH_TCP, "127.0.0.1");
	list[0].port = list[1].port = port;
	try(&list[0], 1, WAIT);
	assert_int_equal(list[0].state, REACH_REFUSED);
	assert_int_equal(list[0].number, ECONNREFUSED);
	assert_int_equal(listen(fd, 1), 0);
	try(&list[1], 1, WAIT);
	assert_int_equal(list[1].state, REACH_ANSWERED);
	close(fd);
}

static void a_datagram_that_nobody_answers_has_arrived_where_somebody_listens(void **state)
{
	struct reach heard, served, nobody;
	uint16_t port, other;
	int fd, unused;

	(void)state;
	enter();
	fd = bound(SOCK_DGRAM, &port);
	unused = bound(SOCK_DGRAM, &other);
	close(unused);
	heard = served = nobody = probe_of(REACH_UDP, "127.0.0.1");
	heard.port = port;
	served.port = nobody.port = other;
	served.serve = true;
	try(&heard, 1, WAIT);
	try(&served, 1, WAIT);
	try(&nobody, 1, WAIT);
	assert_int_equal(heard.state, REACH_ANSWERED);
	assert_int_equal(served.state, REACH_ANSWERED);
	assert_int_equal(nobody.state, REACH_REFUSED);
	close(fd);
}

static void a_rate_is_measured_between_its_own_ends(void **state)
{
	struct reach reach;

	(void)state;
	enter();
	reach = probe_of(REACH_RATE, "127.0.0.1");
	reach.duration = 50;
	try(&reach, 1, WAIT);
	assert_int_equal(reach.state, REACH_ANSWERED);
	assert_true(reach.bits_per_second > 0);
}

/* --- neighbours ------------------------------------------------------------------------------- */

/* One end of a cable within a network, and an address that nobody at its other end has. */
static uint32_t make_cable(struct address *nobody)
{
	enter();
	assert_int_equal(system("ip link add v0 type veth peer name v1 && ip link set v0 up && "
				"ip link set v1 up && ip addr add 192.0.2.1/24 dev v0"),
			 0);
	assert_null(value_address("192.0.2.2", ADDRESS_BARE, nobody));
	return if_nametoindex("v0");
}

static void what_was_learnt_is_forgotten_and_what_was_set_stays(void **state)
{
	struct neighbour neighbour;
	struct address nobody, set;
	uint32_t index;

	(void)state;
	index = make_cable(&nobody);
	assert_null(value_address("192.0.2.3", ADDRESS_BARE, &set));
	assert_int_equal(system("ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:01 dev v0"), 0);
	assert_int_equal(neighbour_resolve(index, &nobody, 0, &neighbour), 0);
	assert_int_equal(neighbour.state, NEIGHBOUR_WAITING);
	neighbour_flush();
	assert_int_equal(neighbour_get(index, &nobody, &neighbour), 0);
	assert_int_equal(neighbour.state, NEIGHBOUR_NONE);
	assert_int_equal(neighbour_get(index, &set, &neighbour), 0);
	assert_int_equal(neighbour.state, NEIGHBOUR_FIXED);
	assert_int_equal(neighbour.mac[5], 1);
}

static void a_route_is_told_as_the_kernel_would_use_it(void **state)
{
	struct looked_up found;
	struct lookup lookup = {0};
	uint32_t index;

	(void)state;
	index = make_cable(&lookup.to);
	assert_int_equal(lookup_route(&lookup, arena, &found), 0);
	assert_int_equal(found.type, LOOKUP_ON);
	assert_int_equal(found.out, index);
	assert_string_equal(found.text, "192.0.2.0/24 dev v0 proto kernel");
	assert_null(value_address("192.0.2.1", ADDRESS_BARE, &lookup.to));
	assert_int_equal(lookup_route(&lookup, arena, &found), 0);
	assert_int_equal(found.type, LOOKUP_LOCAL);
	assert_null(value_address("198.51.100.1", ADDRESS_BARE, &lookup.to));
	assert_int_equal(lookup_route(&lookup, arena, &found), 0);
	assert_int_equal(found.type, LOOKUP_NONE);
	assert_int_equal(system("ip route add blackhole 198.51.100.0/24"), 0);
	assert_int_equal(lookup_route(&lookup, arena, &found), 0);
	assert_int_equal(found.type, LOOKUP_BLACKHOLE);
}

/* --- packets ---------------------------------------------------------------------------------- */

/* What a raw socket would give of a packet that was written: behind a header of IPv4, as it is of
 * IPv6. */
static size_t received(const struct packet_draft *draft, bool old, unsigned char *data,
		       uint8_t type)
{
	size_t header = old ? sizeof(struct iphdr) : 0;

	memset(data, 0, header);
	if (old) {
		data[0] = 0x45;
		data[9] = IPPROTO_ICMP;
	}
	memcpy(data + header, draft->parts[0].iov_base, draft->parts[0].iov_len);
	data[header] = type;
	return header + draft->parts[0].iov_len;
}

static void an_echo_that_is_written_is_known_again_in_its_reply(void **state)
{
	static const uint8_t replies[] = {ICMP_ECHOREPLY, ICMP6_ECHO_REPLY};
	const char *const to[] = {"192.0.2.1", "2001:db8::1"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct reach reach = probe_of(REACH_PING, to[i]);
		struct packet_draft draft;
		struct packet_seen seen;
		unsigned char data[128];
		size_t size;

		packet_write(&draft, &reach, 0x1234, 0xfedc, 0x1122334455667788, 7);
		size = received(&draft, i == 0, data, replies[i]);
		assert_true(packet_parse(data, size, i == 0, &seen));
		assert_true(seen.reply);
		assert_int_equal(seen.id, 0x1234);
		assert_int_equal(seen.sequence, 0xfedc);
		assert_true(seen.token == 0x1122334455667788);
		for (size_t cut = 0; cut < size - sizeof(seen.token); cut++)
			assert_false(packet_parse(data, cut, i == 0, &seen));
	}
}

static void an_error_tells_of_the_echo_that_it_quotes(void **state)
{
	struct reach reach = probe_of(REACH_PING, "192.0.2.1");
	unsigned char data[128] = {0x45, [9] = IPPROTO_ICMP}, *icmp = data + sizeof(struct iphdr);
	struct packet_draft draft;
	struct packet_seen seen;
	size_t quoted;

	(void)state;
	packet_write(&draft, &reach, 42, 43, 0, 64);
	icmp[0] = ICMP_DEST_UNREACH;
	icmp[1] = ICMP_FRAG_NEEDED;
	icmp[6] = 1400 >> 8;
	icmp[7] = 1400 & 0xff;
	quoted = received(&draft, true, icmp + 8, ICMP_ECHO);
	assert_true(packet_parse(data, sizeof(struct iphdr) + 8 + quoted, true, &seen));
	assert_false(seen.reply);
	assert_int_equal(seen.type, ICMP_DEST_UNREACH);
	assert_int_equal(seen.code, ICMP_FRAG_NEEDED);
	assert_int_equal(seen.mtu, 1400);
	assert_int_equal(seen.id, 42);
	assert_int_equal(seen.sequence, 43);
	icmp[8 + 9] = IPPROTO_UDP; /* not an echo of anybody's */
	assert_false(packet_parse(data, sizeof(struct iphdr) + 8 + quoted, true, &seen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_echo_is_answered_over_both_families, begin, end),
		cmocka_unit_test_setup_teardown(without_a_route_the_senders_kernel_refuses, begin,
						end),
		cmocka_unit_test_setup_teardown(counted_packets_are_each_sent_once_and_timed, begin,
						end),
		cmocka_unit_test_setup_teardown(
			a_packet_larger_than_the_mtu_is_refused_only_if_it_must_stay_whole, begin,
			end),
		cmocka_unit_test_setup_teardown(more_pings_than_a_portion_are_all_answered, begin,
						end),
		cmocka_unit_test_setup_teardown(a_trace_ends_at_the_first_hop_that_answers, begin,
						end),
		cmocka_unit_test_setup_teardown(tcp_tells_a_listener_from_a_closed_port, begin,
						end),
		cmocka_unit_test_setup_teardown(
			a_datagram_that_nobody_answers_has_arrived_where_somebody_listens, begin,
			end),
		cmocka_unit_test_setup_teardown(a_rate_is_measured_between_its_own_ends, begin,
						end),
		cmocka_unit_test_setup_teardown(what_was_learnt_is_forgotten_and_what_was_set_stays,
						begin, end),
		cmocka_unit_test_setup_teardown(a_route_is_told_as_the_kernel_would_use_it, begin,
						end),
		cmocka_unit_test_setup_teardown(an_echo_that_is_written_is_known_again_in_its_reply,
						begin, end),
		cmocka_unit_test_setup_teardown(an_error_tells_of_the_echo_that_it_quotes, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
