// SPDX-License-Identifier: MIT
// ICMP echo from many network namespaces at once: one raw socket a namespace and family.
#include "kernel/reach_echo.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/reach_packet.h"

#define BATCH	     64 /* packets in one call: their replies fit into a receive buffer */
#define RECEIVE_SIZE 512
#define EVENTS	     64
#define BUFFER_SIZE  (1 << 20) /* of a socket, where the kernel gives as much */

struct station {
	int netns;
	int sockets[2]; /* IPv4, IPv6; -1: none */
	int whole[2];	/* how they are set: -1, 0 or 1 */
};

static uint64_t now_of_arrivals(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now); /* that of SO_TIMESTAMPNS */
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* --- sockets ---------------------------------------------------------------------------------- */

static int by_netns(const void *a, const void *b)
{
	int x = ((const struct station *)a)->netns, y = ((const struct station *)b)->netns;

	return (x > y) - (x < y);
}

static void gather_stations(struct echo *echo)
{
	struct reach_run *run = echo->run;
	size_t count = 0;

	echo->stations = arena_alloc(run->arena, (run->count + 1) * sizeof(*echo->stations));
	echo->station_of = arena_alloc(run->arena, (run->count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < run->count; i++)
		echo->stations[i] = (struct station){run->list[i]->netns, {-1, -1}, {-1, -1}};
	if (run->count)
		qsort(echo->stations, run->count, sizeof(*echo->stations), by_netns);
	for (size_t i = 0; i < run->count; i++)
		if (!i || echo->stations[i].netns != echo->stations[count - 1].netns)
			echo->stations[count++] = echo->stations[i];
	echo->station_count = count;
	for (size_t i = 0; i < run->count; i++) {
		struct station wanted = {.netns = run->list[i]->netns};
		const struct station *found =
			bsearch(&wanted, echo->stations, count, sizeof(wanted), by_netns);

		echo->station_of[i] = (uint32_t)(found - echo->stations);
	}
}

static void set_up(int fd, bool old)
{
	int on = 1, size = BUFFER_SIZE;

	packet_filter(fd, old);
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static int open_socket(struct echo *echo, uint32_t station, bool old, struct error *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = station * 2 + !old};
	int *fd = &echo->stations[station].sockets[!old];

	if (*fd >= 0)
		return 0;
	if (reach_enter(echo->run, echo->stations[station].netns, err) < 0)
		return -1;
	*fd = socket(old ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
		     old ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	if (*fd < 0)
		return error_set(err, errno, "cannot open a socket for ICMP in a node");
	set_up(*fd, old);
	if (epoll_ctl(echo->watch, EPOLL_CTL_ADD, *fd, &event) < 0)
		return error_set(err, errno, "cannot watch a socket");
	return 0;
}

int echo_open(struct echo *echo, struct reach_run *run, uint32_t packet_count, struct error *err)
{
	echo->run = run;
	echo->packet_count = packet_count;
	echo->packets = arena_alloc(run->arena, (packet_count + 1) * sizeof(*echo->packets));
	if (getrandom(&echo->token, sizeof(echo->token), 0) < 0)
		echo->token = reach_now();
	echo->first_id = (uint16_t)echo->token;
	echo->station_count = 0;
	echo->watch = epoll_create1(EPOLL_CLOEXEC);
	if (echo->watch < 0)
		return error_set(err, errno, "cannot watch sockets");
	gather_stations(echo);
	for (size_t i = 0; i < run->count; i++)
		if (open_socket(echo, echo->station_of[i], run->list[i]->to.family == AF_INET,
				err) < 0)
			return -1;
	return 0;
}

void echo_close(struct echo *echo)
{
	for (size_t i = 0; i < echo->station_count; i++)
		for (int k = 0; k < 2; k++)
			if (echo->stations[i].sockets[k] >= 0)
				close(echo->stations[i].sockets[k]);
	if (echo->watch >= 0)
		close(echo->watch);
}

/* --- receiving -------------------------------------------------------------------------------- */

static uint64_t arrival(struct msghdr *message)
{
	struct timespec when;

	for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item))
		if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_TIMESTAMPNS) {
			memcpy(&when, CMSG_DATA(item), sizeof(when));
			return (uint64_t)when.tv_sec * 1000000000U + (uint64_t)when.tv_nsec;
		}
	return now_of_arrivals();
}

/* Numbers count on from the first identifier, 65,536 sequence numbers each. */
static uint32_t number_of(const struct echo *echo, const struct packet_seen *seen)
{
	return (uint32_t)(uint16_t)(seen->id - echo->first_id) << 16 | seen->sequence;
}

static void take(struct echo *echo, uint32_t station, const struct packet_seen *seen, uint64_t when)
{
	uint32_t number = number_of(echo, seen);
	struct echo_packet *packet = &echo->packets[number];
	struct echo_event event = {
		.type = seen->type, .code = seen->code, .from = seen->from, .mtu = seen->mtu};

	if (number >= echo->packet_count || echo->station_of[packet->reach] != station ||
	    !packet->sent_at || (seen->reply && seen->token != echo->token))
		return; /* another's */
	if (packet->heard && !seen->reply)
		return;
	packet->heard = true;
	event.state = seen->reply ? REACH_ANSWERED : REACH_ICMP;
	event.rtt = when > packet->sent_at ? when - packet->sent_at : 0;
	echo->heard(echo->data, number, &event);
}

/* Read what has arrived at a socket. False: nothing. */
static bool drain(struct echo *echo, uint32_t station, bool old)
{
	static unsigned char data[BATCH][RECEIVE_SIZE];
	static char control[BATCH][64];
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	union reach_name names[BATCH];
	int fd = echo->stations[station].sockets[!old], got;

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){data[i], RECEIVE_SIZE};
		messages[i].msg_hdr = (struct msghdr){.msg_name = &names[i],
						      .msg_namelen = sizeof(names[i]),
						      .msg_iov = &parts[i],
						      .msg_iovlen = 1,
						      .msg_control = control[i],
						      .msg_controllen = sizeof(control[i])};
	}
	got = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < got; i++) {
		struct packet_seen seen;

		if (!packet_parse(data[i], messages[i].msg_len, old, &seen))
			continue;
		reach_address(&names[i], &seen.from);
		take(echo, station, &seen, arrival(&messages[i].msg_hdr));
	}
	return got > 0;
}

bool echo_hear(struct echo *echo, int milliseconds)
{
	struct epoll_event events[EVENTS];
	int got = epoll_wait(echo->watch, events, EVENTS, milliseconds);

	for (int i = 0; i < got; i++)
		drain(echo, events[i].data.u32 / 2, events[i].data.u32 % 2 == 0);
	return got > 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

static void allow_fragments(struct station *station, bool old, bool whole)
{
	int fd = station->sockets[!old];
	int discover = whole ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT, on = whole;

	if (station->whole[!old] == (int)whole)
		return;
	station->whole[!old] = whole;
	if (old) {
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
		return;
	}
	discover = whole ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_DONT;
	setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &discover, sizeof(discover));
	setsockopt(fd, IPPROTO_IPV6, IPV6_DONTFRAG, &on, sizeof(on));
}

/* How many packets from `numbers` on can go in one call: of one socket, set in one way. */
static size_t alike(const struct echo *echo, const uint32_t *numbers, size_t count)
{
	uint32_t first = echo->packets[numbers[0]].reach, next;
	const struct reach *reach = echo->run->list[first];
	size_t n = 1;

	for (; n < count && n < BATCH; n++) {
		next = echo->packets[numbers[n]].reach;
		if (echo->station_of[next] != echo->station_of[first] ||
		    echo->run->list[next]->to.family != reach->to.family ||
		    echo->run->list[next]->whole != reach->whole)
			break;
	}
	return n;
}

/* The first of these packets was refused by the kernel here, with errno. */
static void refused(struct echo *echo, uint32_t number, int cause)
{
	struct echo_event event = {.state = REACH_LOCAL, .number = cause};

	if (cause == EAGAIN || cause == ENOBUFS || cause == EINTR)
		return; /* as good as lost */
	echo->packets[number].heard = true;
	echo->heard(echo->data, number, &event);
}

static void send_alike(struct echo *echo, const uint32_t *numbers, size_t count)
{
	static struct packet_draft drafts[BATCH];
	struct mmsghdr messages[BATCH];
	uint32_t station = echo->station_of[echo->packets[numbers[0]].reach];
	const struct reach *first = echo->run->list[echo->packets[numbers[0]].reach];
	bool old = first->to.family == AF_INET;
	uint64_t now;

	allow_fragments(&echo->stations[station], old, first->whole);
	for (size_t i = 0; i < count; i++) {
		struct echo_packet *packet = &echo->packets[numbers[i]];

		packet_write(&drafts[i], echo->run->list[packet->reach],
			     (uint16_t)(echo->first_id + (numbers[i] >> 16)), (uint16_t)numbers[i],
			     echo->token, packet->hop_limit);
		messages[i] = (struct mmsghdr){.msg_hdr = drafts[i].message};
	}
	now = now_of_arrivals();
	for (size_t i = 0; i < count; i++)
		echo->packets[numbers[i]].sent_at = now;
	for (size_t i = 0; i < count;) {
		int sent = sendmmsg(echo->stations[station].sockets[!old], messages + i,
				    (unsigned)(count - i), MSG_DONTWAIT);

		if (sent < 0)
			refused(echo, numbers[i], errno);
		i += sent > 0 ? (size_t)sent : 1;
	}
	/* Most replies are here already: the far ends answer within the call. */
	while (drain(echo, station, old))
		;
}

void echo_send(struct echo *echo, const uint32_t *numbers, size_t count)
{
	while (count) {
		size_t n = alike(echo, numbers, count);

		send_alike(echo, numbers, n);
		numbers += n;
		count -= n;
	}
}

void echo_settle(struct reach *reach, const struct echo_event *event)
{
	reach->state = event->state;
	reach->number = event->number;
	reach->icmp_type = event->type;
	reach->icmp_code = event->code;
	reach->icmp_from = event->from;
	reach->mtu = event->mtu;
	reach->received = event->state == REACH_ANSWERED;
	reach->rtt_min = reach->rtt_avg = reach->rtt_max = event->rtt;
}
