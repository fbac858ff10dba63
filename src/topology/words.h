/* SPDX-License-Identifier: MIT */
/* The words of a value with a grammar of its own, taken one after the other. */
#ifndef TOPOLOGY_WORDS_H
#define TOPOLOGY_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "topology/values.h"

struct next_hop;
struct reading;

/* Those that are not read yet; closed by NULL. */
struct words {
	char **next;
};

/* All words of the key's value. */
struct words words_of(struct reading *reading);

bool words_next_is(const struct words *words, const char *word);

/* Step over the word, if it is the next one. */
bool words_take(struct words *words, const char *word);

/* The word behind `via`, `dev` or `metric`; NULL, which is said, if there is none. */
const char *words_argument(struct reading *reading, struct words *words);

/* An address, or false, which is said. */
bool words_address(struct reading *reading, const char *word, enum address_form form,
		   struct address *address);

/* A number behind `metric` or `table`; else it "is WHAT IT IS NOT", which is said. */
bool words_number(struct reading *reading, struct words *words, uint32_t low, const char *wrong,
		  uint32_t *number);

/* The interface behind `dev` or `vrf`; NULL, which is said, if there is none. */
struct interface *words_interface(struct reading *reading, struct words *words);

/* `via ADDRESS` and `dev INTERFACE`, either or both; false if one is wrong, which is said. */
bool words_hop(struct reading *reading, struct words *words, struct next_hop *hop);

/* "KEY: "WORD" WRONG" */
void words_say(struct reading *reading, const char *word, const char *wrong);

#endif
