// SPDX-License-Identifier: MIT
// TCP connections from many network namespaces at once, each closed as soon as it is there.
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/reach_run.h"

#define EVENTS 64

static void take_error(int socket, struct reach *reach, int number)
{
	if (reach_take_icmp(socket, reach))
		return;
	reach->number = number;
	if (number == ECONNREFUSED || number == ECONNRESET)
		reach->state = REACH_REFUSED;
	else if (number == ETIMEDOUT)
		reach->state = REACH_SILENT;
	else
		reach_refuse(reach, number);
}

/* The socket has become writable, or failed. */
static void look(int socket, struct reach *reach)
{
	int number = 0;
	socklen_t size = sizeof(number);

	if (reach->state != REACH_OPEN ||
	    getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) < 0)
		return;
	if (number)
		take_error(socket, reach, number);
	else
		reach->state = REACH_ANSWERED;
}

/* Begin the connection. The socket, or less where there is nothing to wait for. */
static int begin(struct reach *reach)
{
	AUTO_CLOSE int fd = reach_socket(reach, SOCK_STREAM, 0);
	union reach_name name;
	socklen_t size = reach_name(&reach->to, reach->port, reach->scope, &name);

	if (fd < 0) {
		reach_refuse(reach, -fd);
		return fd;
	}
	if (connect(fd, &name.any, size) < 0 && errno != EINPROGRESS) {
		take_error(fd, reach, errno);
		return -1;
	}
	return take_fd(&fd);
}

/* Wait for `waiting` of the sockets. */
static void await(struct reach_run *run, size_t first, const int *sockets, int watch,
		  size_t waiting)
{
	struct epoll_event events[EVENTS];

	while (waiting) {
		int left = reach_until(run->end);
		int got = epoll_wait(watch, events, EVENTS, left);

		if (got < 0 && errno != EINTR)
			return;
		for (int i = 0; i < got; i++) {
			size_t k = events[i].data.u32;

			look(sockets[k], run->list[first + k]);
			if (run->list[first + k]->state == REACH_OPEN)
				continue;
			epoll_ctl(watch, EPOLL_CTL_DEL, sockets[k], NULL);
			waiting--;
		}
		if (got <= 0 && left == 0)
			return;
	}
}

/* As many as there are descriptors for. */
static int run_portion(struct reach_run *run, size_t first, size_t count, struct error *err)
{
	int *sockets = arena_alloc(run->arena, count * sizeof(*sockets));
	AUTO_CLOSE int watch = epoll_create1(EPOLL_CLOEXEC);
	size_t waiting = 0, begun = 0;
	int failed = 0;

	if (watch < 0)
		return error_set(err, errno, "cannot watch connections");
	for (; begun < count && !failed; begun++) {
		struct epoll_event event = {.events = EPOLLOUT, .data.u32 = (uint32_t)begun};

		sockets[begun] = -1;
		failed = reach_enter(run, run->list[first + begun]->netns, err);
		if (failed)
			continue;
		sockets[begun] = begin(run->list[first + begun]);
		if (sockets[begun] >= 0 &&
		    epoll_ctl(watch, EPOLL_CTL_ADD, sockets[begun], &event) == 0)
			waiting++;
	}
	if (!failed)
		await(run, first, sockets, watch, waiting);
	for (size_t i = 0; i < begun; i++)
		if (sockets[i] >= 0)
			close(sockets[i]);
	return failed;
}

int reach_tcp(struct reach_run *run, struct error *err)
{
	size_t room = reach_room();

	for (size_t i = 0; i < run->count; i += room) {
		size_t n = run->count - i < room ? run->count - i : room;

		if (run_portion(run, i, n, err) < 0)
			return -1;
	}
	return 0;
}
