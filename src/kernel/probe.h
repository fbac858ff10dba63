/* SPDX-License-Identifier: MIT */
/* What this kernel, user and machine allow, each thing tried: one row a probe. */
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum probe_result {
	PROBE_OK,
	PROBE_LIMITED, /* works, but not for all that a lab may want */
	PROBE_MISSING,
	PROBE_UNTRIED, /* for lack of a namespace to try it in, whose row says why */
};

struct finding {
	enum probe_result result;
	char cause[256];  /* of a result that is not PROBE_OK; else a remark, or "" */
	char remedy[400]; /* "" where none is known */
};

struct probe {
	const char *name;
	const char *use;
	bool needed; /* no lab runs without it */
	void (*run)(const struct probe *probe, struct finding *finding);
	uint64_t flag; /* CLONE_NEW... of a namespace */
};

extern const struct probe probes[];
extern const size_t probe_count;

/* A result with its cause and remedy, for the probes' functions. */
void finding_set(struct finding *finding, enum probe_result result, const char *cause,
		 const char *remedy);

#endif
