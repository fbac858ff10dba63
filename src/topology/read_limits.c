// SPDX-License-Identifier: MIT
// What reads the limits of a node into the model.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "topology/build.h"
#include "topology/readers.h"

#define MEMORY_LEAST ((uint64_t)1 << 20) /* bytes: with less not even a shell starts */
#define MEMORY_MOST  ((uint64_t)1 << 50)
#define CPUS_MOST    4096
#define PIDS_MOST    4194304 /* PID_MAX_LIMIT of the kernel */

static void note(struct reading *reading)
{
	struct place *place = &reading->node->limits.place;

	if (!place->line)
		*place = reading->place;
}

static void wrong(struct reading *reading, const char *what)
{
	report_fault(reading->report, reading->place, "%s: \"%s\" is not %s",
		     shown(reading->report, reading->key), shown(reading->report, reading->value),
		     what);
}

/* Digits with an optional unit, each 1024 times the one before. */
static bool read_size(const char *text, uint64_t *size)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	char number[20];
	const char *unit = text + digits;
	unsigned shift = 0;

	if (!digits || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (*unit) {
		const char *found = strchr(units, *unit & ~0x20);

		if (!found ||
		    (unit[1] && strcasecmp(unit + 1, "B") != 0 && strcasecmp(unit + 1, "iB") != 0))
			return false;
		shift = 10 * (unsigned)(found - units + 1);
	}
	if (!text_number(number, 0, MEMORY_MOST >> shift, size))
		return false;
	*size <<= shift;
	return *size >= MEMORY_LEAST;
}

void read_memory(struct reading *reading, void *field)
{
	note(reading);
	if (!read_size(reading->value, field))
		wrong(reading, "a size from 1M to 1024T, such as 256M or 2G");
}

/* In thousandths of a processor. */
void read_cpus(struct reading *reading, void *field)
{
	uint32_t *cpus = field;
	char *end;
	double number = strtod(reading->value, &end);

	note(reading);
	*cpus = 0;
	if (!reading->value[strspn(reading->value, "0123456789.")] && !*end && number <= CPUS_MOST)
		*cpus = (uint32_t)(number * 1000 + 0.5);
	if (*cpus < 10)
		wrong(reading, "a number of processors from 0.01 to 4096, such as 0.5");
}

void read_pids(struct reading *reading, void *field)
{
	uint64_t number;

	note(reading);
	if (text_number(reading->value, 1, PIDS_MOST, &number))
		*(uint32_t *)field = (uint32_t)number;
	else
		wrong(reading, "a number of processes from 1 to 4194304");
}
