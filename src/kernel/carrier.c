// SPDX-License-Identifier: MIT
// Interfaces whose cables are plugged in: taken into use at once.
#include "kernel/carrier.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "topology/model.h"

static void settle(int fd, const char *interface)
{
	struct ethtool_value question = {.cmd = ETHTOOL_GLINK};
	struct ifreq request = {.ifr_data = (char *)&question};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	ioctl(fd, SIOCETHTOOL, &request);
}

void carriers_settle(const struct node *node)
{
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (size_t i = 0; fd >= 0 && i < node->interface_count; i++)
		if (node->interfaces[i].kind != INTERFACE_LOOPBACK)
			settle(fd, node->interfaces[i].name);
	/* Last: it has a carrier when a port of it has. */
	if (fd >= 0 && node->kind == NODE_SWITCH)
		settle(fd, BRIDGE_NAME);
}
