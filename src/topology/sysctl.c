// SPDX-License-Identifier: MIT
// Which settings below /proc/sys are a node's own.
#include "topology/sysctl.h"

#include <string.h>

const struct sysctl_owner *sysctl_owner(const char *path)
{
	static const struct sysctl_owner owners[] = {
		{"net/", ISOLATE_NET, "net"},		 /* net/sysctl_net.c */
		{"kernel/hostname", ISOLATE_UTS, "uts"}, /* kernel/utsname_sysctl.c */
		{"kernel/domainname", ISOLATE_UTS, "uts"},
		{"kernel/shm", ISOLATE_IPC, "ipc"}, /* ipc/ipc_sysctl.c */
		{"kernel/msg", ISOLATE_IPC, "ipc"},
		{"kernel/sem", ISOLATE_IPC, "ipc"},
		{"kernel/auto_msgmni", ISOLATE_IPC, "ipc"},
		{"fs/mqueue/", ISOLATE_IPC, "ipc"}, /* ipc/mq_sysctl.c */
	};

	for (size_t i = 0; i < sizeof(owners) / sizeof(*owners); i++)
		if (!strncmp(path, owners[i].start, strlen(owners[i].start)))
			return &owners[i];
	return NULL;
}

const char *sysctl_interface(const char *path, size_t *length)
{
	/* net/ipv4/devinet.c, net/ipv6/addrconf.c, net/core/neighbour.c, net/mpls/af_mpls.c */
	static const char *const tables[] = {"/conf/", "/neigh/"};
	static const char *const of_all[] = {"all/", "default/"};

	if (strncmp(path, "net/", 4) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const char *name = strstr(path, tables[i]);

		if (!name)
			continue;
		name += strlen(tables[i]);
		for (size_t j = 0; j < sizeof(of_all) / sizeof(*of_all); j++)
			if (!strncmp(name, of_all[j], strlen(of_all[j])))
				return NULL;
		*length = strcspn(name, "/");
		return name;
	}
	return NULL;
}

bool sysctl_names_interface(const char *path)
{
	size_t length;
	const char *name = sysctl_interface(path, &length);

	return name && strncmp(name, "lo/", 3) != 0;
}
