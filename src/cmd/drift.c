// SPDX-License-Identifier: MIT
// Where the interfaces of a node differ from what its file says; pure.
#include "cmd/drift.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "kernel/observe.h"
#include "topology/device.h"
#include "topology/model.h"
#include "topology/values.h"

#define VETH_MTU 1500 /* the kernel's default */

static void add(struct interface_view *view, struct arena *arena, enum drift_kind kind,
		const char *file, const char *kernel)
{
	*array_push(arena, view->drifts, view->drift_count) =
		(struct drift){kind, file ? arena_strdup(arena, file) : NULL,
			       kernel ? arena_strdup(arena, kernel) : NULL};
}

static bool same_address(const struct address *a, const struct address *b)
{
	size_t size = a->family == AF_INET ? 4 : 16;

	return a->family == b->family && a->length == b->length &&
	       !memcmp(a->bytes, b->bytes, size);
}

static bool has_address(const struct address *list, size_t count, const struct address *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (same_address(&list[i], wanted))
			return true;
	return false;
}

bool address_is_own(const struct observed_interface *interface, const struct address *address)
{
	static const struct address loopback[] = {
		{AF_INET, 8, {127, 0, 0, 1}},
		{AF_INET6, 128, {[15] = 1}},
	};

	if (!strcmp(interface->name, "lo"))
		return has_address(loopback, 2, address);
	return address->family == AF_INET6 && address->length == 64 &&
	       address_is_link_local(address);
}

static void compare_addresses(struct interface_view *view, const struct address *file,
			      size_t file_count, struct arena *arena)
{
	const struct observed_interface *kernel = view->kernel;
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < file_count; i++)
		if (!has_address(kernel->addresses, kernel->address_count, &file[i]))
			add(view, arena, DRIFT_ADDRESS, address_text(&file[i], false, text), NULL);
	for (size_t i = 0; i < kernel->address_count; i++)
		if (!has_address(file, file_count, &kernel->addresses[i]) &&
		    !address_is_own(kernel, &kernel->addresses[i]))
			add(view, arena, DRIFT_ADDRESS, NULL,
			    address_text(&kernel->addresses[i], false, text));
}

static void compare_mac(struct interface_view *view, const uint8_t mac[6], struct arena *arena)
{
	static const uint8_t none[6];
	char file[MAC_TEXT_SIZE], kernel[MAC_TEXT_SIZE];

	if (memcmp(mac, none, 6) != 0 && memcmp(view->kernel->mac, mac, 6) != 0)
		add(view, arena, DRIFT_MAC, mac_text(mac, file),
		    mac_text(view->kernel->mac, kernel));
}

static void compare_mtu(struct interface_view *view, uint32_t mtu, struct arena *arena)
{
	if (view->kernel->mtu != mtu)
		add(view, arena, DRIFT_MTU, arena_printf(arena, "%u", mtu),
		    arena_printf(arena, "%u", view->kernel->mtu));
}

static bool is_in_bond(const struct interface *interface)
{
	return interface->master && device_is(interface->master, DEVICE_BOND);
}

/* A bond lends its ports its own; zero: what the kernel gives. */
static const uint8_t *mac_of(const struct interface *interface)
{
	return is_in_bond(interface) ? interface->master->mac : interface->mac;
}

static void compare_kind(struct interface_view *view, const char *kind, struct arena *arena)
{
	if (strcmp(view->kernel->kind, kind) != 0)
		add(view, arena, DRIFT_KIND, kind, view->kernel->kind);
}

/* As text without what the kernel does not tell: the distribution, and a seed that it chose itself.
 */
static const char *impairment_shown(const struct impairment *impairment, bool seeded,
				    struct arena *arena)
{
	char text[IMPAIRMENT_TEXT_SIZE];
	struct impairment shown = *impairment;

	shown.distribution = DISTRIBUTION_UNIFORM;
	shown.seeded = seeded;
	return arena_strdup(arena, impairment_text(&shown, text));
}

/* What an interface sends through if nothing is asked for: of a veth noqueue. */
static bool is_plain(const char *qdisc)
{
	static const char *const plain[] = {"", "noqueue", "netem", "tbf"};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(qdisc, plain[i]))
			return true;
	return false;
}

bool drift_impairment(const struct interface *file, const struct observed_interface *kernel,
		      struct arena *arena, const char **wanted, const char **there)
{
	const struct impaired *impaired = file->impaired;
	bool seeded = impaired && impaired->values.seeded && kernel->impairment.seeded;

	*wanted = impaired ? impairment_shown(&impaired->values, seeded, arena) : "";
	*there = is_plain(kernel->qdisc) ? impairment_shown(&kernel->impairment, seeded, arena)
					 : kernel->qdisc;
	return strcmp(*wanted, *there) != 0;
}

static void compare_impairment(struct interface_view *view, const struct interface *file,
			       struct arena *arena)
{
	const char *wanted, *there;

	if (drift_impairment(file, view->kernel, arena, &wanted, &there))
		add(view, arena, DRIFT_IMPAIRMENT, *wanted ? wanted : NULL, *there ? there : NULL);
}

static void compare_interface(struct interface_view *view, const struct interface *file,
			      struct arena *arena)
{
	if (!view->kernel) {
		add(view, arena, DRIFT_INTERFACE, file->name, NULL);
		return;
	}
	if (!view->kernel->up)
		add(view, arena, DRIFT_STATE, "up", "down");
	if (file->kind != INTERFACE_LOOPBACK)
		compare_mac(view, mac_of(file), arena);
	if (file->kind == INTERFACE_VETH && !is_in_bond(file))
		compare_mtu(view, file->mtu ? file->mtu : VETH_MTU, arena);
	else if (file->mtu)
		compare_mtu(view, file->mtu, arena);
	if (file->device)
		compare_kind(view, device_rows[file->device->kind].kind, arena);
	if (file->kind == INTERFACE_VETH)
		compare_impairment(view, file, arena);
	compare_addresses(view, file->addresses, file->address_count, arena);
	view->quiet =
		file->kind == INTERFACE_LOOPBACK && !file->address_count && !view->drift_count;
}

static void compare_bridge(struct interface_view *view, const struct bridge *bridge,
			   struct arena *arena)
{
	if (!view->kernel) {
		add(view, arena, DRIFT_INTERFACE, BRIDGE_NAME, NULL);
		return;
	}
	if (!view->kernel->up)
		add(view, arena, DRIFT_STATE, "up", "down");
	compare_mac(view, bridge->mac, arena);
	compare_addresses(view, NULL, 0, arena);
}

static void compare_master(struct interface_view *view, const char *file, const char *kernel,
			   struct arena *arena)
{
	if (file && kernel ? strcmp(file, kernel) != 0 : file || kernel)
		add(view, arena, DRIFT_MASTER, file, kernel);
}

static bool has_vlan(const struct vlan_set *set, unsigned vlan)
{
	return set->members[vlan / 32] & 1U << vlan % 32;
}

/* "10u,20-29": u is what has no tag. */
static const char *vlans_text(const struct vlan_set *set, struct arena *arena)
{
	const char *text = set->native ? arena_printf(arena, "%uu", set->native) : "";

	for (unsigned first = 1; first <= VLAN_LAST; first++) {
		unsigned last = first;

		if (!has_vlan(set, first) || first == set->native)
			continue;
		while (last < VLAN_LAST && has_vlan(set, last + 1) && last + 1 != set->native)
			last++;
		text = arena_printf(arena, last > first ? "%s%s%u-%u" : "%s%s%u", text,
				    *text ? "," : "", first, last);
		first = last;
	}
	return *text ? text : "none";
}

/* What a switch without VLANs has by default says nothing. */
static void compare_vlans(struct interface_view *view, const struct interface *file,
			  struct arena *arena)
{
	static const struct vlan_set none;
	const struct vlan_set *kernel = view->kernel->vlans ? view->kernel->vlans : &none;
	struct vlan_set wanted;

	if (!file->node->bridge.vlans || !file->port)
		return;
	port_vlans(file->port, &wanted);
	if (wanted.native != kernel->native ||
	    memcmp(wanted.members, kernel->members, sizeof(wanted.members)) != 0)
		add(view, arena, DRIFT_VLANS, vlans_text(&wanted, arena),
		    vlans_text(kernel, arena));
}

/* The tunnels' modules, where loaded, put one device each into every new network. */
static bool is_fallback(const struct observed_interface *interface)
{
	static const char *const names[] = {"tunl0",   "sit0",	   "gre0",    "gretap0", "erspan0",
					    "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(interface->name, names[i]))
			return !interface->up && !interface->address_count;
	return false;
}

/* The views while they are made: `left` are the kernel's interfaces by name. */
struct views {
	struct arena *arena;
	const struct observed_interface *kernel;
	size_t kernel_count;
	struct map *left, *seen;
	struct interface_view *list;
	size_t count;
};

static struct interface_view *view_of(struct views *views, const char *name)
{
	struct interface_view *view = array_push(views->arena, views->list, views->count);

	view->name = name;
	view->kernel = map_get(views->left, name);
	map_add(views->seen, name, views);
	return view;
}

static const char *master_of(const struct views *views, const struct observed_interface *kernel)
{
	const struct observed_interface *master =
		observed_find(views->kernel, views->kernel_count, kernel->master);

	return master ? master->name : NULL;
}

static void compare_file(struct views *views, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct interface *file = &node->interfaces[i];

		struct interface_view *view = view_of(views, file->name);
		const char *master = file->master ? file->master->name : NULL;

		if (node->kind == NODE_SWITCH && file->kind == INTERFACE_VETH)
			master = BRIDGE_NAME;
		compare_interface(view, file, views->arena);
		if (view->kernel)
			compare_vlans(view, file, views->arena);
		if (view->kernel)
			compare_master(view, master, master_of(views, view->kernel), views->arena);
	}
	if (node->kind == NODE_SWITCH)
		compare_bridge(view_of(views, BRIDGE_NAME), &node->bridge, views->arena);
}

struct interface_view *drift_compare(const struct node *node, const struct observed_interface *list,
				     size_t count, struct arena *arena, size_t *view_count)
{
	struct views views = {.arena = arena,
			      .kernel = list,
			      .kernel_count = count,
			      .left = map_new(arena),
			      .seen = map_new(arena)};

	for (size_t i = 0; i < count; i++)
		map_add(views.left, list[i].name, (void *)&list[i]);
	if (node)
		compare_file(&views, node);
	for (size_t i = 0; i < count; i++) {
		struct interface_view *view;

		if (map_get(views.seen, list[i].name))
			continue;
		view = view_of(&views, list[i].name);
		view->quiet = is_fallback(&list[i]);
		if (node && !view->quiet)
			add(view, arena, DRIFT_INTERFACE, NULL, list[i].name);
	}
	*view_count = views.count;
	return views.list;
}
