// SPDX-License-Identifier: MIT
// The kernel's floor: the namespaces, cables and addresses of a lab, made one after the other.
//
// usage: floor [uts|mount|pid]... <DESCRIPTION
//
// Namespaces of the network are always made. The description is read before the clock starts:
//
//   nodes N                       processes, numbered from 0, each in namespaces of its own
//   bridge NODE INDEX
//   veth NODE INDEX NODE INDEX    the interface with INDEX of a node is called eINDEX
//   plug NODE INDEX BRIDGE        by index
//   address NODE INDEX A.B.C.D PREFIX
//   up NODE INDEX
//   end
//
// Consecutive lines of one node share one entry into it. It prints "up SECONDS", then "nodes
// PID...", and when its standard input ends it ends all of them.
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_SIZE 1024

struct step {
	const struct action *action;
	int node, index;
	int peer, peer_index; /* of a veth; of a plug the bridge is peer_index */
	uint32_t address;
	int prefix;
};

struct lab {
	int count;
	pid_t *nodes;
	struct step *steps;
	size_t step_count;
};

/* What a line of the description asks for: a message, sent in the node or between nodes. */
struct action {
	const char *word;
	bool between;
	void (*put)(struct nlmsghdr *message, const struct step *step, const pid_t *nodes);
};

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

static void talk(struct mnl_socket *socket, struct nlmsghdr *message, const char *what)
{
	char answer[8192];
	ssize_t n;

	message->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	check(mnl_socket_sendto(socket, message, message->nlmsg_len), "send");
	n = mnl_socket_recvfrom(socket, answer, sizeof(answer));
	check(n, "receive");
	check(mnl_cb_run(answer, (size_t)n, 0, 0, NULL, NULL), what);
}

static struct ifinfomsg *put_link(struct nlmsghdr *message, int index)
{
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));

	message->nlmsg_type = RTM_NEWLINK;
	link->ifi_index = index;
	return link;
}

static void put_end(struct nlmsghdr *message, int index, pid_t node)
{
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "e%d", index);
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	mnl_attr_put_u32(message, IFLA_NET_NS_PID, (uint32_t)node);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, 1);
}

static void put_veth(struct nlmsghdr *message, const struct step *step, const pid_t *nodes)
{
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *link;

	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	put_link(message, step->index);
	put_end(message, step->index, nodes[step->node]);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_str(message, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_index = step->peer_index;
	put_end(message, step->peer_index, nodes[step->peer]);
	mnl_attr_nest_end(message, peer);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
}

static void put_bridge(struct nlmsghdr *message, const struct step *step, const pid_t *nodes)
{
	struct nlattr *info;

	(void)nodes;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	put_link(message, step->index);
	mnl_attr_put_strz(message, IFLA_IFNAME, "br0");
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_str(message, IFLA_INFO_KIND, "bridge");
	mnl_attr_nest_end(message, info);
}

static void put_plug(struct nlmsghdr *message, const struct step *step, const pid_t *nodes)
{
	(void)nodes;
	put_link(message, step->index);
	mnl_attr_put_u32(message, IFLA_MASTER, (uint32_t)step->peer_index);
}

static void put_address(struct nlmsghdr *message, const struct step *step, const pid_t *nodes)
{
	struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));

	(void)nodes;
	message->nlmsg_type = RTM_NEWADDR;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	*header = (struct ifaddrmsg){.ifa_family = AF_INET,
				     .ifa_prefixlen = (unsigned char)step->prefix,
				     .ifa_index = (uint32_t)step->index};
	mnl_attr_put_u32(message, IFA_LOCAL, step->address);
	mnl_attr_put_u32(message, IFA_ADDRESS, step->address);
}

static void put_up(struct nlmsghdr *message, const struct step *step, const pid_t *nodes)
{
	struct ifinfomsg *link = put_link(message, step->index);

	(void)nodes;
	link->ifi_flags = link->ifi_change = IFF_UP;
}

static const struct action actions[] = {
	{"veth", true, put_veth}, {"bridge", false, put_bridge},   {"plug", false, put_plug},
	{"up", false, put_up},	  {"address", false, put_address},
};

static void refuse(const char *line)
{
	fprintf(stderr, "floor: not understood: %s", line);
	exit(2);
}

static const struct action *action_of(const char *word)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (!strcmp(actions[i].word, word))
			return &actions[i];
	return NULL;
}

static struct step read_step(const char *line, int count)
{
	char word[16] = "", third[32] = "";
	struct step step = {0};
	int fields = sscanf(line, "%15s %d %d %31s %d", word, &step.node, &step.index, third,
			    &step.prefix);

	step.action = action_of(word);
	if (!step.action || fields < 3 || step.node < 0 || step.node >= count)
		refuse(line);
	if (step.action->put == put_address && !inet_pton(AF_INET, third, &step.address))
		refuse(line);
	if (step.action->put == put_plug)
		step.peer_index = atoi(third);
	if (step.action->put == put_veth) {
		step.peer = atoi(third);
		step.peer_index = step.prefix;
		if (step.peer < 0 || step.peer >= count)
			refuse(line);
	}
	return step;
}

static void read_lab(struct lab *lab)
{
	size_t room = 0;
	char line[128];

	while (fgets(line, sizeof(line), stdin) && strcmp(line, "end\n")) {
		if (sscanf(line, "nodes %d", &lab->count) == 1)
			continue;
		if (lab->step_count == room) {
			room = room ? room * 2 : 1024;
			lab->steps = realloc(lab->steps, room * sizeof(*lab->steps));
			check(lab->steps ? 0 : -1, "realloc");
		}
		lab->steps[lab->step_count++] = read_step(line, lab->count);
	}
	if (lab->count < 1)
		refuse("no nodes\n");
	lab->nodes = calloc((size_t)lab->count, sizeof(*lab->nodes));
	check(lab->nodes ? 0 : -1, "calloc");
}

static void take_step(struct mnl_socket *socket, const struct step *step, const pid_t *nodes)
{
	char buffer[MESSAGE_SIZE];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);

	step->action->put(message, step, nodes);
	talk(socket, message, step->action->word);
}

static struct mnl_socket *enter(pid_t node)
{
	int pidfd = (int)syscall(SYS_pidfd_open, node, 0);

	check(pidfd, "pidfd_open");
	check(setns(pidfd, CLONE_NEWNET), "setns");
	close(pidfd);
	return open_netlink();
}

static void take_steps(const struct lab *lab)
{
	struct mnl_socket *between = open_netlink(), *inside = NULL;
	int node = -1;

	for (size_t i = 0; i < lab->step_count; i++) {
		const struct step *step = &lab->steps[i];

		if (step->action->between) {
			take_step(between, step, lab->nodes);
			continue;
		}
		if (node != step->node) {
			if (inside)
				mnl_socket_close(inside);
			node = step->node;
			inside = enter(lab->nodes[node]);
		}
		take_step(inside, step, lab->nodes);
	}
	if (inside)
		mnl_socket_close(inside);
	mnl_socket_close(between);
}

static double build(const struct lab *lab, unsigned long flags)
{
	double begun = now();

	for (int i = 0; i < lab->count; i++) {
		pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

		check(pid, "clone");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL); /* where anything fails, too */
			for (;;)
				pause();
		}
		lab->nodes[i] = pid;
	}
	check(unshare(CLONE_NEWNET), "unshare");
	take_steps(lab);
	return now() - begun;
}

static unsigned long flag_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} flags[] = {{"uts", CLONE_NEWUTS}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (!strcmp(flags[i].name, name))
			return flags[i].flag;
	fprintf(stderr, "usage: floor [uts|mount|pid]... <DESCRIPTION\n");
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned long flags = CLONE_NEWNET;
	struct lab lab = {0};

	for (int i = 1; i < argc; i++)
		flags |= flag_of(argv[i]);
	read_lab(&lab);
	check(unshare(CLONE_NEWNS), "unshare");
	check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "mount");
	printf("up %.6f\nnodes", build(&lab, flags));
	for (int i = 0; i < lab.count; i++)
		printf(" %d", lab.nodes[i]);
	printf("\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	for (int i = 0; i < lab.count; i++)
		kill(lab.nodes[i], SIGKILL);
	for (int i = 0; i < lab.count; i++)
		waitpid(lab.nodes[i], NULL, 0);
	free(lab.nodes);
	free(lab.steps);
	return 0;
}
