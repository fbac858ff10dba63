// SPDX-License-Identifier: MIT
// The machine's /sys, which shows its interfaces: out of sight of the nodes.
#include "lab/hide_sys.h"

#include <limits.h>
#include <stdio.h>

#include "kernel/namespace.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/folder.h"

bool sys_hides_once(const struct topology *topology)
{
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		/* With limits it enters its control group, below /sys, by itself. */
		if (!(node->isolate & ISOLATE_MOUNT) || limits_given(&node->limits))
			return false;
	}
	return true;
}

int sys_hide(const struct build *build, struct error *err)
{
	char none[PATH_MAX];

	snprintf(none, sizeof(none), "%s/" FOLDER_FILES "/" FILES_NONE, build->folder_path);
	return mount_no_sys(none, err);
}
