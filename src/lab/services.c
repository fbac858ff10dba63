// SPDX-License-Identifier: MIT
// The services of a running node as they are now.
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/lab.h"
#include "lab/slot.h"

/*
 * What has a number but no process is not there any more, whatever the slot says: its node was
 * killed before it could say so.
 */
static void look(const struct lab_node *node, const struct slot *slot, struct lab_service *service)
{
	service->state = (enum service_state)slot->state;
	service->status = slot->status;
	service->restarts = slot->restarts;
	service->since = slot->since;
	if (!slot->pid)
		return;
	service->pid = process_child_inside(&node->process, slot->pid);
	if (!service->pid)
		service->state = SERVICE_GONE;
}

int lab_services(const struct lab *lab, const struct lab_node *node, struct arena *arena,
		 struct lab_service **services, size_t *count, struct error *err)
{
	const struct slot *slots;
	ssize_t total = slots_open(lab->folder, &slots);

	*services = NULL;
	*count = 0;
	if (total < 0)
		return error_set(err, (int)-total, "cannot see the services of lab %s", lab->name);
	for (ssize_t i = 0; i < total; i++) {
		struct lab_service *service;
		struct slot slot;

		if (strncmp(slots[i].node, node->name, sizeof(slots[i].node)) != 0)
			continue;
		slot_get(&slots[i], &slot);
		service = array_push(arena, *services, *count);
		service->name = arena_strdup(arena, slot.name);
		look(node, &slot, service);
	}
	slots_close(slots, total);
	return 0;
}
