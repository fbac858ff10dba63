// SPDX-License-Identifier: MIT
// Faults of links, switches and nodes that only the whole model shows.
#include "topology/check.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/sysctl.h"

#define SHOWN_ENDS 6

/* Where it is used first, else declared. */
static struct place segment_place(const struct segment *segment)
{
	return segment->end_count ? segment->ends[0]->place : segment->place;
}

/* Are both named by one line of a range? Then neither is the other misspelt. */
static bool of_one_range(const struct segment *a, const struct segment *b)
{
	struct place x = segment_place(a), y = segment_place(b);

	return x.of && y.of && x.line == y.line && x.file == y.file;
}

static const char *near_segment(struct build *build, const struct segment *segment)
{
	const struct topology *topology = build->topology;
	struct near near = {.word = segment->name};

	if (report_full(&build->report) || report_repeats(&build->report, segment_place(segment)))
		return NULL;
	for (size_t i = 0; i < topology->segment_count; i++) {
		const struct segment *other = &topology->segments[i];

		if (other != segment && other->end_count && !of_one_range(segment, other) &&
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

	report_fault(&build->report, segment->ends[0]->place,
		     "segment \"%s\" has only one end, %s%s", segment->name,
		     interface_title(build, segment->ends[0]),
		     near ? did_you_mean(&build->report, near)
			  : "; where nobody is at the far end, use \"" STUB "\"");
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

static void no_such_interface(struct build *build, const struct node *node,
			      const struct sysctl *sysctl, const char *name)
{
	struct report *report = &build->report;
	struct near near = {.word = name};

	for (size_t i = 0; i < node->interface_count; i++)
		if (!report_offer(report, &near, node->interfaces[i].name))
			break;
	report_fault(report, sysctl->place, "sysctl %s: %s has no interface \"%s\"%s",
		     shown(report, sysctl->name), node->name, shown(report, name),
		     did_you_mean(report, near_best(&near)));
}

static bool is_bridge(const struct node *node, const char *name)
{
	return node->kind == NODE_SWITCH && !strcmp(name, BRIDGE_NAME);
}

/* The setting of an interface that is not there cannot be set. */
static void check_sysctl_interface(struct build *build, const struct node *node,
				   const struct sysctl *sysctl)
{
	size_t length;
	const char *start = sysctl_interface(sysctl->path, &length);
	const char *name;

	if (!start || build->partial[node->number] || report_full(&build->report))
		return;
	name = arena_strndup(build->arena, start, length);
	if (!node_interface(node, name) && !is_bridge(node, name))
		no_such_interface(build, node, sysctl, name);
}

static void check_sysctl(struct build *build, const struct node *node, const struct sysctl *sysctl)
{
	struct report *report = &build->report;
	const struct sysctl_owner *owner = sysctl_owner(sysctl->path);

	if (!owner)
		report_fault(report, sysctl->place,
			     "sysctl %s is the whole machine's, not a node's; nodes have those of "
			     "net.",
			     shown(report, sysctl->name));
	else if (!(node->isolate & owner->isolation))
		report_fault(report, sysctl->place,
			     "sysctl %s would be the whole machine's: %s has no \"%s\" in isolate",
			     shown(report, sysctl->name), node->name, owner->word);
	else
		check_sysctl_interface(build, node, sysctl);
}

/* The last setting that switches IPv6 off on the interface, or NULL. */
static const struct sysctl *without_ipv6(struct build *build, const struct node *node,
					 const struct interface *interface)
{
	const char *const names[] = {"all", "default", interface->name};
	const struct sysctl *found = NULL;

	for (size_t i = 0; i < node->sysctl_count; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			if (!strcmp(node->sysctls[i].path,
				    arena_printf(build->arena, "net/ipv6/conf/%s/disable_ipv6",
						 names[k])))
				found = strcmp(node->sysctls[i].value, "0") ? &node->sysctls[i]
									    : NULL;
	return found;
}

static void check_ipv6(struct build *build, const struct node *node,
		       const struct interface *interface, size_t i)
{
	const char *address = address_title(build, &interface->addresses[i], true);
	struct place place = interface->address_places[i];
	const struct sysctl *off;

	if (!node->ipv6) {
		report_fault(&build->report, place, "%s has ipv6 = no, but %s the address %s",
			     node->name, interface->name, address);
		return;
	}
	if (interface->mtu && interface->mtu < IPV6_MTU_LEAST)
		report_fault(&build->report, place,
			     "%s has an MTU of %u and the address %s; IPv6 needs %s bytes",
			     interface_title(build, interface), interface->mtu, address,
			     grouped(&build->report, IPV6_MTU_LEAST));
	off = without_ipv6(build, node, interface);
	if (off)
		report_fault(
			&build->report, place,
			"%s has the address %s, but sysctl %s = %s (line %d) leaves it no IPv6",
			interface_title(build, interface), address,
			shown(&build->report, off->name), shown(&build->report, off->value),
			off->place.line);
}

/* One fault an interface is enough: it has one cause. */
static void check_interface(struct build *build, const struct node *node,
			    const struct interface *interface)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].family == AF_INET6) {
			check_ipv6(build, node, interface, i);
			return;
		}
}

/* What is given of a hub's memory, which it has not. */
static void check_hub(struct build *build, const struct node *node)
{
	const char *idle = node->bridge.ageing != AGEING_DEFAULT ? "ageing"
			   : node->bridge.snooping		 ? "snooping"
								 : NULL;

	if (node->bridge.hub && idle)
		report_fault(&build->report, node->place,
			     "[switch %s] is a hub, which learns nothing: %s has no meaning there",
			     node->name, idle);
}

void check_nodes(struct build *build)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++) {
		const struct node *node = &topology->nodes[i];

		check_hub(build, node);
		for (size_t k = 0; k < node->sysctl_count; k++)
			check_sysctl(build, node, &node->sysctls[k]);
		for (size_t k = 0; k < node->interface_count; k++)
			check_interface(build, node, &node->interfaces[k]);
	}
}
