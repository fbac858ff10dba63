// SPDX-License-Identifier: MIT
// What a topology needs of the kernel and of the machine, tried before anything is built.
#include "lab/needs.h"

#include <sys/socket.h>

#include "base/error.h"
#include "base/fault.h"
#include "kernel/feature.h"
#include "kernel/room.h"
#include "lab/worker.h"
#include "topology/model.h"
#include "topology/programs.h"

#define SHOWN_LIMIT 20 /* places of one feature; a lab can have 100,000 */

/* Without a veth or a bridge the building fails with the kernel's own words, and at once. */
static bool is_tried_by_building(enum feature feature)
{
	return feature == FEATURE_VETH || feature == FEATURE_BRIDGE;
}

/* Returns whether it is worth a process to try them. */
static bool collect(const struct topology *topology, bool wanted[FEATURE_COUNT])
{
	bool worth = false;

	for (size_t i = 0; i < topology->need_count; i++) {
		enum feature feature = topology->needs[i].feature;

		wanted[feature] = true;
		worth |= !is_tried_by_building(feature);
	}
	return worth;
}

static void add_fault(struct faults *faults, const struct need *need, int number)
{
	char cause[FEATURE_CAUSE_SIZE], remedy[FEATURE_REMEDY_SIZE];

	fault_add(faults, need->place, "%s needs %s: %s; remedy: %s", need->key,
		  features[need->feature].name, feature_cause(need->feature, number, cause),
		  feature_remedy(need->feature, number, remedy));
}

static void add_rest(struct faults *faults, const struct topology *topology,
		     const size_t counts[FEATURE_COUNT])
{
	for (int i = 0; i < FEATURE_COUNT; i++)
		if (counts[i] > SHOWN_LIMIT)
			fault_add(faults, (struct place){.file = topology->file},
				  "%zu more places need %s", counts[i] - SHOWN_LIMIT,
				  features[i].name);
}

static bool kernel_has_all(const struct topology *topology, struct faults *faults)
{
	bool wanted[FEATURE_COUNT] = {false}, met = true;
	size_t counts[FEATURE_COUNT] = {0};
	int missing[FEATURE_COUNT];
	struct error err;

	if (!collect(topology, wanted))
		return true;
	/* Where there is no namespace to try it in, building fails, and knows why. */
	if (feature_missing(wanted, missing, &err) < 0)
		return true;
	for (size_t i = 0; i < topology->need_count; i++) {
		const struct need *need = &topology->needs[i];

		if (!missing[need->feature])
			continue;
		met = false;
		if (counts[need->feature]++ < SHOWN_LIMIT)
			add_fault(faults, need, missing[need->feature]);
	}
	add_rest(faults, topology, counts);
	return met;
}

static void add_limit(struct faults *faults, const struct topology *topology,
		      const struct error *err)
{
	fault_add(faults, (struct place){.file = topology->file}, "%s", err->text);
}

static bool room_suffices(const struct topology *topology, struct faults *faults)
{
	static const unsigned kinds[] = {ISOLATE_NET, ISOLATE_UTS, ISOLATE_MOUNT,
					 ISOLATE_PID, ISOLATE_IPC, ISOLATE_CGROUP};
	const unsigned of_keeper = ISOLATE_NET | ISOLATE_MOUNT | ISOLATE_PID;
	size_t helpers = 1 + workers_for(topology->node_count); /* the keeper and its workers */
	bool met = true;
	struct error err;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t count = (kinds[i] & of_keeper) != 0;

		for (size_t j = 0; j < topology->node_count; j++)
			count += (topology->nodes[j].isolate & kinds[i]) != 0;
		if (room_for_namespaces(kinds[i], count, &err)) {
			add_limit(faults, topology, &err);
			met = false;
		}
	}
	if (room_for_processes(topology->node_count + helpers, &err)) {
		add_limit(faults, topology, &err);
		met = false;
	}
	return met;
}

static bool has_address(const struct interface *interface, int family)
{
	for (size_t i = 0; i < interface->address_count; i++)
		if (interface->addresses[i].family == family)
			return true;
	return false;
}

static size_t count_interfaces(const struct topology *topology, int family)
{
	size_t count = 0;

	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 0; k < node->interface_count; k++)
			count += node->interfaces[k].peer &&
				 has_address(&node->interfaces[k], family);
	}
	return count;
}

static void warn_of_neighbours(const struct topology *topology, struct faults *faults)
{
	static const int families[] = {AF_INET, AF_INET6};
	struct error err;

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (room_for_neighbours(families[i], count_interfaces(topology, families[i]), &err))
			warning_add(faults, (struct place){.file = topology->file}, "%s", err.text);
}

bool needs_met(const struct topology *topology, struct faults *faults)
{
	bool there = programs_there(topology, faults, SEVERITY_FAULT);
	bool fits = room_suffices(topology, faults);

	warn_of_neighbours(topology, faults);
	return kernel_has_all(topology, faults) && there && fits;
}
