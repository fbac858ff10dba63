// SPDX-License-Identifier: MIT
// Is a port of the network that the caller is in taken by a program?
#include "kernel/port.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define TCP_LISTEN 0x0a /* include/net/tcp_states.h */

/*
 * proc(5): "  0: 00000000:1F90 00000000:0000 0A ...", addresses in hexadecimal. Read rather than
 * asked for over netlink, as an ordinary user cannot have the module loaded that answers there.
 */
static bool is_in(const char *path, bool udp, uint16_t port)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		unsigned local, remote, state;

		if (sscanf(line, " %*[0-9]: %*[0-9A-F]:%x %*[0-9A-F]:%x %x", &local, &remote,
			   &state) == 3 &&
		    local == port && (udp || state == TCP_LISTEN))
			return true;
	}
	return false;
}

bool port_is_open(bool udp, uint16_t port)
{
	static const char *const files[2][2] = {
		{"/proc/self/net/tcp", "/proc/self/net/tcp6"},
		{"/proc/self/net/udp", "/proc/self/net/udp6"},
	};

	return is_in(files[udp][0], udp, port) || is_in(files[udp][1], udp, port);
}
