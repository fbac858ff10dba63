/* SPDX-License-Identifier: MIT */
/* What a topology file is to be generated of: a kind, its sizes, its hosts, its routing. */
#ifndef GENERATE_SHAPE_H
#define GENERATE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;
struct kind;

/* How packets find their ways. */
enum ways {
	WAYS_NONE,   /* not at all: that is left to the user */
	WAYS_STATIC, /* by routes that nslab computes */
	WAYS_OSPF,   /* by FRR */
	WAYS_BGP,
	WAYS_COUNT,
};
extern const char *const ways_names[WAYS_COUNT];

#define SIZES_MOST 2
/* At one router: what its half of a /24 has room for. */
#define HOSTS_MOST 125

struct shape {
	struct arena *arena;
	const struct kind *kind;
	uint32_t size[SIZES_MOST];
	uint32_t hosts; /* at each router that has any */
	enum ways ways;
	uint64_t seed;
	const char *folder; /* of FRR's files, as the topology file names it; NULL: it needs none */
};

struct size_row {
	const char *what; /* NULL: the kind has no such size */
	uint32_t low, high;
	uint32_t by_default; /* 0: it must be given */
};

struct kind {
	const char *name;
	const char *sizes; /* for the user: "COLUMNSxROWS" */
	const char *summary;
	struct size_row size[SIZES_MOST];
	uint32_t (*hosts)(const struct shape *shape); /* by default; NULL: none */
	enum ways ways;				      /* by default */
	/* NULL, or what is wrong with the sizes, as words that follow the kind. */
	const char *(*refuse)(const struct shape *shape);
	void (*write)(const struct shape *shape, FILE *out);
};

extern const struct kind kinds[];
extern const size_t kind_count;

/* The kind of that name, or NULL. */
const struct kind *kind_find(const char *name);

#endif
