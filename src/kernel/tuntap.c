// SPDX-License-Identifier: MIT
// Interfaces whose far end is a program: netlink has no message that makes one.
#include "kernel/tuntap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "topology/device.h"

/* What is named so in the network of the caller. */
static struct ifreq request_of(const struct interface *interface)
{
	struct ifreq request = {.ifr_flags = 0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface->name);
	return request;
}

static int set_mac(int fd, const struct interface *interface)
{
	struct ifreq request = request_of(interface);

	request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(request.ifr_hwaddr.sa_data, interface->mac, sizeof(interface->mac));
	return ioctl(fd, SIOCSIFHWADDR, &request) < 0 ? -errno : 0;
}

static int set_mtu(const struct interface *interface)
{
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = request_of(interface);

	request.ifr_mtu = (int)interface->mtu;
	return fd < 0 || ioctl(fd, SIOCSIFMTU, &request) < 0 ? -errno : 0;
}

int tuntap_make(const struct interface *interface)
{
	AUTO_CLOSE int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	bool tap = device_is(interface, DEVICE_TAP);
	struct ifreq request = request_of(interface);
	unsigned index = interface->index;
	int failed = 0;

	if (fd < 0)
		return -errno;
	request.ifr_flags = (short)((tap ? IFF_TAP : IFF_TUN) | IFF_NO_PI);
	/* It stays when the descriptor is closed, which a program opens anew. */
	if (ioctl(fd, TUNSETIFINDEX, &index) < 0 || ioctl(fd, TUNSETIFF, &request) < 0 ||
	    ioctl(fd, TUNSETPERSIST, 1) < 0)
		return -errno;
	if (tap)
		failed = set_mac(fd, interface);
	if (!failed && interface->mtu)
		failed = set_mtu(interface);
	return failed;
}
