// SPDX-License-Identifier: MIT
// Routes, labels and segments as commands of ip(8).
#include <sys/socket.h>

#include "plan/script.h"
#include "topology/device.h"
#include "topology/srv6.h"

static void script_hop(const struct next_hop *hop, FILE *out)
{
	char text[ADDRESS_TEXT_SIZE];

	if (hop->via.family)
		fprintf(out, " via %s", address_text(&hop->via, true, text));
	if (hop->interface) {
		fputs(" dev ", out);
		script_word(hop->interface->name, out);
	}
}

static void script_labels(const uint32_t *labels, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%u", i ? "/" : "", labels[i]);
}

static void script_segments(const struct srv6_path *path, FILE *out)
{
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < path->count; i++)
		fprintf(out, "%s%s", i ? "," : " segs ",
			address_text(&path->segments[i], true, text));
}

void script_label(const struct op *op, FILE *out)
{
	const struct label_route *route = op->label;
	const struct address *via = &route->hop.via;
	char text[ADDRESS_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "-f mpls route add %u", route->label);
	if (route->out_count)
		fputs(" as ", out);
	script_labels(route->out, route->out_count, out);
	if (via->family)
		fprintf(out, " via %s %s", via->family == AF_INET ? "inet" : "inet6",
			address_text(via, true, text));
	fprintf(out, " dev %s proto static", route->hop.interface->name);
}

void script_sid(const struct op *op, FILE *out)
{
	const struct sid *sid = op->sid;
	char text[ADDRESS_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "-6 route add %s encap seg6local action %s",
		address_text(&sid->address, false, text), sid_rows[sid->action].name);
	if (sid->via.family)
		fprintf(out, " %s %s", sid->via.family == AF_INET ? "nh4" : "nh6",
			address_text(&sid->via, true, text));
	if (sid->vrf)
		fprintf(out, " vrftable %u", sid->vrf->device->table);
	if (sid->table)
		fprintf(out, " table %u", sid->table);
	if (sid->oif)
		fprintf(out, " oif %s", sid->oif->name);
	if (sid->path.count) {
		fputs(" srh", out);
		script_segments(&sid->path, out);
	}
	fprintf(out, " dev %s proto static", sid->interface->name);
}

void script_route(const struct op *op, FILE *out)
{
	const struct route *route = op->route;
	char text[ADDRESS_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "%sroute add ", route->destination.family == AF_INET6 ? "-6 " : "");
	if (route->type != ROUTE_UNICAST)
		fprintf(out, "%s ", route_type_name(route->type));
	fputs(route->destination.length ? address_text(&route->destination, false, text)
					: "default",
	      out);
	if (route->label_count)
		fputs(" encap mpls ", out);
	script_labels(route->labels, route->label_count, out);
	if (route->path) {
		fprintf(out, " encap seg6 mode %s", srv6_modes[route->path->mode]);
		script_segments(route->path, out);
	}
	fputs(" proto static", out);
	if (route->vrf)
		fprintf(out, " vrf %s", route->vrf->name);
	if (route->metric)
		fprintf(out, " metric %u", route->metric);
	for (size_t i = 0; i < route->hop_count; i++) {
		if (route->hop_count > 1)
			fputs(" nexthop", out);
		script_hop(&route->hops[i], out);
	}
}
