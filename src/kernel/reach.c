// SPDX-License-Identifier: MIT
// Probes of all kinds: sorted to what runs them, and what they share.
#include "kernel/reach.h"

#include <errno.h>
#include <dirent.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <linux/errqueue.h> /* which needs <time.h> */
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/reach_run.h"

#define SPARE_DESCRIPTORS 32

uint64_t reach_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

int reach_until(uint64_t when)
{
	uint64_t now = reach_now();

	return when > now ? (int)((when - now + 999999) / 1000000) : 0;
}

int reach_enter(struct reach_run *run, int netns, struct error *err)
{
	if (run->entered == netns)
		return 0;
	if (setns(netns, CLONE_NEWNET) < 0)
		return error_set(err, errno, "cannot enter the network of a node");
	run->entered = netns;
	return 0;
}

void reach_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Without /proc the soft limit's half is taken to be free. */
size_t reach_room(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct rlimit limit;
	size_t used = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		limit.rlim_cur = 256;
	if (!folder)
		return limit.rlim_cur / 2;
	while (readdir(folder))
		used++;
	closedir(folder);
	used += SPARE_DESCRIPTORS;
	return limit.rlim_cur > used + 1 ? limit.rlim_cur - used : 2;
}

socklen_t reach_name(const struct address *address, uint16_t port, uint32_t scope,
		     union reach_name *name)
{
	memset(name, 0, sizeof(*name));
	name->any.sa_family = address->family;
	if (address->family == AF_INET) {
		name->ip.sin_port = htons(port);
		memcpy(&name->ip.sin_addr, address->bytes, sizeof(name->ip.sin_addr));
		return sizeof(name->ip);
	}
	name->ip6.sin6_port = htons(port);
	name->ip6.sin6_scope_id = scope;
	memcpy(&name->ip6.sin6_addr, address->bytes, sizeof(name->ip6.sin6_addr));
	return sizeof(name->ip6);
}

void reach_address(const union reach_name *name, struct address *address)
{
	*address = (struct address){.family = (uint8_t)name->any.sa_family};
	if (address->family == AF_INET) {
		address->length = 32;
		memcpy(address->bytes, &name->ip.sin_addr, sizeof(name->ip.sin_addr));
	} else if (address->family == AF_INET6) {
		address->length = 128;
		memcpy(address->bytes, &name->ip6.sin6_addr, sizeof(name->ip6.sin6_addr));
	}
}

int reach_socket(const struct reach *reach, int type, int protocol)
{
	bool old = reach->to.family == AF_INET;
	int fd = socket(reach->to.family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	int on = 1;
	union reach_name name;
	socklen_t size;

	if (fd < 0)
		return -errno;
	setsockopt(fd, old ? IPPROTO_IP : IPPROTO_IPV6, old ? IP_RECVERR : IPV6_RECVERR, &on,
		   sizeof(on));
	if (reach->from.family == AF_UNSPEC)
		return fd;
	size = reach_name(&reach->from, 0, reach->scope, &name);
	if (bind(fd, &name.any, size) < 0) {
		int number = errno;

		close(fd);
		return -number;
	}
	return fd;
}

static bool is_port_unreachable(const struct reach *reach)
{
	return reach->to.family == AF_INET ? reach->icmp_type == ICMP_DEST_UNREACH &&
						     reach->icmp_code == ICMP_PORT_UNREACH
					   : reach->icmp_type == ICMP6_DST_UNREACH &&
						     reach->icmp_code == ICMP6_DST_UNREACH_NOPORT;
}

static bool take_error(const struct cmsghdr *item, struct reach *reach)
{
	struct sock_extended_err error;

	if (item->cmsg_len < CMSG_LEN(sizeof(error)))
		return false;
	memcpy(&error, CMSG_DATA(item), sizeof(error));
	if (error.ee_origin == SO_EE_ORIGIN_LOCAL) {
		reach_refuse(reach, (int)error.ee_errno);
		reach->mtu = error.ee_info;
		return true;
	}
	if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6)
		return false;
	reach->icmp_type = error.ee_type;
	reach->icmp_code = error.ee_code;
	reach->mtu = error.ee_info;
	if (item->cmsg_len >= CMSG_LEN(sizeof(error) + sizeof(struct sockaddr_in))) {
		union reach_name from = {0};
		size_t size = item->cmsg_len - CMSG_LEN(sizeof(error));

		memcpy(&from, CMSG_DATA(item) + sizeof(error),
		       size < sizeof(from) ? size : sizeof(from));
		reach_address(&from, &reach->icmp_from);
	}
	reach->state = is_port_unreachable(reach) ? REACH_REFUSED : REACH_ICMP;
	reach->number = reach->state == REACH_REFUSED ? ECONNREFUSED : 0;
	return true;
}

bool reach_take_icmp(int socket, struct reach *reach)
{
	char control[256], data[64];
	struct iovec part = {data, sizeof(data)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	bool taken = false;

	if (recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item;
	     item = CMSG_NXTHDR(&message, item))
		if ((item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
		    (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR))
			taken |= take_error(item, reach);
	return taken;
}

void reach_refuse(struct reach *reach, int number)
{
	reach->state = REACH_LOCAL;
	reach->number = number;
}

/* Who runs what. A ping that is counted has its times, as a trace has. */
static const struct {
	enum reach_kind kind;
	bool counted;
	int (*run)(struct reach_run *run, struct error *err);
} runners[] = {
	{REACH_PING, false, reach_ping},   {REACH_PING, true, reach_timed},
	{REACH_TRACE, false, reach_timed}, {REACH_TCP, false, reach_tcp},
	{REACH_UDP, false, reach_udp},	   {REACH_RATE, false, reach_rate},
};

static bool is_for(const struct reach *reach, size_t runner)
{
	bool counted = reach->kind == REACH_PING && reach->count > 0;

	return runners[runner].kind == reach->kind && runners[runner].counted == counted;
}

int reach_all(struct reach *list, size_t count, int timeout, struct arena *arena, struct error *err)
{
	struct reach_run run = {.arena = arena, .entered = -1};

	reach_descriptors();
	run.list = arena_alloc(arena, (count + 1) * sizeof(struct reach *));
	for (size_t i = 0; i < count; i++)
		list[i].state = REACH_OPEN;
	for (size_t k = 0; k < sizeof(runners) / sizeof(*runners); k++) {
		run.count = 0;
		for (size_t i = 0; i < count; i++)
			if (is_for(&list[i], k))
				run.list[run.count++] = &list[i];
		run.end = reach_now() + (uint64_t)timeout * 1000000U;
		if (run.count && runners[k].run(&run, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (list[i].state == REACH_OPEN)
			list[i].state = REACH_SILENT;
	return 0;
}
