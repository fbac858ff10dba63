// SPDX-License-Identifier: MIT
// One question to a name server, from inside a node.
#include "test/dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "topology/values.h"

#define ANSWER_SIZE 4096
#define TRY_TIME    1000 /* milliseconds: then it is asked again */
#define TRIES	    8

static bool find_server(struct address *server)
{
	AUTO_FCLOSE FILE *file = fopen("/etc/resolv.conf", "re");
	char line[256], text[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " nameserver %127s", text) == 1 &&
		    !value_address(text, ADDRESS_BARE, server))
			return true;
	return false;
}

static int open_socket(const struct address *server)
{
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(NS_DEFAULTPORT)};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(NS_DEFAULTPORT)};
	bool is_ipv4 = server->family == AF_INET;
	int fd = socket(server->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&ipv4.sin_addr, server->bytes, sizeof(ipv4.sin_addr));
	memcpy(&ipv6.sin6_addr, server->bytes, sizeof(ipv6.sin6_addr));
	if (fd >= 0 && connect(fd, is_ipv4 ? (struct sockaddr *)&ipv4 : (struct sockaddr *)&ipv6,
			       is_ipv4 ? sizeof(ipv4) : sizeof(ipv6)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Returns the size of the answer to the question, or less than 0. */
static ssize_t ask(int fd, const uint8_t *message, size_t size, uint8_t *answer)
{
	for (int tries = 0; tries < TRIES; tries++) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};

		if (send(fd, message, size, 0) < 0)
			return -errno;
		while (poll(&wait, 1, TRY_TIME) > 0) {
			ssize_t n = recv(fd, answer, ANSWER_SIZE, 0);

			if (n < 0)
				return -errno;
			if (n >= NS_HFIXEDSZ && !memcmp(answer, message, 2))
				return n;
		}
	}
	return -ETIMEDOUT;
}

/* Print the addresses of the answer. Returns whether the one that is expected is among them. */
static bool read_answer(const uint8_t *answer, size_t size, const struct dns_question *question)
{
	size_t expected = address_bits(question->address.family) / 8;
	bool is = false, any = false;
	ns_msg message;
	ns_rr record;

	if (ns_initparse(answer, (int)size, &message) < 0) {
		puts("the answer makes no sense");
		return false;
	}
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		char text[INET6_ADDRSTRLEN];
		int family;

		if (ns_parserr(&message, ns_s_an, i, &record) < 0 ||
		    (ns_rr_type(record) != ns_t_a && ns_rr_type(record) != ns_t_aaaa))
			continue;
		family = ns_rr_type(record) == ns_t_a ? AF_INET : AF_INET6;
		printf("%s%s", any ? ", " : "it is ",
		       inet_ntop(family, ns_rr_rdata(record), text, sizeof(text)));
		any = true;
		is |= ns_rr_rdlen(record) == expected &&
		      !memcmp(ns_rr_rdata(record), question->address.bytes, expected);
	}
	if (!any)
		printf("%s", ns_msg_getflag(message, ns_f_rcode) == ns_r_nxdomain
				     ? "there is no such name"
				     : "it has no such address");
	putchar('\n');
	return is;
}

int dns_ask(const void *data)
{
	const struct dns_question *question = data;
	int type = question->address.family == AF_INET ? ns_t_a : ns_t_aaaa;
	struct address server = question->server;
	uint8_t message[NS_PACKETSZ], answer[ANSWER_SIZE];
	AUTO_CLOSE int fd = -1;
	ssize_t size;
	bool is = false;

	if (!server.family && !find_server(&server)) {
		puts("/etc/resolv.conf of the node names no name server");
		fflush(stdout);
		return 1;
	}
	size = res_mkquery(ns_o_query, question->name, ns_c_in, type, NULL, 0, NULL, message,
			   sizeof(message));
	fd = size < 0 ? -1 : open_socket(&server);
	size = fd < 0 ? -errno : ask(fd, message, (size_t)size, answer);
	if (size < 0)
		printf("the name server cannot be asked: %s\n", strerror((int)-size));
	else
		is = read_answer(answer, (size_t)size, question);
	fflush(stdout);
	return is ? 0 : 1;
}
