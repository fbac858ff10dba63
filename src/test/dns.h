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

/*
 * Ask (a struct dns_question), and print what was answered. Returns 0 where the address is among
 * it, else 1.
 */
int dns_ask(const void *question);

#endif
