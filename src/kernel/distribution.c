// SPDX-License-Identifier: MIT
// The distributions of jitter as the tables that netem draws from: computed, not read from a file.
#include "kernel/distribution.h"

#include <linux/pkt_sched.h>
#include <math.h>
#include <stdbool.h>

#define STEPS_MOST 20

/* Where the normal distribution has the probability p below it: Newton's method from nearby. */
static double normal_quantile(double p, double near)
{
	double x = near;

	for (int i = 0; i < STEPS_MOST; i++) {
		double density = exp(-x * x / 2) / sqrt(2 * M_PI);
		double step = (erfc(-x / M_SQRT2) / 2 - p) / density;

		x -= step;
		if (fabs(step) < 1e-7)
			break;
	}
	return x;
}

/* Of shape 3, whose mean is 3/2, moved and stretched to mean 0 as tc(8)'s table is. */
static double pareto_quantile(double p)
{
	return (1 / cbrt(1 - p) - 1.5) * 4 / 3;
}

static int16_t clamp(double value)
{
	double scaled = rint(value * NETEM_DIST_SCALE);

	if (scaled > INT16_MAX)
		return INT16_MAX;
	return (int16_t)(scaled < INT16_MIN ? INT16_MIN : scaled);
}

static double quantile(enum distribution distribution, double p, double normal)
{
	switch (distribution) {
	case DISTRIBUTION_UNIFORM: return 2 * p - 1;
	case DISTRIBUTION_NORMAL: return normal;
	case DISTRIBUTION_PARETO: return pareto_quantile(p);
	/* A quarter of the one and three of the other. */
	case DISTRIBUTION_PARETONORMAL: return 0.25 * normal + 0.75 * pareto_quantile(p);
	case DISTRIBUTION_COUNT: break;
	}
	return 0;
}

static void compute(enum distribution distribution, int16_t table[DISTRIBUTION_SIZE])
{
	/* Each quantile starts from its neighbour; the first lies near -3.7. */
	double normal = -3.7;

	for (int i = 0; i < DISTRIBUTION_SIZE; i++) {
		double p = (i + 0.5) / DISTRIBUTION_SIZE;

		if (distribution == DISTRIBUTION_NORMAL ||
		    distribution == DISTRIBUTION_PARETONORMAL)
			normal = normal_quantile(p, normal);
		table[i] = clamp(quantile(distribution, p, normal));
	}
}

const int16_t *distribution_table(enum distribution distribution)
{
	static int16_t tables[DISTRIBUTION_COUNT][DISTRIBUTION_SIZE];
	static bool computed[DISTRIBUTION_COUNT];

	if (!computed[distribution])
		compute(distribution, tables[distribution]);
	computed[distribution] = true;
	return tables[distribution];
}
