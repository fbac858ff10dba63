// SPDX-License-Identifier: MIT
// Faults of links, switches and nodes that only the whole model shows.
#include "topology/check.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/device.h"

#define IPV6_MTU   1280 /* RFC 8200: the kernel switches IPv6 off below */
#define SHOWN_ENDS 6

static const char *near_segment(struct build *build, const struct segment *segment)
{
	const struct topology *topology = build->topology;
	struct near near = {.word = segment->name};

	if (report_full(&build->report))
		return NULL;
	for (size_t i = 0; i < topology->segment_count; i++) {
		const struct segment *other = &topology->segments[i];

		if (other != segment && other->end_count &&
		    !report_offer(&build->report, &near, other->name))
			break;
	}
	return near_best(&near);
}

/* A segment with one end may be a kind of device that was misspelt. */
static const char *near_device(struct build *build, const char *name)
{
	struct near near = {.word = name};

	for (int kind = 0; kind < DEVICE_KINDS && !report_full(&build->report); kind++)
		near_offer(&near, device_rows[kind].word);
	return near_best(&near);
}

static void no_ends(struct build *build, const struct segment *segment)
{
	report_fault(&build->report, segment->place,
		     "[link %s] has no ends: no interface is on it%s", segment->name,
		     did_you_mean(&build->report, near_segment(build, segment)));
}

static void one_end(struct build *build, const struct segment *segment)
{
	const char *near = near_segment(build, segment) ?: near_device(build, segment->name);
	const char *end = interface_title(build, segment->ends[0]);

	if (near)
		report_fault(&build->report, segment->ends[0]->place,
			     "segment \"%s\" has only one end, %s%s", segment->name, end,
			     did_you_mean(&build->report, near));
	else
		report_fault(&build->report, segment->ends[0]->place,
			     "segment \"%s\" has only one end, %s; where nobody is at the far end, "
			     "use \"" STUB "\"",
			     segment->name, end);
}

static void many_ends(struct build *build, const struct segment *segment)
{
	struct arena *arena = build->arena;
	const char *list = "";

	for (size_t i = 0; i < segment->end_count && i < SHOWN_ENDS; i++)
		list = arena_printf(arena, "%s%s%s (line %d)", list, i ? ", " : "",
				    interface_title(build, segment->ends[i]),
				    segment->ends[i]->place.line);
	report_fault(&build->report, segment->ends[2]->place,
		     "link \"%s\" has %zu ends: %s%s; for more than two, declare [switch %s]",
		     segment->name, segment->end_count, list,
		     segment->end_count > SHOWN_ENDS ? ", ..." : "", segment->name);
}

static void check_ports(struct build *build, const struct node *node)
{
	size_t ports = node->interface_count - 1;

	if (ports > BRIDGE_PORT_LIMIT)
		report_fault(&build->report, node->place,
			     "[switch %s] has %s ports; a bridge takes %s", node->name,
			     grouped(&build->report, ports),
			     grouped(&build->report, BRIDGE_PORT_LIMIT));
}

void check_wiring(struct build *build)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->segment_count && !report_full(&build->report); i++) {
		const struct segment *segment = &topology->segments[i];

		if (segment->kind == SEGMENT_SWITCH)
			check_ports(build, segment->node);
		if (segment->kind != SEGMENT_LINK)
			continue;
		if (segment->end_count == 0)
			no_ends(build, segment);
		else if (segment->end_count == 1)
			one_end(build, segment);
		else if (segment->end_count > 2)
			many_ends(build, segment);
	}
}

/* What is a namespace's own, and which one it must then be. */
static const struct {
	const char *prefix;
	unsigned isolation;
	const char *word;
} own_sysctls[] = {
	{"net/", ISOLATE_NET, "net"},	    {"kernel/domainname", ISOLATE_UTS, "uts"},
	{"kernel/shm", ISOLATE_IPC, "ipc"}, {"kernel/msg", ISOLATE_IPC, "ipc"},
	{"kernel/sem", ISOLATE_IPC, "ipc"}, {"kernel/auto_msgmni", ISOLATE_IPC, "ipc"},
	{"fs/mqueue/", ISOLATE_IPC, "ipc"},
};

static void check_sysctl(struct build *build, const struct node *node, const struct sysctl *sysctl)
{
	struct report *report = &build->report;

	for (size_t i = 0; i < sizeof(own_sysctls) / sizeof(*own_sysctls); i++) {
		const char *prefix = own_sysctls[i].prefix;

		if (strncmp(sysctl->path, prefix, strlen(prefix)) != 0)
			continue;
		if (!(node->isolate & own_sysctls[i].isolation))
			report_fault(report, sysctl->place,
				     "sysctl %s would be the whole machine's: %s has no \"%s\" in "
				     "isolate",
				     shown(report, sysctl->path), node->name, own_sysctls[i].word);
		return;
	}
	report_fault(report, sysctl->place,
		     "sysctl %s is the whole machine's, not a node's; nodes have those of net.",
		     shown(report, sysctl->path));
}

static void check_interface(struct build *build, const struct node *node,
			    const struct interface *interface)
{
	for (size_t i = 0; i < interface->address_count; i++) {
		const struct address *address = &interface->addresses[i];

		if (address->family != AF_INET6)
			continue;
		if (!node->ipv6)
			report_fault(&build->report, interface->place,
				     "%s has ipv6 = no, but %s the address %s", node->name,
				     interface->name, address_title(build, address, true));
		else if (interface->mtu && interface->mtu < IPV6_MTU)
			report_fault(&build->report, interface->place,
				     "%s has an MTU of %u and the address %s; IPv6 needs %s bytes",
				     interface_title(build, interface), interface->mtu,
				     address_title(build, address, true),
				     grouped(&build->report, IPV6_MTU));
		else
			continue;
		return;
	}
}

void check_nodes(struct build *build)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 0; k < node->sysctl_count; k++)
			check_sysctl(build, node, &node->sysctls[k]);
		for (size_t k = 0; k < node->interface_count; k++)
			check_interface(build, node, &node->interfaces[k]);
	}
}
