// SPDX-License-Identifier: MIT
// How fast bytes get from one node to another: a source and a sink of nslab's own, over TCP.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/reach_run.h"

#define EVENTS	       32
#define CHUNK	       (256 * 1024)
#define USUAL_DURATION 1000 /* ms */
#define WARM_UP	       4    /* the first part of so many is not measured */
#define MILLISECOND    1000000ULL

enum role { ROLE_LISTENER, ROLE_SOURCE, ROLE_SINK, ROLES };

struct transfer {
	struct reach *reach;
	int sockets[ROLES];
	uint64_t started;	/* the first byte arrived; 0: not yet */
	uint64_t measured_from; /* 0: still warming up */
	uint64_t last;		/* when a byte arrived */
	uint64_t bytes;
	bool done;
};

static uint64_t duration_of(const struct transfer *transfer)
{
	uint32_t ms = transfer->reach->duration;

	return (ms ? ms : USUAL_DURATION) * MILLISECOND;
}

static int watch_one(int watch, size_t number, enum role role, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events,
				    .data.u32 = (uint32_t)(number * ROLES + role)};

	return epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event);
}

/* --- beginning -------------------------------------------------------------------------------- */

/* Listen at the far end; the port is then known. Returns 0 or -errno. */
static int listen_far(struct transfer *transfer, uint16_t *port)
{
	struct reach far = {.to = transfer->reach->to};
	union reach_name name;
	socklen_t size = reach_name(&far.to, transfer->reach->port, transfer->reach->scope, &name);
	int fd = reach_socket(&far, SOCK_STREAM, 0);

	if (fd < 0)
		return fd;
	transfer->sockets[ROLE_LISTENER] = fd;
	if (bind(fd, &name.any, size) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, &name.any, &size) < 0)
		return -errno;
	*port = ntohs(name.any.sa_family == AF_INET ? name.ip.sin_port : name.ip6.sin6_port);
	return 0;
}

static int connect_near(struct transfer *transfer, uint16_t port)
{
	union reach_name name;
	socklen_t size = reach_name(&transfer->reach->to, port, transfer->reach->scope, &name);
	int fd = reach_socket(transfer->reach, SOCK_STREAM, 0);

	if (fd < 0)
		return fd;
	transfer->sockets[ROLE_SOURCE] = fd;
	return connect(fd, &name.any, size) < 0 && errno != EINPROGRESS ? -errno : 0;
}

static int begin(struct reach_run *run, struct transfer *transfer, size_t number, int watch,
		 struct error *err)
{
	struct reach *reach = transfer->reach;
	uint16_t port = 0;
	int failed;

	if (reach->far_netns < 0)
		return error_set(err, EINVAL, "a rate is measured between two nodes");
	if (reach_enter(run, reach->far_netns, err) < 0)
		return -1;
	failed = listen_far(transfer, &port);
	if (!failed && reach_enter(run, reach->netns, err) < 0)
		return -1;
	if (!failed)
		failed = connect_near(transfer, port);
	if (!failed &&
	    (watch_one(watch, number, ROLE_LISTENER, transfer->sockets[ROLE_LISTENER], EPOLLIN) <
		     0 ||
	     watch_one(watch, number, ROLE_SOURCE, transfer->sockets[ROLE_SOURCE], EPOLLOUT) < 0))
		failed = -errno;
	if (failed)
		reach_refuse(reach, -failed);
	transfer->done = failed;
	return 0;
}

/* --- under way -------------------------------------------------------------------------------- */

static void accept_sink(struct transfer *transfer, size_t number, int watch)
{
	int fd =
		accept4(transfer->sockets[ROLE_LISTENER], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (transfer->sockets[ROLE_SINK] >= 0 ||
	    watch_one(watch, number, ROLE_SINK, fd, EPOLLIN) < 0) {
		close(fd);
		return;
	}
	transfer->sockets[ROLE_SINK] = fd;
}

static void pour(struct transfer *transfer)
{
	static const char zeros[CHUNK];
	int fd = transfer->sockets[ROLE_SOURCE];

	if (send(fd, zeros, sizeof(zeros), MSG_NOSIGNAL) >= 0 || errno == EAGAIN ||
	    errno == ENOTCONN)
		return;
	if (!transfer->started && !reach_take_icmp(fd, transfer->reach)) {
		bool refused = errno == ECONNREFUSED || errno == ECONNRESET;

		reach_refuse(transfer->reach, errno);
		transfer->reach->state = refused ? REACH_REFUSED : REACH_LOCAL;
	}
	transfer->done = true;
}

/* The bytes are thrown away where they are: MSG_TRUNC copies none. */
static void drink(struct transfer *transfer)
{
	ssize_t got = recv(transfer->sockets[ROLE_SINK], NULL, 1 << 20, MSG_TRUNC);
	uint64_t now = reach_now(), span = duration_of(transfer);

	if (got <= 0)
		return;
	if (!transfer->started)
		transfer->started = now;
	if (transfer->measured_from) {
		transfer->bytes += (uint64_t)got;
		transfer->last = now;
	} else if (now - transfer->started >= span / WARM_UP) {
		transfer->measured_from = now;
	}
	transfer->done = now - transfer->started >= span;
}

static void finish(struct transfer *transfer)
{
	uint64_t span = transfer->last - transfer->measured_from;

	for (size_t i = 0; i < ROLES; i++)
		cleanup_close(&transfer->sockets[i]);
	if (!transfer->started || transfer->reach->state != REACH_OPEN)
		return;
	transfer->reach->state = REACH_ANSWERED;
	if (transfer->measured_from && transfer->bytes && span)
		transfer->reach->bits_per_second =
			(uint64_t)((double)transfer->bytes * 8e9 / (double)span);
}

/* Until when there is something to wait for; 0: for nothing. */
static uint64_t horizon(const struct reach_run *run, const struct transfer *list)
{
	uint64_t latest = 0;

	for (size_t i = 0; i < run->count; i++) {
		uint64_t end = list[i].started ? list[i].started + duration_of(&list[i]) : run->end;

		if (!list[i].done && end > latest)
			latest = end;
	}
	return latest;
}

static void step(struct transfer *transfer, size_t number, enum role role, int watch)
{
	switch (role) {
	case ROLE_LISTENER: accept_sink(transfer, number, watch); break;
	case ROLE_SOURCE: pour(transfer); break;
	case ROLE_SINK: drink(transfer); break;
	case ROLES: break;
	}
	if (transfer->done) /* what is no longer watched no longer disturbs the others */
		finish(transfer);
}

static void await(struct reach_run *run, struct transfer *list, int watch)
{
	struct epoll_event events[EVENTS];
	uint64_t until;

	while ((until = horizon(run, list)) && reach_until(until)) {
		int got = epoll_wait(watch, events, EVENTS, reach_until(until));

		for (int i = 0; i < got; i++) {
			size_t number = events[i].data.u32 / ROLES;

			if (!list[number].done)
				step(&list[number], number, (enum role)(events[i].data.u32 % ROLES),
				     watch);
		}
	}
}

int reach_rate(struct reach_run *run, struct error *err)
{
	struct transfer *list = arena_alloc(run->arena, run->count * sizeof(*list));
	AUTO_CLOSE int watch = epoll_create1(EPOLL_CLOEXEC);
	int failed = 0;

	if (watch < 0)
		return error_set(err, errno, "cannot watch transfers");
	for (size_t i = 0; i < run->count; i++)
		list[i] = (struct transfer){.reach = run->list[i], .sockets = {-1, -1, -1}};
	for (size_t i = 0; i < run->count && !failed; i++)
		failed = begin(run, &list[i], i, watch, err);
	if (!failed)
		await(run, list, watch);
	for (size_t i = 0; i < run->count; i++)
		finish(&list[i]);
	return failed;
}
