/* SPDX-License-Identifier: MIT */
/* What a link does to the packets of one direction: delay, loss, rate and the like, as values. */
#ifndef TOPOLOGY_IMPAIRMENT_H
#define TOPOLOGY_IMPAIRMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* Each is a key of the file, called as in the table of impairment.c. */
enum impair {
	IMPAIR_DELAY,
	IMPAIR_JITTER,
	IMPAIR_DISTRIBUTION,
	IMPAIR_LOSS,
	IMPAIR_DUPLICATE,
	IMPAIR_CORRUPT,
	IMPAIR_REORDER,
	IMPAIR_RATE,
	IMPAIR_LIMIT,
	IMPAIR_SEED,
	IMPAIR_COUNT,
};

enum distribution {
	DISTRIBUTION_UNIFORM,
	DISTRIBUTION_NORMAL,
	DISTRIBUTION_PARETO,
	DISTRIBUTION_PARETONORMAL,
	DISTRIBUTION_COUNT,
};

/* A probability, and how much it depends on the last packet's; in parts of UINT32_MAX, as the
 * kernel has them. */
struct chance {
	uint32_t probability, correlation;
};

enum loss_model {
	LOSS_NONE,
	LOSS_RANDOM,  /* parameters: probability, correlation */
	LOSS_STATE,   /* p13, p31, p32, p23, p14: four states, tc-netem(8) */
	LOSS_GEMODEL, /* p, r, 1-h, 1-k: Gilbert-Elliott */
};
#define LOSS_PARAMETERS 5

struct loss {
	enum loss_model model;
	uint32_t parameters[LOSS_PARAMETERS];
};

/* Zero is none of anything. */
struct impairment {
	unsigned given;		     /* 1 << enum impair: said to be so, be it "none" */
	int64_t delay, jitter;	     /* nanoseconds */
	uint32_t jitter_correlation; /* as of struct chance */
	enum distribution distribution;
	struct loss loss;
	struct chance duplicate, corrupt, reorder;
	uint32_t gap;	/* with reorder: of so many packets one is sent ahead */
	uint64_t rate;	/* bytes a second */
	uint32_t limit; /* packets in the queue; 0: by rate */
	bool seeded;
	uint64_t seed; /* of the random numbers */
};

/* The same, with where each of it stands. */
struct impaired {
	struct impairment values;
	struct place places[IMPAIR_COUNT];
};

/* "delay", ...; and what it takes, for the user. */
const char *impair_word(enum impair which);
const char *impair_takes(enum impair which);

/* The impairment of that name; IMPAIR_COUNT: none. */
enum impair impair_find(const char *word);

const char *distribution_word(enum distribution distribution);

/* The words that a value of it can have behind its number, or instead of one; closed by NULL. */
const char *const *impair_words(enum impair which);

/*
 * Read the text of one value, with blanks or commas between its parts; "none" takes it away.
 * Returns NULL, or what is wrong as words that follow the text: "is more than 100%".
 */
const char *impair_parse(enum impair which, const char *text, struct impairment *to);

/* Take over from `over` what is given there. */
void impairment_merge(struct impairment *to, const struct impairment *over);
void impaired_merge(struct impaired *to, const struct impaired *over);

/* Does chance decide on anything of it? */
bool impairment_is_random(const struct impairment *impairment);

/* Does it do anything to packets; does any of it take netem, and not the rate alone? */
bool impairment_acts(const struct impairment *impairment);
bool impairment_takes_netem(const struct impairment *impairment);

/* NULL, or why one of them cannot be without the others that are there. */
const char *impairment_wrong(const struct impairment *impairment, enum impair which);

/* The value of one of them as impair_parse() reads it, "" where there is none. Returns buffer. */
#define IMPAIR_TEXT_SIZE 96
const char *impair_text(const struct impairment *impairment, enum impair which,
			char buffer[IMPAIR_TEXT_SIZE]);

/* All of them: "delay=40ms loss=1%,25%"; "" for none. Returns buffer. */
#define IMPAIRMENT_TEXT_SIZE 512
const char *impairment_text(const struct impairment *impairment, char buffer[IMPAIRMENT_TEXT_SIZE]);

#endif
