// SPDX-License-Identifier: MIT
// Words of a value, one after the other: what is common to routes, labels and segments.
#include "topology/words.h"

#include <string.h>

#include "base/text.h"
#include "topology/build.h"
#include "topology/readers.h"

struct words words_of(struct reading *reading)
{
	size_t count;

	return (struct words){value_words(reading->build->arena, reading->value, &count)};
}

bool words_next_is(const struct words *words, const char *word)
{
	return *words->next && !strcmp(*words->next, word);
}

bool words_take(struct words *words, const char *word)
{
	bool there = words_next_is(words, word);

	words->next += there;
	return there;
}

const char *words_argument(struct reading *reading, struct words *words)
{
	if (*words->next)
		return *words->next++;
	report_fault(reading->report, reading->place, "%s: nothing follows \"%s\"",
		     shown(reading->report, reading->key), words->next[-1]);
	return NULL;
}

bool words_address(struct reading *reading, const char *word, enum address_form form,
		   struct address *address)
{
	const char *wrong = value_address(word, form, address);

	if (wrong)
		words_say(reading, word, wrong);
	return !wrong;
}

bool words_number(struct reading *reading, struct words *words, uint32_t low, const char *wrong,
		  uint32_t *number)
{
	const char *word = words_argument(reading, words);
	uint64_t value;

	if (!word)
		return false;
	if (!text_number(word, low, UINT32_MAX, &value)) {
		words_say(reading, word, wrong);
		return false;
	}
	*number = (uint32_t)value;
	return true;
}

struct interface *words_interface(struct reading *reading, struct words *words)
{
	const char *word = words_argument(reading, words);

	return word ? reading_interface(reading, word) : NULL;
}

bool words_hop(struct reading *reading, struct words *words, struct next_hop *hop)
{
	if (words_take(words, "via")) {
		const char *word = words_argument(reading, words);

		if (!word || !words_address(reading, word, ADDRESS_BARE, &hop->via))
			return false;
	}
	if (words_take(words, "dev")) {
		hop->interface = words_interface(reading, words);
		return hop->interface != NULL;
	}
	return true;
}

void words_say(struct reading *reading, const char *word, const char *wrong)
{
	report_fault(reading->report, reading->place, "%s: \"%s\" %s",
		     shown(reading->report, reading->key), shown(reading->report, word), wrong);
}
