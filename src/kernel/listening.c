// SPDX-License-Identifier: MIT
// Ports on which programs wait, in the network namespace that the caller is in.
#include "kernel/listening.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/error.h"

/* As /proc/net/tcp has states: of a socket that listens, and of one of UDP without a peer. */
#define STATE_LISTEN 0x0a
#define STATE_ALONE  0x07

/* The file is of the thread's network namespace, and takes no module as sock_diag(7) does. */
static int look_into(const char *name, uint16_t port, unsigned wanted, struct error *err)
{
	AUTO_FCLOSE FILE *file = NULL;
	char path[64], line[512];

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", name);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : error_set(err, errno, "cannot read %s", path);
	while (fgets(line, sizeof(line), file)) {
		unsigned local, state;

		if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &local, &state) == 2 &&
		    local == port && state == wanted)
			return 1;
	}
	return 0;
}

int listening(int family, uint16_t port, bool udp, struct error *err)
{
	unsigned wanted = udp ? STATE_ALONE : STATE_LISTEN;
	int found = 0;

	if (family != AF_INET6)
		found = look_into(udp ? "udp" : "tcp", port, wanted, err);
	if (!found && family != AF_INET)
		found = look_into(udp ? "udp6" : "tcp6", port, wanted, err);
	return found;
}
