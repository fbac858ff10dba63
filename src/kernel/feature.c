// SPDX-License-Identifier: MIT
// Features of the kernel that labs can need: one row each, and how it is tried.
#include "kernel/feature.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/feature_message.h"
#include "kernel/sysctl.h"
#include "kernel/transport.h"
#include "kernel/trial.h"

#define INTERFACE_FIRST 1000 /* of those that features are tried on, two numbers a feature */

static int try_tun(void);
static int try_mpls(void);
static int try_seed(void);

/* Two lines a row: what it is, and how it is tried. */
// clang-format off
const struct feature_row features[FEATURE_COUNT] = {
	[FEATURE_VETH] = {"veth", "links", "CONFIG_VETH", "veth",
		"veth", NULL, {attempt_plain}},
	[FEATURE_BRIDGE] = {"bridge", "switches", "CONFIG_BRIDGE", "bridge",
		"bridge", NULL, {attempt_plain}},
	[FEATURE_VLAN_FILTERING] = {"VLAN filtering", "VLANs of switches", "CONFIG_BRIDGE_VLAN_FILTERING", NULL,
		"bridge", NULL, {attempt_bridge, attempt_vlan_entry}},
	[FEATURE_VLAN] = {"802.1Q", "VLAN interfaces", "CONFIG_VLAN_8021Q", "8021q",
		"vlan", NULL, {attempt_cable, attempt_vlan}},
	[FEATURE_NETEM] = {"netem", "delay, loss and their like", "CONFIG_NET_SCH_NETEM", "sch_netem",
		"netem", NULL, {attempt_netem}},
	[FEATURE_TBF] = {"tbf", "rates of links", "CONFIG_NET_SCH_TBF", "sch_tbf",
		"tbf", NULL, {attempt_tbf}},
	[FEATURE_HTB] = {"htb", "shares of a rate", "CONFIG_NET_SCH_HTB", "sch_htb",
		"htb", NULL, {attempt_htb}},
	[FEATURE_CLSACT] = {"clsact", "filters of packets", "CONFIG_NET_SCH_INGRESS", "sch_ingress",
		"clsact", NULL, {attempt_clsact}},
	[FEATURE_IFB] = {"ifb", "queues of what comes in", "CONFIG_IFB", "ifb",
		"ifb", NULL, {attempt_plain}},
	[FEATURE_DUMMY] = {"dummy", "interfaces without a cable", "CONFIG_DUMMY", "dummy",
		"dummy", NULL, {attempt_plain}},
	[FEATURE_BOND] = {"bond", "several cables as one", "CONFIG_BONDING", "bonding",
		"bond", NULL, {attempt_plain}},
	[FEATURE_VRF] = {"VRF", "several routing tables in a node", "CONFIG_NET_VRF", "vrf",
		"vrf", NULL, {attempt_vrf}},
	[FEATURE_WIREGUARD] = {"WireGuard", "encrypted tunnels", "CONFIG_WIREGUARD", "wireguard",
		"wireguard", NULL, {attempt_plain}},
	[FEATURE_GRE] = {"gre", "GRE tunnels", "CONFIG_NET_IPGRE", "ip_gre",
		"gre", NULL, {attempt_gre}},
	[FEATURE_GRETAP] = {"gretap", "Ethernet over GRE", "CONFIG_NET_IPGRE", "ip_gre",
		"gretap", NULL, {attempt_gre}},
	[FEATURE_IP6GRE] = {"ip6gre", "GRE tunnels over IPv6", "CONFIG_IPV6_GRE", "ip6_gre",
		"ip6gre", NULL, {attempt_ip6gre}},
	[FEATURE_IPIP] = {"ipip", "tunnels of IPv4 in IPv4", "CONFIG_NET_IPIP", "ipip",
		"ipip", NULL, {attempt_ip_tunnel}},
	[FEATURE_SIT] = {"sit", "tunnels of IPv6 in IPv4", "CONFIG_IPV6_SIT", "sit",
		"sit", NULL, {attempt_ip_tunnel}},
	[FEATURE_IP6TNL] = {"ip6tnl", "tunnels in IPv6", "CONFIG_IPV6_TUNNEL", "ip6_tunnel",
		"ip6tnl", NULL, {attempt_ip6_tunnel}},
	[FEATURE_VXLAN] = {"VXLAN", "Ethernet over UDP", "CONFIG_VXLAN", "vxlan",
		"vxlan", NULL, {attempt_vxlan}},
	[FEATURE_MACVLAN] = {"macvlan", "several MACs on a cable", "CONFIG_MACVLAN", "macvlan",
		"macvlan", NULL, {attempt_cable, attempt_stacked}},
	[FEATURE_IPVLAN] = {"ipvlan", "several hosts with one MAC", "CONFIG_IPVLAN", "ipvlan",
		"ipvlan", NULL, {attempt_cable, attempt_stacked}},
	[FEATURE_TUN] = {"tun/tap", "interfaces of programs", "CONFIG_TUN", "tun",
		NULL, try_tun, {NULL}},
	[FEATURE_MPLS] = {"MPLS", "label-switching routers", "CONFIG_MPLS_ROUTING", "mpls_router",
		NULL, try_mpls, {NULL}},
	[FEATURE_MPLS_TUNNEL] = {"MPLS tunnels", "ends of label-switched paths", "CONFIG_MPLS_IPTUNNEL", "mpls_iptunnel",
		NULL, NULL, {attempt_loopback, attempt_mpls_route}},
	[FEATURE_SEG6] = {"SRv6", "segment routing", "CONFIG_IPV6_SEG6_LWTUNNEL", NULL,
		NULL, NULL, {attempt_loopback, attempt_seg6_route}},
	[FEATURE_NETEM_SEED] = {"netem's seed", "the same losses each time", "CONFIG_NET_SCH_NETEM", "sch_netem",
		NULL, try_seed, {NULL}},
};
// clang-format on

/* ---- trying */

/*
 * To open the device loads the module, where there is the device. A tap that stays when it is
 * closed goes with its namespace; to remove it at once would take the kernel some 30 ms.
 */
static int try_tun(void)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	AUTO_CLOSE int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0 || ioctl(fd, TUNSETPERSIST, 1) < 0)
		return -errno;
	return 0;
}

static int set_labels(void)
{
	return sysctl_set("net/mpls/platform_labels", "16");
}

/* A socket of the family is never to be had, but to ask for one loads the module. */
static int try_mpls(void)
{
	int failed = set_labels();

	if (failed != -ENOENT)
		return failed;
	close(socket(AF_MPLS, SOCK_RAW | SOCK_CLOEXEC, 0));
	return set_labels();
}

/* Older kernels take the attribute without a word and ignore it: only the version tells. */
static int try_seed(void)
{
	struct utsname kernel;
	unsigned major, minor;

	if (uname(&kernel) < 0 || sscanf(kernel.release, "%u.%u", &major, &minor) != 2)
		return -EOPNOTSUPP;
	return major > 6 || (major == 6 && minor >= 7) ? 0 : -EOPNOTSUPP;
}

/* Shared with the child that tries. */
struct trials {
	const bool *wanted;
	int *missing;
};

/* The sequence number of a message is its feature's. */
static void keep_number(void *data, uint32_t sequence, int number, const char *text)
{
	int *missing = data;

	(void)text;
	if (!missing[sequence])
		missing[sequence] = number;
}

static void send_messages(struct transport *transport, enum feature feature)
{
	const struct feature_row *row = &features[feature];
	_Alignas(struct nlmsghdr) char buffer[ATTEMPT_SIZE];
	struct attempt attempt = {NULL, row->kind, INTERFACE_FIRST + 2 * (uint32_t)feature};

	for (size_t i = 0; i < 2 && row->messages[i]; i++) {
		memset(buffer, 0, sizeof(buffer));
		attempt.message = mnl_nlmsg_put_header(buffer);
		attempt.message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
		attempt.message->nlmsg_seq = feature;
		row->messages[i](&attempt);
		transport_add(transport, attempt.message);
	}
}

static int try_all(const void *data)
{
	static struct transport transport;
	const struct trials *trials = data;
	struct error err;

	if (unshare(CLONE_NEWNET) < 0)
		return -errno;
	if (transport_open(&transport, keep_number, trials->missing, &err) < 0)
		return -err.number;
	for (int i = 0; i < FEATURE_COUNT; i++) {
		if (!trials->wanted[i])
			continue;
		if (features[i].call)
			trials->missing[i] = -features[i].call();
		else
			send_messages(&transport, (enum feature)i);
	}
	transport_flush(&transport);
	transport_close(&transport);
	return 0;
}

int feature_missing(const bool wanted[FEATURE_COUNT], int missing[FEATURE_COUNT], struct error *err)
{
	size_t size = FEATURE_COUNT * sizeof(*missing);
	struct trials trials = {wanted, NULL};
	int failed, users;

	memset(missing, 0, size);
	trials.missing =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (trials.missing == MAP_FAILED)
		return error_set(err, errno, "cannot share memory with a process");
	failed = trial_run(try_all, &trials, &users);
	if (!failed)
		memcpy(missing, trials.missing, size);
	munmap(trials.missing, size);
	if (failed)
		return error_set(err, failed == TRIAL_NO_USERS ? -users : -failed,
				 "cannot make a network namespace to try the kernel in");
	return 0;
}

/* ---- what to say */

/* The kernel's ways to say that it knows no such thing. */
static bool is_unknown(int number)
{
	return number == EOPNOTSUPP || number == ENOENT || number == EAFNOSUPPORT;
}

/* Where it is not the kernel that lacks it. */
static const struct special {
	enum feature feature;
	int number;
	const char *cause, *remedy;
} specials[] = {
	{FEATURE_NETEM_SEED, EOPNOTSUPP, "netem takes a seed since Linux 6.7",
	 "leave the seed out, or use a newer kernel"},
	{FEATURE_TUN, EACCES, "/dev/net/tun is not for this user",
	 "as root: chmod 0666 /dev/net/tun"},
	{FEATURE_TUN, ENOENT, "there is no /dev/net/tun",
	 "as root: modprobe tun; a container is started with --device /dev/net/tun"},
	{FEATURE_TUN, EPERM, "/dev/net/tun is closed to this container",
	 "start it with --device /dev/net/tun"},
};

static const struct special *find_special(enum feature feature, int number)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (specials[i].feature == feature && specials[i].number == number)
			return &specials[i];
	return NULL;
}

const char *feature_cause(enum feature feature, int number, char buffer[FEATURE_CAUSE_SIZE])
{
	const struct feature_row *row = &features[feature];
	const struct special *special = find_special(feature, number);

	if (special)
		return special->cause;
	snprintf(buffer, FEATURE_CAUSE_SIZE, "%s (%s%s%s)",
		 is_unknown(number) ? "this kernel lacks it" : strerror(number), row->option,
		 row->module ? ", module " : "", row->module ? row->module : "");
	return buffer;
}

/* Where a module comes from. */
enum source {
	SOURCE_NONE,	/* not from this kernel */
	SOURCE_LOAD,	/* it is there to be loaded */
	SOURCE_UNKNOWN, /* the kernel's modules cannot be seen from here, as in a container */
};

static enum source find_module(const char *module)
{
	AUTO_FCLOSE FILE *list = NULL;
	struct utsname kernel;
	char text[160], line[4096];

	if (!module || access("/proc/sys/kernel/modprobe", F_OK) < 0 || uname(&kernel) < 0)
		return SOURCE_NONE;
	snprintf(text, sizeof(text), "/lib/modules/%s/modules.dep", kernel.release);
	list = fopen(text, "re");
	if (!list)
		return SOURCE_UNKNOWN;
	snprintf(text, sizeof(text), "/%s.ko", module);
	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, ":")] = '\0';
		if (strstr(line, text))
			return SOURCE_LOAD;
	}
	return SOURCE_NONE;
}

const char *feature_remedy(enum feature feature, int number, char buffer[FEATURE_REMEDY_SIZE])
{
	static const char other[] = "a kernel with %s, such as Debian's, in which nslab's "
				    "scripts/vm runs a command";
	const struct feature_row *row = &features[feature];
	const char *who = geteuid() ? "as root, once: " : "";
	const struct special *special = find_special(feature, number);
	int length = 0;

	if (special)
		return special->remedy;
	switch (find_module(row->module)) {
	case SOURCE_LOAD:
		snprintf(buffer, FEATURE_REMEDY_SIZE, "%smodprobe %s", who, row->module);
		break;
	case SOURCE_UNKNOWN:
		length =
			snprintf(buffer, FEATURE_REMEDY_SIZE,
				 "on the machine itself, as root: modprobe %s; else ", row->module);
		snprintf(buffer + length, FEATURE_REMEDY_SIZE - (size_t)length, other, row->option);
		break;
	case SOURCE_NONE: snprintf(buffer, FEATURE_REMEDY_SIZE, other, row->option); break;
	}
	return buffer;
}
