// SPDX-License-Identifier: MIT
// What reads the keys of a lab, a node and a switch that are simple values into the model.
#include "topology/readers.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/names.h"
#include "topology/values.h"

#define AGEING_LIMIT 1000000 /* seconds, as IEEE 802.1Q has it */

static const char *key_shown(struct reading *reading)
{
	return shown(reading->report, reading->key);
}

void read_lab_name(struct reading *reading, void *field)
{
	if (name_check(reading->report, reading->place, NAME_LAB, "lab", reading->value))
		*(const char **)field = reading->value;
}

void read_yes_no(struct reading *reading, void *field)
{
	if (!value_yes_no(reading->value, field))
		report_fault(reading->report, reading->place, "%s: \"%s\" is neither yes nor no",
			     key_shown(reading), shown(reading->report, reading->value));
}

void read_ageing(struct reading *reading, void *field)
{
	if (!value_seconds(reading->value, AGEING_LIMIT, field))
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not a time from 0 to %s seconds, such as 300 or 5m",
			     key_shown(reading), shown(reading->report, reading->value),
			     grouped(reading->report, AGEING_LIMIT));
}

static const struct {
	const char *word;
	unsigned bit;
} isolations[] = {
	{"net", ISOLATE_NET},	    {"uts", ISOLATE_UTS}, {"mount", ISOLATE_MOUNT},
	{"mnt", ISOLATE_MOUNT},	    {"pid", ISOLATE_PID}, {"ipc", ISOLATE_IPC},
	{"cgroup", ISOLATE_CGROUP},
};

static unsigned isolation(struct reading *reading, const char *word)
{
	struct near near = {.word = word};

	for (size_t i = 0; i < sizeof(isolations) / sizeof(*isolations); i++) {
		if (!strcmp(word, isolations[i].word))
			return isolations[i].bit;
		near_offer(&near, isolations[i].word);
	}
	report_fault(reading->report, reading->place,
		     "%s: \"%s\" is none of net, uts, mount, pid, ipc and cgroup%s",
		     key_shown(reading), shown(reading->report, word),
		     did_you_mean(reading->report, near_best(&near)));
	return 0;
}

void read_isolate(struct reading *reading, void *field)
{
	unsigned *isolate = field;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	*isolate = ISOLATE_NET;
	for (size_t i = 0; i < count; i++)
		*isolate |= isolation(reading, words[i]);
}

/* Settings that are there only with a feature, whose module is not loaded by their use. */
static const struct {
	const char *prefix;
	enum feature feature;
} sysctl_needs[] = {
	{"net/mpls/", FEATURE_MPLS},
	{"net/vrf/", FEATURE_VRF},
};

static void need_for_sysctl(struct reading *reading, const char *path)
{
	for (size_t i = 0; i < sizeof(sysctl_needs) / sizeof(*sysctl_needs); i++)
		if (!strncmp(path, sysctl_needs[i].prefix, strlen(sysctl_needs[i].prefix)))
			reading_need(reading, sysctl_needs[i].feature);
}

void read_sysctl(struct reading *reading, void *field)
{
	struct node *node = reading->node;
	const char *path = value_sysctl_path(reading->build->arena, reading->name);
	struct sysctl *sysctl;

	(void)field;
	if (!path) {
		report_fault(reading->report, reading->place,
			     "\"%s\" is not the name of a sysctl, such as net.ipv4.tcp_ecn",
			     shown(reading->report, reading->name));
		return;
	}
	need_for_sysctl(reading, path);
	sysctl = array_push(reading->build->arena, node->sysctls, node->sysctl_count);
	*sysctl = (struct sysctl){reading->name, path, reading->value, reading->place};
}
