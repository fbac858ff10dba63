// SPDX-License-Identifier: MIT
// Changes of the network namespace that the caller is in, told by the kernel as they happen.
#include "kernel/watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/error.h"

/* The groups of rtnetlink(7), by bits as bind(2) takes them. */
static const struct {
	unsigned watched;
	unsigned groups;
} rows[] = {
	{WATCH_LINKS, RTMGRP_LINK},
	{WATCH_ADDRESSES, RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR},
	{WATCH_NEIGHBOURS, RTMGRP_NEIGH},
	{WATCH_ROUTES, RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE},
};

int watch_open(unsigned watched, struct error *err)
{
	struct sockaddr_nl name = {.nl_family = AF_NETLINK};
	AUTO_CLOSE int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (watched & rows[i].watched)
			name.nl_groups |= rows[i].groups;
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return error_set(err, errno, "cannot watch for changes of the network");
	return take_fd(&fd);
}

void watch_drain(int fd)
{
	char data[16 * 1024];

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) >= 0 || errno == ENOBUFS ||
	       errno == EINTR)
		;
}
