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
	const char *chain; /* "inet filter forward" */
	const char *rule;  /* "ip saddr 10.0.0.0/8 drop", "policy drop" */
	enum filter_hook hook;
	bool is_policy;	      /* it drops what no rule of the chain accepts */
	const char **accepts; /* of a policy: these rules */
	size_t accept_count;
};

/*
 * All that can drop at those hooks, in the network namespace that the caller is in, hook by hook in
 * the order of the lists; none where there is no program to ask.
 */
struct filter_drop *filter_drops(const enum filter_hook *at, size_t hook_count, struct arena *arena,
				 size_t *count);

/* The same of one hook, out of what `nft list ruleset` printed. */
struct filter_drop *filter_parse_nft(const char *text, enum filter_hook hook, struct arena *arena,
				     size_t *count);

/* The same out of what `iptables-save` printed, or that of `program` "ip6tables". */
struct filter_drop *filter_parse_iptables(const char *text, const char *program,
					  enum filter_hook hook, struct arena *arena,
					  size_t *count);

/*
 * Has the rule the number behind a word that has `key` in it, alone or among others:
 * "tcp dport { 22, 170-180 } accept" has 179 behind "port"?
 */
bool filter_rule_has(const char *rule, const char *key, unsigned value);

/* Has it one of the words, the last of which is NULL? */
bool filter_rule_has_any(const char *rule, const char *const *words);

/* Does a rule of the policy's chain that is about such packets accept them, whosever they are? */
bool filter_accepts(const struct filter_drop *policy,
		    bool (*is_about)(const char *rule, const void *packets), const void *packets);

#endif
