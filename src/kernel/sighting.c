// SPDX-License-Identifier: MIT
// Packets of one conversation, seen as they enter and leave the interfaces of nodes.
#include "kernel/sighting.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#define READ_MOST   4096 /* packets of others, at a socket, before it is given up */
#define PACKET_SIZE 256
#define LABEL_SIZE  4
#define LABEL_LAST  0x01 /* in its third byte: the bottom of the stack */

/* --- what a packet is ------------------------------------------------------------------------- */

/* Where the addresses and the payload are. */
struct parts {
	const unsigned char *from, *to, *data;
	size_t size; /* of the data */
	uint8_t protocol;
};

static bool split4(const unsigned char *data, size_t size, struct parts *parts)
{
	size_t header = size >= 20 ? (size_t)(data[0] & 15) * 4 : 0;

	if (header < 20 || header > size)
		return false;
	*parts = (struct parts){data + 12, data + 16, data + header, size - header, data[9]};
	return true;
}

static bool split6(const unsigned char *data, size_t size, struct parts *parts)
{
	size_t header = sizeof(struct ip6_hdr);
	uint8_t next;

	if (size < header)
		return false;
	next = data[6];
	if (next == IPPROTO_FRAGMENT && size >= header + sizeof(struct ip6_frag)) {
		next = data[header];
		header += sizeof(struct ip6_frag);
	}
	*parts = (struct parts){data + 8, data + 24, data + header, size - header, next};
	return true;
}

static bool is_echo(const struct watched *watched, const struct parts *parts, bool reply)
{
	bool old = watched->to.family == AF_INET;
	uint8_t wanted = old ? (reply ? ICMP_ECHOREPLY : ICMP_ECHO) : (reply ? 129 : 128);

	return parts->size >= 1 && parts->data[0] == wanted;
}

/* The port at the end that is watched. */
static bool has_port(const struct watched *watched, const struct parts *parts, bool reply)
{
	const unsigned char *place = parts->data + (reply ? 0 : 2);

	return parts->size >= 4 && (place[0] << 8 | place[1]) == watched->port;
}

bool sighting_matches(const struct watched *watched, uint16_t ethertype, const unsigned char *data,
		      size_t size, bool *reply)
{
	bool old = watched->to.family == AF_INET;
	size_t length = old ? 4 : 16;
	struct parts parts;

	if (ethertype == ETH_P_MPLS_UC) {
		while (size > LABEL_SIZE && !(data[2] & LABEL_LAST)) {
			data += LABEL_SIZE;
			size -= LABEL_SIZE;
		}
		data += LABEL_SIZE;
		size = size > LABEL_SIZE ? size - LABEL_SIZE : 0;
	} else if (ethertype != (old ? ETH_P_IP : ETH_P_IPV6)) {
		return false;
	}
	if (!size || data[0] >> 4 != (old ? 4 : 6) ||
	    !(old ? split4(data, size, &parts) : split6(data, size, &parts)) ||
	    parts.protocol != watched->protocol)
		return false;
	*reply = memcmp(parts.from, watched->to.bytes, length) == 0;
	if (!*reply && memcmp(parts.to, watched->to.bytes, length) != 0)
		return false;
	return watched->port ? has_port(watched, &parts, *reply) : is_echo(watched, &parts, *reply);
}

/* --- watching --------------------------------------------------------------------------------- */

/* In the kernel: only what may be of the protocol, so that bulk traffic does not fill the buffer.
 */
static void narrow(int socket, uint8_t protocol)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x40, 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol, 3, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, PACKET_SIZE),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = {sizeof(program) / sizeof(*program), program};

	setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

int sightings_watch(struct sightings *sightings, uint32_t node)
{
	struct sockaddr_ll name = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	sightings->sockets[node] = -1;
	if (fd < 0)
		return -errno;
	narrow(fd, sightings->watched.protocol); /* before it hears anything */
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0) {
		int number = errno;

		close(fd);
		return -number;
	}
	sightings->sockets[node] = fd;
	return 0;
}

static void note(struct sightings *sightings, uint32_t node, const struct sockaddr_ll *name,
		 bool reply)
{
	bool out = name->sll_pkttype == PACKET_OUTGOING;
	uint32_t index = (uint32_t)name->sll_ifindex;

	if (!sightings_has(sightings, node, index, reply, out))
		*array_push(sightings->arena, sightings->list, sightings->seen) =
			(struct sighting){node, index, reply, out};
}

static void read_one(struct sightings *sightings, uint32_t node)
{
	unsigned char data[PACKET_SIZE];
	struct sockaddr_ll name = {0};
	bool reply;

	for (int i = 0; i < READ_MOST; i++) {
		socklen_t size = sizeof(name);
		ssize_t got = recvfrom(sightings->sockets[node], data, sizeof(data), 0,
				       (struct sockaddr *)&name, &size);

		if (got < 0)
			return;
		if (sighting_matches(&sightings->watched, ntohs(name.sll_protocol), data,
				     (size_t)got, &reply))
			note(sightings, node, &name, reply);
	}
}

void sightings_read(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->count; i++)
		if (sightings->sockets[i] >= 0)
			read_one(sightings, (uint32_t)i);
}

void sightings_close(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->count; i++)
		if (sightings->sockets[i] >= 0)
			close(sightings->sockets[i]);
}

bool sightings_has(const struct sightings *sightings, uint32_t node, uint32_t index, bool reply,
		   bool out)
{
	for (size_t i = 0; i < sightings->seen; i++) {
		const struct sighting *one = &sightings->list[i];

		if (one->node == node && one->index == index && one->reply == reply &&
		    one->out == out)
			return true;
	}
	return false;
}
