// SPDX-License-Identifier: MIT
// The kernel's floor: a ring of N bare namespaces with veth pairs and addresses, one after the
// other.
//
// usage: floor N [net uts mount pid]    prints the seconds that it took, and ends it all
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct mnl_socket *open_netlink(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0)
		check(-1, "netlink");
	return socket;
}

static void talk(struct mnl_socket *socket, struct nlmsghdr *message)
{
	char answer[8192];
	ssize_t n;

	message->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	check(mnl_socket_sendto(socket, message, message->nlmsg_len), "send");
	n = mnl_socket_recvfrom(socket, answer, sizeof(answer));
	check(n, "receive");
	check(mnl_cb_run(answer, (size_t)n, 0, 0, NULL, NULL), "netlink answer");
}

/* One end in node a as index 2, the other in node b as index 3. */
static void add_veth(struct mnl_socket *socket, pid_t a, pid_t b)
{
	char buffer[1024];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *link;
	struct nlattr *info, *data, *peer;

	message->nlmsg_type = RTM_NEWLINK;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_index = 2;
	mnl_attr_put_strz(message, IFLA_IFNAME, "eth0");
	mnl_attr_put_u32(message, IFLA_NET_NS_PID, (uint32_t)a);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, 1);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_str(message, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_index = 3;
	mnl_attr_put_strz(message, IFLA_IFNAME, "eth1");
	mnl_attr_put_u32(message, IFLA_NET_NS_PID, (uint32_t)b);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, 1);
	mnl_attr_nest_end(message, peer);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	talk(socket, message);
}

static void add_address(struct mnl_socket *socket, int index, uint32_t address)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifaddrmsg *header;

	message->nlmsg_type = RTM_NEWADDR;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
	*header = (struct ifaddrmsg){
		.ifa_family = AF_INET, .ifa_prefixlen = 30, .ifa_index = (uint32_t)index};
	mnl_attr_put_u32(message, IFA_LOCAL, htonl(address));
	mnl_attr_put_u32(message, IFA_ADDRESS, htonl(address));
	talk(socket, message);
}

static void set_up(struct mnl_socket *socket, int index)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *link;

	message->nlmsg_type = RTM_NEWLINK;
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_index = index;
	link->ifi_flags = link->ifi_change = IFF_UP;
	talk(socket, message);
}

static void configure(pid_t node, uint32_t left, uint32_t right)
{
	int pidfd = (int)syscall(SYS_pidfd_open, node, 0);
	struct mnl_socket *socket;

	check(pidfd, "pidfd_open");
	check(setns(pidfd, CLONE_NEWNET), "setns");
	socket = open_netlink();
	add_address(socket, 2, right);
	add_address(socket, 3, left);
	for (int index = 1; index <= 3; index++)
		set_up(socket, index);
	mnl_socket_close(socket);
	close(pidfd);
}

static unsigned long flag_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} flags[] = {{"net", CLONE_NEWNET},
		     {"uts", CLONE_NEWUTS},
		     {"mount", CLONE_NEWNS},
		     {"pid", CLONE_NEWPID}};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (!strcmp(flags[i].name, name))
			return flags[i].flag;
	fprintf(stderr, "unknown namespace %s\n", name);
	exit(2);
}

static double build(pid_t *nodes, int count, unsigned long flags)
{
	double begun = now();
	struct mnl_socket *socket;

	for (int i = 0; i < count; i++) {
		nodes[i] = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
		check(nodes[i], "clone");
		if (nodes[i] == 0)
			for (;;)
				pause();
	}
	check(unshare(CLONE_NEWNET), "unshare");
	socket = open_netlink();
	for (int i = 0; i < count; i++)
		add_veth(socket, nodes[i], nodes[(i + 1) % count]);
	for (int i = 0; i < count; i++) {
		uint32_t own = 0x0a000000 + (uint32_t)i * 4;
		uint32_t before = 0x0a000000 + (uint32_t)((i + count - 1) % count) * 4;

		configure(nodes[i], before + 2, own + 1);
	}
	return now() - begun;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	unsigned long flags = CLONE_NEWNET;
	pid_t *nodes;

	if (count < 3)
		return fprintf(stderr, "usage: floor N [net uts mount pid]\n"), 2;
	for (int i = 2; i < argc; i++)
		flags |= flag_of(argv[i]);
	nodes = calloc((size_t)count, sizeof(*nodes));
	check(nodes ? 0 : -1, "calloc");
	check(unshare(CLONE_NEWNS), "unshare");
	check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "mount");
	printf("%.4f\n", build(nodes, count, flags));
	for (int i = 0; i < count; i++)
		kill(nodes[i], SIGKILL);
	for (int i = 0; i < count; i++)
		waitpid(nodes[i], NULL, 0);
	free(nodes);
	return 0;
}
