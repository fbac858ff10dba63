// SPDX-License-Identifier: MIT
// Keys and peers of wireguard devices, over generic netlink.
#include "kernel/wireguard.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "topology/device.h"

#define ANSWER_SIZE  (16 * 1024)
#define SIZE_BASE    1024
#define SIZE_ALLOWED 64 /* one prefix, with its headers */

/* Send a message and hand what is answered to `take`. Returns 0 or -errno. */
static int ask(struct mnl_socket *socket, const struct nlmsghdr *message, mnl_cb_t take, void *data)
{
	_Alignas(struct nlmsghdr) char answer[ANSWER_SIZE];
	int more = MNL_CB_OK;

	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	while (more > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		more = mnl_cb_run(answer, (size_t)n, message->nlmsg_seq,
				  mnl_socket_get_portid(socket), take, data);
	}
	return more < 0 ? -errno : 0;
}

static struct nlmsghdr *start(void *buffer, uint16_t type, uint16_t flags, uint8_t command)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = 1;
	header->cmd = command;
	header->version = WG_GENL_VERSION; /* which is that of generic netlink's own messages too */
	return message;
}

static int take_family(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, answer, sizeof(struct genlmsghdr)) if (mnl_attr_get_type(attr) ==
								       CTRL_ATTR_FAMILY_ID) *
		(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int find_family(struct wireguard *talk)
{
	_Alignas(struct nlmsghdr) char buffer[SIZE_BASE];
	struct nlmsghdr *message = start(buffer, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
	return ask(talk->socket, message, take_family, &talk->family);
}

/* One conversation does for all devices and peers of a node, of which a mesh has many. */
static int begin(struct wireguard *talk, char text[WIREGUARD_TEXT_SIZE])
{
	int failed = 0;

	if (talk->family)
		return 0;
	if (!talk->socket)
		talk->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!talk->socket || mnl_socket_bind(talk->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	failed = find_family(talk);
	if (failed)
		snprintf(text, WIREGUARD_TEXT_SIZE, "the kernel's wireguard cannot be spoken to");
	return failed;
}

void wireguard_close(struct wireguard *talk)
{
	if (talk->socket)
		mnl_socket_close(talk->socket);
}

static int set_key(const struct wireguard *talk, const struct interface *interface)
{
	_Alignas(struct nlmsghdr) char buffer[SIZE_BASE];
	struct nlmsghdr *message = start(buffer, talk->family, NLM_F_ACK, WG_CMD_SET_DEVICE);
	uint8_t private[WG_KEY_LEN];
	int failed = -EIO;

	/* The kernel clamps it, as X25519 wants (RFC 7748, 5). */
	if (getrandom(private, sizeof(private), 0) == sizeof(private)) {
		mnl_attr_put_strz(message, WGDEVICE_A_IFNAME, interface->name);
		mnl_attr_put(message, WGDEVICE_A_PRIVATE_KEY, sizeof(private), private);
		mnl_attr_put_u16(message, WGDEVICE_A_LISTEN_PORT,
				 (uint16_t)interface->device->port);
		failed = ask(talk->socket, message, NULL, NULL);
	}
	explicit_bzero(private, sizeof(private));
	explicit_bzero(buffer, sizeof(buffer));
	return failed;
}

static int take_public_key(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(
		attr, answer,
		sizeof(struct genlmsghdr)) if (mnl_attr_get_type(attr) == WGDEVICE_A_PUBLIC_KEY &&
					       mnl_attr_get_payload_len(attr) == WG_KEY_LEN)
		memcpy(data, mnl_attr_get_payload(attr), WG_KEY_LEN);
	return MNL_CB_OK;
}

static int read_key(const struct wireguard *talk, const struct interface *interface,
		    uint8_t key[WIREGUARD_KEY_SIZE])
{
	static const uint8_t none[WIREGUARD_KEY_SIZE];
	_Alignas(struct nlmsghdr) char buffer[SIZE_BASE];
	struct nlmsghdr *message =
		start(buffer, talk->family, NLM_F_ACK | NLM_F_DUMP, WG_CMD_GET_DEVICE);
	int failed;

	mnl_attr_put_strz(message, WGDEVICE_A_IFNAME, interface->name);
	failed = ask(talk->socket, message, take_public_key, key);
	return failed || memcmp(key, none, sizeof(none)) != 0 ? failed : -ENOKEY;
}

int wireguard_make_key(struct wireguard *talk, const struct interface *interface,
		       uint8_t key[WIREGUARD_KEY_SIZE], char text[WIREGUARD_TEXT_SIZE])
{
	int failed = begin(talk, text);

	if (!failed)
		failed = set_key(talk, interface);
	return failed ? failed : read_key(talk, interface, key);
}

static void put_endpoint(struct nlmsghdr *message, const struct address *address, uint16_t port)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (address->family == AF_INET) {
		memcpy(&ipv4.sin_addr, address->bytes, sizeof(ipv4.sin_addr));
		mnl_attr_put(message, WGPEER_A_ENDPOINT, sizeof(ipv4), &ipv4);
	} else {
		memcpy(&ipv6.sin6_addr, address->bytes, sizeof(ipv6.sin6_addr));
		mnl_attr_put(message, WGPEER_A_ENDPOINT, sizeof(ipv6), &ipv6);
	}
}

static void put_allowed(struct nlmsghdr *message, const struct address *prefix)
{
	struct nlattr *nest = mnl_attr_nest_start(message, 0);

	mnl_attr_put_u16(message, WGALLOWEDIP_A_FAMILY, prefix->family);
	mnl_attr_put(message, WGALLOWEDIP_A_IPADDR, prefix->family == AF_INET ? 4 : 16,
		     prefix->bytes);
	mnl_attr_put_u8(message, WGALLOWEDIP_A_CIDR_MASK, prefix->length);
	mnl_attr_nest_end(message, nest);
}

static void put_peer(struct nlmsghdr *message, const struct peer *peer,
		     const uint8_t key[WIREGUARD_KEY_SIZE])
{
	struct nlattr *peers = mnl_attr_nest_start(message, WGDEVICE_A_PEERS);
	struct nlattr *one = mnl_attr_nest_start(message, 0), *list;

	mnl_attr_put(message, WGPEER_A_PUBLIC_KEY, WIREGUARD_KEY_SIZE, key);
	if (peer->endpoint.family)
		put_endpoint(message, &peer->endpoint, (uint16_t)peer->interface->device->port);
	if (peer->keepalive)
		mnl_attr_put_u16(message, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL,
				 (uint16_t)peer->keepalive);
	list = mnl_attr_nest_start(message, WGPEER_A_ALLOWEDIPS);
	for (size_t i = 0; i < peer->allowed_count; i++)
		put_allowed(message, &peer->allowed[i]);
	mnl_attr_nest_end(message, list);
	mnl_attr_nest_end(message, one);
	mnl_attr_nest_end(message, peers);
}

int wireguard_add_peer(struct wireguard *talk, const struct interface *interface,
		       const struct peer *peer, const uint8_t key[WIREGUARD_KEY_SIZE],
		       char text[WIREGUARD_TEXT_SIZE])
{
	size_t size = SIZE_BASE + peer->allowed_count * SIZE_ALLOWED;
	struct nlmsghdr *message;
	int failed = begin(talk, text);
	void *buffer;

	if (failed)
		return failed;
	/* The length of a list is a number of 16 bits. */
	if (size > UINT16_MAX)
		return -EMSGSIZE;
	buffer = calloc(1, size);
	if (!buffer)
		return -ENOMEM;
	message = start(buffer, talk->family, NLM_F_ACK, WG_CMD_SET_DEVICE);
	mnl_attr_put_strz(message, WGDEVICE_A_IFNAME, interface->name);
	put_peer(message, peer, key);
	failed = ask(talk->socket, message, NULL, NULL);
	free(buffer);
	return failed;
}
