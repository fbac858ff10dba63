/* SPDX-License-Identifier: MIT */
/* One question to a name server, from inside a node. */
#ifndef TEST_DNS_H
#define TEST_DNS_H

#include "topology/model.h"

struct dns_question {
	const char *name;
	struct address address; /* that is expected */
	struct address server;	/* AF_UNSPEC: the first in /etc/resolv.conf */
};

enum { DNS_IS, DNS_OTHER, DNS_UNASKED };

/*
 * Ask (a struct dns_question) as the C library would, and print the address of the server that is
 * asked, and in another line what it has answered. Returns DNS_IS where the address is among it,
 * DNS_UNASKED where there is nobody to ask.
 */
int dns_ask(const void *question);

#endif
