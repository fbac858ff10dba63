// SPDX-License-Identifier: MIT
// Datagrams: whether they arrive at a port, whoever listens there.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/reach_run.h"

#define RESEND 250 /* ms */
#define TOKEN  "nslab probe "

/* One probe and its sockets; -1: none. */
struct datagram {
	struct reach *reach;
	char text[sizeof(TOKEN) + 16];
	size_t size;
	int socket;
	int watch;     /* at the receiver: raw, sees what arrives, whoever it is for */
	int server;    /* at the receiver: nslab's own, bound to the port */
	bool listened; /* somebody has that port there */
};

static void open_far(struct datagram *datagram)
{
	struct reach far = {.to = datagram->reach->to};
	union reach_name name;
	socklen_t size = reach_name(&far.to, datagram->reach->port, datagram->reach->scope, &name);

	datagram->watch = reach_socket(&far, SOCK_RAW, IPPROTO_UDP);
	datagram->server = reach_socket(&far, SOCK_DGRAM, 0);
	if (datagram->server < 0)
		return;
	if (bind(datagram->server, &name.any, size) < 0)
		datagram->listened = errno == EADDRINUSE;
	else if (datagram->reach->serve)
		return;
	close(take_fd(&datagram->server));
}

static void send_one(struct datagram *datagram)
{
	int number;

	if (send(datagram->socket, datagram->text, datagram->size, 0) >= 0 || errno == EAGAIN)
		return;
	number = errno; /* it may be what came back for the one before */
	if (!reach_take_icmp(datagram->socket, datagram->reach))
		reach_refuse(datagram->reach, number);
}

static int begin(struct reach_run *run, struct datagram *datagram, struct error *err)
{
	struct reach *reach = datagram->reach;
	union reach_name name;
	socklen_t size = reach_name(&reach->to, reach->port, reach->scope, &name);
	uint64_t random = reach_now();

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = reach_now();
	datagram->size = (size_t)snprintf(datagram->text, sizeof(datagram->text), TOKEN "%016llx",
					  (unsigned long long)random);
	if (reach->far_netns >= 0) {
		if (reach_enter(run, reach->far_netns, err) < 0)
			return -1;
		open_far(datagram);
	}
	if (reach_enter(run, reach->netns, err) < 0)
		return -1;
	datagram->socket = reach_socket(reach, SOCK_DGRAM, 0);
	if (datagram->socket < 0)
		reach_refuse(reach, -datagram->socket);
	else if (connect(datagram->socket, &name.any, size) < 0)
		reach_refuse(reach, errno);
	else
		send_one(datagram);
	return 0;
}

/* The sender's socket: an answer, or an error. */
static void look_near(struct datagram *datagram)
{
	char data[64];

	if (reach_take_icmp(datagram->socket, datagram->reach))
		return;
	if (recv(datagram->socket, data, sizeof(data), MSG_DONTWAIT) >= 0)
		datagram->reach->state = REACH_ANSWERED;
}

/* What has arrived at the far end is there, with the headers in front of it. */
static void look_far(struct datagram *datagram)
{
	char data[256];
	ssize_t size = recv(datagram->watch, data, sizeof(data), MSG_DONTWAIT);

	if (size < (ssize_t)datagram->size || datagram->server >= 0 ||
	    memcmp(data + size - datagram->size, datagram->text, datagram->size) != 0)
		return;
	datagram->reach->state = datagram->listened ? REACH_ANSWERED : REACH_REFUSED;
	datagram->reach->number = datagram->listened ? 0 : ECONNREFUSED;
}

static void serve(struct datagram *datagram)
{
	char data[64];
	union reach_name from;
	socklen_t size = sizeof(from);
	ssize_t got =
		recvfrom(datagram->server, data, sizeof(data), MSG_DONTWAIT, &from.any, &size);

	if (got >= 0)
		sendto(datagram->server, data, (size_t)got, MSG_DONTWAIT, &from.any, size);
}

static void await(const struct reach_run *run, struct datagram *datagrams, struct pollfd *polls,
		  size_t count)
{
	static void (*const looks[])(struct datagram *) = {look_near, look_far, serve};
	size_t open = count;

	while (open && reach_until(run->end)) {
		int left = reach_until(run->end), got;

		for (size_t i = 0; i < count; i++) {
			bool done = datagrams[i].reach->state != REACH_OPEN;
			const int fds[] = {datagrams[i].socket, datagrams[i].watch,
					   datagrams[i].server};

			for (size_t k = 0; k < 3; k++)
				polls[i * 3 + k] = (struct pollfd){done ? -1 : fds[k], POLLIN, 0};
		}
		got = poll(polls, count * 3, left < RESEND ? left : RESEND);
		open = 0;
		for (size_t i = 0; i < count; i++) {
			for (size_t k = 0; k < 3; k++)
				if (polls[i * 3 + k].revents &&
				    datagrams[i].reach->state == REACH_OPEN)
					looks[k](&datagrams[i]);
			if (datagrams[i].reach->state != REACH_OPEN)
				continue;
			open++;
			if (got == 0)
				send_one(&datagrams[i]);
		}
	}
}

static int run_portion(struct reach_run *run, struct reach **list, size_t count, struct error *err)
{
	struct datagram *datagrams = arena_alloc(run->arena, count * sizeof(*datagrams));
	struct pollfd *polls = arena_alloc(run->arena, count * 3 * sizeof(*polls));
	int failed = 0;

	for (size_t i = 0; i < count; i++)
		datagrams[i] = (struct datagram){
			.reach = list[i], .socket = -1, .watch = -1, .server = -1};
	for (size_t i = 0; i < count && !failed; i++)
		failed = begin(run, &datagrams[i], err);
	if (!failed)
		await(run, datagrams, polls, count);
	for (size_t i = 0; i < count; i++) {
		cleanup_close(&datagrams[i].socket);
		cleanup_close(&datagrams[i].watch);
		cleanup_close(&datagrams[i].server);
	}
	return failed;
}

int reach_udp(struct reach_run *run, struct error *err)
{
	size_t room = reach_room() / 3 + 1;

	for (size_t i = 0; i < run->count; i += room) {
		size_t n = run->count - i < room ? run->count - i : room;

		if (run_portion(run, run->list + i, n, err) < 0)
			return -1;
	}
	return 0;
}
