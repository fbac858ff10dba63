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
#define WORDS_SIZE  1024

#define SUFFIXES_MOST 6 /* as the C library has it */
#define NAME_SIZE     256

/* What the node's /etc/resolv.conf says. */
struct resolver {
	struct address server; /* AF_UNSPEC: none */
	char suffixes[SUFFIXES_MOST][128];
	size_t count;
};

static void read_resolver(struct resolver *resolver)
{
	AUTO_FCLOSE FILE *file = fopen("/etc/resolv.conf", "re");
	char line[1024], text[128], *rest, *word;
	struct address server;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " nameserver %127s", text) == 1 && !resolver->server.family &&
		    !value_address(text, ADDRESS_BARE, &server))
			resolver->server = server;
		word = strtok_r(line, " \t\n", &rest);
		if (!word || (strcmp(word, "search") != 0 && strcmp(word, "domain") != 0))
			continue;
		resolver->count = 0; /* the last of them counts */
		while (resolver->count < SUFFIXES_MOST && (word = strtok_r(NULL, " \t\n", &rest)))
			snprintf(resolver->suffixes[resolver->count++],
				 sizeof(resolver->suffixes[0]), "%s", word);
	}
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

/* What came of a question. */
enum answer { ANSWER_IS, ANSWER_OTHER, ANSWER_NO_NAME };

/* Print the addresses of the answer, or that there are none, into `text`. */
static enum answer read_answer(const uint8_t *answer, size_t size,
			       const struct dns_question *question, FILE *text)
{
	size_t expected = address_bits(question->address.family) / 8;
	bool is = false, any = false;
	ns_msg message;
	ns_rr record;

	if (ns_initparse(answer, (int)size, &message) < 0) {
		fputs("the answer makes no sense", text);
		return ANSWER_OTHER;
	}
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		char word[INET6_ADDRSTRLEN];
		int family;

		if (ns_parserr(&message, ns_s_an, i, &record) < 0 ||
		    (ns_rr_type(record) != ns_t_a && ns_rr_type(record) != ns_t_aaaa))
			continue;
		family = ns_rr_type(record) == ns_t_a ? AF_INET : AF_INET6;
		fprintf(text, "%s%s", any ? ", " : "it is ",
			inet_ntop(family, ns_rr_rdata(record), word, sizeof(word)));
		any = true;
		is |= ns_rr_rdlen(record) == expected &&
		      !memcmp(ns_rr_rdata(record), question->address.bytes, expected);
	}
	if (any)
		return is ? ANSWER_IS : ANSWER_OTHER;
	if (ns_msg_getflag(message, ns_f_rcode) == ns_r_nxdomain) {
		fputs("there is no such name", text);
		return ANSWER_NO_NAME;
	}
	fputs("it has no such address", text);
	return ANSWER_NO_NAME;
}

/* Ask for one name. Less than 0: nobody has answered, -errno. */
static int ask_name(int fd, const char *name, const struct dns_question *question,
		    char words[WORDS_SIZE])
{
	int type = question->address.family == AF_INET ? ns_t_a : ns_t_aaaa;
	uint8_t message[NS_PACKETSZ], answer[ANSWER_SIZE];
	int size = res_mkquery(ns_o_query, name, ns_c_in, type, NULL, 0, NULL, message,
			       sizeof(message));
	ssize_t got = size < 0 ? -EINVAL : ask(fd, message, (size_t)size, answer);
	AUTO_FCLOSE FILE *text = fmemopen(words, WORDS_SIZE - 1, "w") /* the last stays 0 */;

	if (got < 0 || !text)
		return got < 0 ? (int)got : -errno;
	return (int)read_answer(answer, (size_t)got, question, text);
}

/* As the C library does: one without a dot with the suffixes first, others with them at last. */
static int ask_names(int fd, const struct resolver *resolver, const struct dns_question *question,
		     char words[WORDS_SIZE])
{
	bool plain_first = strchr(question->name, '.') != NULL;
	size_t length = strlen(question->name);
	/* With a dot at its end it is whole. */
	size_t suffixes = length && question->name[length - 1] == '.' ? 0 : resolver->count;
	int found = ANSWER_NO_NAME;

	for (size_t i = 0; i <= suffixes && found == ANSWER_NO_NAME; i++) {
		bool plain = i == (plain_first ? 0 : suffixes);
		char name[NAME_SIZE];

		snprintf(name, sizeof(name), "%s%s%s", question->name, plain ? "" : ".",
			 plain ? "" : resolver->suffixes[plain_first ? i - 1 : i]);
		found = ask_name(fd, name, question, words);
	}
	return found;
}

static int tell(const char *line, int status)
{
	puts(line);
	fflush(stdout);
	return status;
}

int dns_ask(const void *data)
{
	const struct dns_question *question = data;
	char words[WORDS_SIZE] = "", text[ADDRESS_TEXT_SIZE];
	struct resolver resolver = {0};
	AUTO_CLOSE int fd = -1;
	int found;

	read_resolver(&resolver);
	if (question->server.family)
		resolver.server = question->server;
	if (!resolver.server.family)
		return tell("/etc/resolv.conf of the node names no name server", DNS_UNASKED);
	/* Whom it asks it tells before: the answer may never come. */
	tell(address_text(&resolver.server, true, text), 0);
	fd = open_socket(&resolver.server);
	found = fd < 0 ? -errno : ask_names(fd, &resolver, question, words);
	if (found < 0)
		snprintf(words, sizeof(words), "the name server cannot be asked: %s",
			 strerror(-found));
	return tell(words, found == ANSWER_IS ? 0 : DNS_OTHER);
}
