// SPDX-License-Identifier: MIT
// What a rule of a filter is about, as far as its words tell.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "kernel/filter.h"

/* Is it that number, or a range with it: "179", "170-180", and "170:180" of iptables? */
static bool covers(const char *word, unsigned value)
{
	unsigned low, high;
	int read = sscanf(word, "%u%*[-:]%u", &low, &high);

	return read > 0 && low <= value && value <= (read == 2 ? high : low);
}

bool filter_rule_has(const char *rule, const char *key, unsigned value)
{
	static const char between[] = " ,{}";
	bool behind = false, negated = false;

	for (const char *word = rule + strspn(rule, between); *word;) {
		size_t length = strcspn(word, between);

		if (behind && covers(word, value))
			return true;
		if (memmem(word, length, key, strlen(key)))
			behind = !negated;
		else if (!isdigit((unsigned char)*word))
			behind = false;
		negated = length == 1 && *word == '!';
		word += length;
		word += strspn(word, between);
	}
	return false;
}

bool filter_rule_has_any(const char *rule, const char *const *words)
{
	for (; *words; words++)
		if (strstr(rule, *words))
			return true;
	return false;
}

/* Is it about some of them alone, those of an address or an interface? */
static bool is_of_some(const char *rule)
{
	static const char *const words[] = {"addr ", "iif",  "oif",  " -s ",
					    " -d ",  " -i ", " -o ", NULL};

	return filter_rule_has_any(rule, words);
}

bool filter_accepts(const struct filter_drop *policy,
		    bool (*is_about)(const char *rule, const void *packets), const void *packets)
{
	for (size_t i = 0; i < policy->accept_count; i++)
		if (is_about(policy->accepts[i], packets) && !is_of_some(policy->accepts[i]))
			return true;
	return false;
}
