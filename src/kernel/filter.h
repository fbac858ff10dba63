/* SPDX-License-Identifier: MIT */
/* What filters (nftables, iptables) of a node can drop, as their own programs list them. */
#ifndef KERNEL_FILTER_H
#define KERNEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum filter_hook {
	FILTER_PREROUTING,
	FILTER_INPUT,
	FILTER_FORWARD,
	FILTER_OUTPUT,
	FILTER_POSTROUTING,
};

/* What can drop at a hook: a rule, or a chain's policy. */
struct filter_drop {
	const char *chain;    /* "inet filter forward" */
	const char *rule;     /* "ip saddr 10.0.0.0/8 drop", "policy drop" */
	bool is_policy;	      /* it drops what no rule of the chain accepts */
	const char **accepts; /* of a policy: these rules */
	size_t accept_count;
};

/*
 * All that can drop at that hook, in the network namespace that the caller is in, in the order of
 * the lists. *known is false where there is no program to ask.
 */
struct filter_drop *filter_drops(enum filter_hook hook, struct arena *arena, size_t *count,
				 bool *known);

/* The same out of what `nft list ruleset` printed. */
struct filter_drop *filter_parse_nft(const char *text, enum filter_hook hook, struct arena *arena,
				     size_t *count);

const char *filter_hook_word(enum filter_hook hook);

#endif
