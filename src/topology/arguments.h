/* SPDX-License-Identifier: MIT */
/* The arguments of a sentence, from its words into the step. */
#ifndef TOPOLOGY_ARGUMENTS_H
#define TOPOLOGY_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/phrase.h"
#include "topology/sentence.h"

struct build;
struct step;

/* A sentence as it is understood. */
struct speech {
	struct build *build;
	struct step *step;
	const struct word *words;
	size_t count; /* of those that are left to be read, from `next` on */
	size_t next;
};

/* Say what is wrong with the step, or with a word of it. */
void speech_fault(const struct speech *speech, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void speech_wrong(const struct speech *speech, const char *word, const char *wrong);

/*
 * Read an argument from the next word, or words, of which there is one at least. False, and said:
 * that could not be understood. `last`: how many words are left is not to be gone beyond.
 */
bool argument_read(struct speech *speech, enum argument argument);

#endif
