// SPDX-License-Identifier: MIT
// Where programs can be reached: ports of the network that the caller is in, and sockets.
#include "kernel/port.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

bool path_is_served(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = -1;
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	if (!S_ISSOCK(st.st_mode) || strlen(path) >= sizeof(address.sun_path))
		return true;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
	       errno != ECONNREFUSED;
}
