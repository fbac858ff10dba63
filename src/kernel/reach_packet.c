// SPDX-License-Identifier: MIT
// ICMP echo and its answers as bytes.
#include "kernel/reach_packet.h"

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>

#define ECHO_SIZE     8 /* type, code, checksum, identifier, sequence number */
#define USUAL_DATA    56
#define PACKET_LARGE  65535
#define NEXT_FRAGMENT 44

static uint16_t word_at(const unsigned char *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

static void put_word(unsigned char *data, uint16_t word)
{
	data[0] = (unsigned char)(word >> 8);
	data[1] = (unsigned char)word;
}

/* --- what arrives ----------------------------------------------------------------------------- */

/* The header of IPv4; 0 where there is no whole one. */
static size_t header_size(const unsigned char *data, size_t size)
{
	size_t length = size ? (size_t)(data[0] & 15) * 4 : 0;

	return length >= sizeof(struct iphdr) && length <= size ? length : 0;
}

static bool parse_echo(const unsigned char *data, size_t size, uint8_t type,
		       struct packet_seen *seen)
{
	if (size < ECHO_SIZE || data[0] != type)
		return false;
	seen->id = word_at(data + 4);
	seen->sequence = word_at(data + 6);
	if (size >= ECHO_SIZE + sizeof(seen->token))
		memcpy(&seen->token, data + ECHO_SIZE, sizeof(seen->token));
	return true;
}

/* The start of our own packet, which an error quotes. */
static bool parse_quoted(const unsigned char *data, size_t size, struct packet_seen *seen)
{
	size_t header = header_size(data, size);

	return header && data[9] == IPPROTO_ICMP &&
	       parse_echo(data + header, size - header, ICMP_ECHO, seen);
}

static bool parse_quoted6(const unsigned char *data, size_t size, struct packet_seen *seen)
{
	size_t header = sizeof(struct ip6_hdr);
	uint8_t next;

	if (size < header + sizeof(struct ip6_frag))
		return false;
	next = data[6];
	if (next == NEXT_FRAGMENT) {
		next = data[header];
		header += sizeof(struct ip6_frag);
	}
	return next == IPPROTO_ICMPV6 &&
	       parse_echo(data + header, size - header, ICMP6_ECHO_REQUEST, seen);
}

static bool parse4(const unsigned char *data, size_t size, struct packet_seen *seen)
{
	size_t header = header_size(data, size);

	if (!header || size < header + ECHO_SIZE)
		return false;
	data += header;
	size -= header;
	seen->type = data[0];
	seen->code = data[1];
	seen->reply = data[0] == ICMP_ECHOREPLY;
	if (seen->reply)
		return parse_echo(data, size, ICMP_ECHOREPLY, seen);
	if (data[0] == ICMP_DEST_UNREACH && data[1] == ICMP_FRAG_NEEDED)
		seen->mtu = word_at(data + 6);
	return parse_quoted(data + ECHO_SIZE, size - ECHO_SIZE, seen);
}

static bool parse6(const unsigned char *data, size_t size, struct packet_seen *seen)
{
	if (size < ECHO_SIZE)
		return false;
	seen->type = data[0];
	seen->code = data[1];
	seen->reply = data[0] == ICMP6_ECHO_REPLY;
	if (seen->reply)
		return parse_echo(data, size, ICMP6_ECHO_REPLY, seen);
	if (data[0] == ICMP6_PACKET_TOO_BIG)
		seen->mtu = (uint32_t)word_at(data + 4) << 16 | word_at(data + 6);
	return parse_quoted6(data + ECHO_SIZE, size - ECHO_SIZE, seen);
}

bool packet_parse(const unsigned char *data, size_t size, bool old, struct packet_seen *seen)
{
	*seen = (struct packet_seen){0};
	return old ? parse4(data, size, seen) : parse6(data, size, seen);
}

void packet_filter(int socket, bool old)
{
	static const unsigned char wanted6[] = {ICMP6_ECHO_REPLY, ICMP6_DST_UNREACH,
						ICMP6_PACKET_TOO_BIG, ICMP6_TIME_EXCEEDED,
						ICMP6_PARAM_PROB};
	struct icmp_filter filter = {~(1U << ICMP_ECHOREPLY | 1U << ICMP_DEST_UNREACH |
				       1U << ICMP_TIME_EXCEEDED | 1U << ICMP_PARAMETERPROB)};
	struct icmp6_filter filter6;

	if (old) {
		setsockopt(socket, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
		return;
	}
	ICMP6_FILTER_SETBLOCKALL(&filter6);
	for (size_t i = 0; i < sizeof(wanted6); i++)
		ICMP6_FILTER_SETPASS(wanted6[i], &filter6);
	setsockopt(socket, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6, sizeof(filter6));
}

/* --- what is sent ----------------------------------------------------------------------------- */

/* The Internet checksum; zeros behind the data change nothing. */
static uint16_t checksum(const unsigned char *data, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i += 2)
		sum += word_at(data + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put_control(struct msghdr *message, int level, int type, const void *data, size_t size)
{
	unsigned char *place = (unsigned char *)message->msg_control + message->msg_controllen;
	struct cmsghdr *item = (struct cmsghdr *)place;

	*item = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
	memcpy(CMSG_DATA(item), data, size);
	message->msg_controllen += CMSG_SPACE(size);
}

static void put_controls(struct packet_draft *draft, const struct reach *reach, int hop_limit)
{
	bool old = reach->to.family == AF_INET;
	struct in_pktinfo info = {0};
	struct in6_pktinfo info6 = {0};

	put_control(&draft->message, old ? IPPROTO_IP : IPPROTO_IPV6, old ? IP_TTL : IPV6_HOPLIMIT,
		    &hop_limit, sizeof(hop_limit));
	if (reach->from.family == AF_UNSPEC)
		return;
	memcpy(&info.ipi_spec_dst, reach->from.bytes, sizeof(info.ipi_spec_dst));
	memcpy(&info6.ipi6_addr, reach->from.bytes, sizeof(info6.ipi6_addr));
	if (old)
		put_control(&draft->message, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	else
		put_control(&draft->message, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
}

/* Bytes behind the head: what makes the whole packet as large as is asked for. */
static size_t data_size(const struct reach *reach)
{
	size_t header = reach->to.family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ip6_hdr);
	size_t head = header + ECHO_SIZE + sizeof(uint64_t);
	size_t size = reach->size ? reach->size : header + ECHO_SIZE + USUAL_DATA;

	if (size > PACKET_LARGE)
		size = PACKET_LARGE;
	return size > head ? size - head : 0;
}

void packet_write(struct packet_draft *draft, const struct reach *reach, uint16_t id,
		  uint16_t sequence, uint64_t token, uint8_t hop_limit)
{
	static unsigned char zeros[PACKET_LARGE];
	bool old = reach->to.family == AF_INET;

	memset(draft->head, 0, sizeof(draft->head));
	draft->head[0] = old ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	put_word(draft->head + 4, id);
	put_word(draft->head + 6, sequence);
	memcpy(draft->head + ECHO_SIZE, &token, sizeof(token));
	if (old) /* of IPv6 the kernel makes it */
		put_word(draft->head + 2, checksum(draft->head, sizeof(draft->head)));
	draft->parts[0] = (struct iovec){draft->head, sizeof(draft->head)};
	draft->parts[1] = (struct iovec){zeros, data_size(reach)};
	draft->message = (struct msghdr){
		.msg_name = &draft->name,
		.msg_namelen = reach_name(&reach->to, 0, reach->scope, &draft->name),
		.msg_iov = draft->parts,
		.msg_iovlen = 2,
		.msg_control = draft->control};
	put_controls(draft, reach, hop_limit);
}
