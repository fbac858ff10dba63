// SPDX-License-Identifier: MIT
// From the text of a topology file to its model: the steps, in order.
#include "topology/load.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/map.h"
#include "topology/addressing.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/device.h"
#include "topology/include.h"
#include "topology/ini.h"
#include "topology/instance.h"
#include "topology/keys.h"
#include "topology/names.h"
#include "topology/network.h"
#include "topology/readers.h"
#include "topology/start.h"
#include "topology/settle.h"
#include "topology/static_routing.h"
#include "topology/step.h"
#include "topology/template.h"
#include "topology/unit.h"
#include "topology/write.h"

/* From so many interfaces on, a node finds them through a map. */
#define SMALL_NODE 16

#define WITHIN_DEFAULT 10000000000 /* nanoseconds */
#define AGEING_DEFAULT 300	   /* seconds: the kernel's, and IEEE 802.1Q's */

struct load {
	struct build build;
	struct ini ini;
	bool includes; /* other files */
	struct templates *templates;
	struct unit *units; /* one for each section that is built */
	size_t unit_count;
};

/* What names must differ from: a switch is a node; templates and links have their own. */
static const char *name_space(unsigned kind)
{
	return kind & (SECTION_NODE | SECTION_SWITCH) ? "node"
	       : kind & SECTION_LINK		      ? "link"
	       : kind & SECTION_TEMPLATE	      ? "template"
	       : kind & SECTION_TEST		      ? "test"
						      : "lab";
}

static enum name_kind name_rule(unsigned kind)
{
	return kind & (SECTION_NODE | SECTION_SWITCH) ? NAME_NODE
	       : kind & SECTION_LINK		      ? NAME_SEGMENT
						      : NAME_LABEL;
}

static bool check_name(struct report *report, const struct section *section)
{
	if (!section_kind_named(section->meaning)) {
		if (*section->name)
			report_fault(report, section->place, "[%s] takes no name", section->kind);
		return true;
	}
	if (!*section->name) {
		report_fault(report, section->place, "[%s] has no name, as in [%s NAME]",
			     section->kind, section->kind);
		return false;
	}
	if (section->meaning == SECTION_LINK && !strcmp(section->name, STUB)) {
		report_fault(report, section->place,
			     "no link can be called \"" STUB "\": it has nobody at its far end");
		return false;
	}
	if ((section->meaning & (SECTION_LINK | SECTION_SWITCH)) &&
	    device_kind_of(section->name) != DEVICE_KINDS) {
		report_fault(report, section->place,
			     "no %s can be called \"%s\": it is a kind of device", section->kind,
			     section->name);
		return false;
	}
	return name_check(report, section->place, name_rule(section->meaning), section->kind,
			  section->name);
}

/* "line 7", or with its file, where that is another one. */
static const char *line_of(struct report *report, const struct section *from,
			   const struct section *to)
{
	if (!strcmp(from->place.file, to->place.file))
		return arena_printf(report->arena, "line %d", to->place.line);
	return arena_printf(report->arena, "%s:%d", shown(report, to->place.file), to->place.line);
}

/* False, and said, if there is a section of that name before this one. */
static bool check_unique(struct report *report, struct map *sections, struct section *section)
{
	char *key =
		arena_printf(report->arena, "%s %s", name_space(section->meaning), section->name);
	const struct section *first = map_add(sections, key, section);

	if (!first)
		return true;
	if (first->meaning == section->meaning)
		report_fault(report, section->place, "%s given twice; first in %s",
			     section_title(report, section), line_of(report, section, first));
	else
		report_fault(report, section->place, "%s has the name of %s in %s",
			     section_title(report, section), section_title(report, first),
			     line_of(report, section, first));
	return false;
}

/* A link and a switch are both what an interface names. */
static void check_links(struct report *report, struct map *sections, const struct ini *ini)
{
	for (size_t i = 0; i < ini->count && !report_full(report); i++) {
		const struct section *section = &ini->sections[i], *other;

		if (section->meaning != SECTION_LINK)
			continue;
		other = map_get(sections, arena_printf(report->arena, "node %s", section->name));
		if (other && other->meaning == SECTION_SWITCH)
			report_fault(report, section->place, "%s has the name of %s in %s",
				     section_title(report, section), section_title(report, other),
				     line_of(report, section, other));
	}
}

/* What each section is, and each of its keys. A section that makes no sense is left out. */
static void understand(struct load *load)
{
	struct report *report = &load->build.report;

	for (size_t i = 0; i < load->ini.count && !report_full(report); i++) {
		struct section *section = &load->ini.sections[i];

		if (!section->kind)
			continue;
		section->meaning = section_kind_of(report, section);
		if (section->meaning)
			keys_resolve(report, section, section->meaning);
	}
	instances_make(report, &load->ini);
}

/* Each section has a name of its own. */
static void check_names(struct load *load)
{
	struct report *report = &load->build.report;
	struct map *sections = map_new(load->build.arena);

	for (size_t i = 0; i < load->ini.count && !report_full(report); i++) {
		struct section *section = &load->ini.sections[i];

		if (section->meaning &&
		    (!check_name(report, section) || !check_unique(report, sections, section)))
			section->meaning = 0;
	}
	check_links(report, sections, &load->ini);
}

/* Count what there will be, so that nothing moves later, and make the nodes. */
static void make_nodes(struct load *load)
{
	struct build *build = &load->build;
	struct topology *topology = build->topology;
	size_t interfaces = 0;

	load->units = arena_alloc(build->arena, load->ini.count * sizeof(*load->units) + 1);
	topology->nodes =
		arena_alloc(build->arena, (load->ini.count + 1) * sizeof(*topology->nodes));
	build->partial = arena_alloc(build->arena, load->ini.count + 2);
	for (size_t i = 0; i < load->ini.count && !report_full(&build->report); i++) {
		struct section *section = &load->ini.sections[i];
		struct unit *unit = &load->units[load->unit_count];

		if (!section->meaning || section->meaning == SECTION_TEMPLATE)
			continue;
		*unit = (struct unit){.section = section};
		unit->expansion = templates_expand(load->templates, section, section->meaning);
		interfaces += unit->expansion.count;
		load->unit_count++;
		if (!(section->meaning & (SECTION_NODE | SECTION_SWITCH)))
			continue;
		unit->node = &topology->nodes[topology->node_count++];
		unit->node->kind = section->meaning == SECTION_NODE ? NODE_HOST : NODE_SWITCH;
		unit->node->name = section->name;
		unit->node->place = section->place;
		map_add(topology->nodes_by_name, section->name, unit->node);
	}
	topology->segments = arena_alloc(build->arena, (interfaces + load->ini.count + 1) *
							       sizeof(*topology->segments));
}

static bool is_interface(const struct entry *entry)
{
	return entry->meaning->form == KEY_INTERFACE;
}

static void start_node(struct load *load, struct unit *unit)
{
	struct node *node = unit->node;
	size_t interfaces = 1;

	node->number = (uint32_t)(node - load->build.topology->nodes) + 1;
	node->isolate = ISOLATE_DEFAULT;
	node->ipv6 = node->kind == NODE_HOST;
	node->bridge.ageing = AGEING_DEFAULT;
	node->bridge.priority = BRIDGE_PRIORITY;
	for (size_t i = 0; i < unit->expansion.count; i++)
		interfaces += is_interface(unit->expansion.list[i]);
	node->interfaces = arena_alloc(load->build.arena, interfaces * sizeof(*node->interfaces));
	node->interfaces[node->interface_count++] = (struct interface){
		.kind = INTERFACE_LOOPBACK, .name = "lo", .place = node->place, .node = node};
}

static struct test *make_test(struct load *load, const struct section *section)
{
	struct topology *topology = load->build.topology;
	struct test *test = array_push(load->build.arena, topology->tests, topology->test_count);

	test->name = section->name;
	test->place = section->place;
	return test;
}

/* What the section of a unit is in the model. */
static void *object_of(struct load *load, struct unit *unit, struct reading *reading)
{
	struct section *section = unit->section;

	if (unit->node) {
		reading->node = unit->node;
		if (unit->node->kind == NODE_SWITCH) {
			build_segment(&load->build, section->name, section->place);
			build_need(&load->build, FEATURE_BRIDGE,
				   section_title(reading->report, section), section->place);
		}
		return unit->node;
	}
	if (section->meaning == SECTION_TEST)
		return make_test(load, section);
	if (section->meaning != SECTION_LINK)
		return load->build.topology;
	reading->segment = build_segment(&load->build, section->name, section->place);
	reading->segment->place = section->place;
	return reading->segment;
}

/* Is the interface one that has such a key? */
static bool takes_key(struct reading *reading, const struct key *key)
{
	const struct interface *interface = reading->interface;
	const char *list = "";

	if (!key->devices || (interface->device && (key->devices & 1U << interface->device->kind)))
		return true;
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		if (key->devices & 1U << kind)
			list = arena_printf(reading->build->arena, "%s%s%s", list,
					    *list ? ", " : "", device_rows[kind].word);
	report_fault(reading->report, reading->place, "%s: %s is %s; \"%s\" is for %s",
		     shown(reading->report, reading->key), interface->name,
		     interface->device ? device_rows[interface->device->kind].title
				       : "plugged into a segment",
		     key->word, list);
	return false;
}

/* What is set of a port belongs to the node that is plugged in, where it is not the switch's own.
 */
static bool is_port_of_own(struct reading *reading, const struct key *key)
{
	if (!(key->flags & KEY_OF_PORT) || reading->node->kind != NODE_SWITCH ||
	    node_interface(reading->node, reading->subject))
		return true;
	report_fault(reading->report, reading->place,
		     "%s: %s has no interface \"%s\" of its own; what is set of a port is written "
		     "where the cable to it begins, in its [node]",
		     shown(reading->report, reading->key),
		     section_title(reading->report, reading->section), reading->subject);
	return false;
}

static void read_entry(struct reading *reading, const struct key *key, void *object)
{
	reading->row = key;
	if (key->form == KEY_OF_INTERFACE || key->form == KEY_NAMED_OF_INTERFACE) {
		if (!is_port_of_own(reading, key))
			return;
		object = reading->interface = reading_interface(reading, reading->subject);
		if (!object || !takes_key(reading, key))
			return;
		if (key->devices)
			object = reading->interface->device;
		if (key->flags & KEY_OF_PORT)
			object = reading_port(reading);
	}
	key->read(reading, (char *)object + key->offset);
}

/*
 * Could what is wrong with this key make other checks of the node say what is not so? A gateway or
 * a route through an address brings no subnet, a setting or a command nothing at all.
 */
static bool leaves_gap(const struct key *key, const struct entry *entry)
{
	if (key->turn == TURN_GATEWAY || (key->flags & KEY_ASIDE))
		return false;
	return key->read != read_route || !strstr(entry->value, "via ");
}

/*
 * The words of devices, which name interfaces that may come behind them in the file. Returns
 * whether any was wrong.
 */
static bool read_devices(struct reading *reading, const struct node *node)
{
	size_t calls = reading->report->calls;

	for (size_t i = 1; i < node->interface_count; i++) {
		struct interface *interface = &node->interfaces[i];

		if (!interface->device)
			continue;
		reading->interface = NULL;
		reading->key = interface->name;
		reading->place = interface->place;
		read_device_words(reading, interface->device);
	}
	return reading->report->calls != calls;
}

/* Read all keys of a unit, in their turns. */
static void read_unit(struct load *load, struct unit *unit)
{
	struct reading reading = {
		.build = &load->build,
		.report = &load->build.report,
		.section = unit->section,
	};
	void *object = object_of(load, unit, &reading);
	bool partial = unit->expansion.partial;

	if (unit->node)
		start_node(load, unit);
	if (unit->expansion.count > SMALL_NODE)
		reading.interfaces = map_new(load->build.arena);
	if (unit->node && reading.interfaces)
		map_add(reading.interfaces, "lo", &unit->node->interfaces[0]);
	for (int turn = 0; turn < TURN_COUNT; turn++) {
		for (size_t i = 0; i < unit->expansion.count; i++) {
			const struct entry *entry = unit->expansion.list[i];
			const struct key *key = key_in(entry->meaning, unit->section->meaning);
			size_t calls = reading.report->calls;

			if ((int)key->turn != turn || !key->read)
				continue;
			reading.interface = NULL;
			reading.key = entry->key;
			reading.subject = entry->subject;
			reading.name = entry->name;
			reading.value = entry->value;
			reading.place = entry->place;
			read_entry(&reading, key, object);
			partial |= reading.report->calls != calls && leaves_gap(key, entry);
		}
		if (unit->node && turn == TURN_INTERFACES)
			partial |= read_devices(&reading, unit->node);
	}
	if (unit->node)
		load->build.partial[unit->node->number] = partial;
}

/* Without a name of its own a lab has that of its file. */
static void name_lab(struct load *load)
{
	struct build *build = &load->build;
	const char *file = build->topology->file, *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t length = strlen(base);

	if (build->topology->name)
		return;
	if (length > 4 && !strcmp(base + length - 4, ".ini"))
		length -= 4;
	build->topology->name = arena_strndup(build->arena, base, length);
	for (size_t i = 0; i < load->ini.count; i++)
		if (load->ini.sections[i].meaning == SECTION_LAB &&
		    section_entry(&load->ini.sections[i], "name"))
			return; /* it has one that was found wrong */
	if (!name_fits(NAME_LAB, build->topology->name))
		report_fault(&build->report, (struct place){.file = file},
			     "\"%s\", from the file's name, cannot name a lab; write name = NAME "
			     "in [lab]",
			     shown(&build->report, build->topology->name));
}

static void build_model(struct load *load)
{
	static void (*const checks[])(struct build *) = {check_wiring, check_nodes, check_addresses,
							 check_start};
	struct build *build = &load->build;

	build->segments = map_new(build->arena);
	build->topology->within = WITHIN_DEFAULT;
	build->topology->nodes_by_name = map_new(build->arena);
	load->templates = templates_new(&build->report, &load->ini);
	make_nodes(load);
	for (size_t i = 0; i < load->unit_count && !report_full(&build->report); i++)
		read_unit(load, &load->units[i]);
	name_lab(load);
	if (report_full(&build->report))
		return;
	wire(build);
	settle_layers(build);
	if (report_full(&build->report))
		return;
	build->ground = ground_new(build);
	build->networks = networks_find(build);
	settle_addresses(build);
	settle_gateways(build);
	settle(build);
	wire_impairments(build);
	if (report_full(&build->report))
		return;
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!report_full(&build->report))
			checks[i](build);
	if (!report_full(&build->report))
		static_routing_start(build);
	if (!report_full(&build->report))
		settle_tests(build);
}

/* `folder`: where what the file names lies; NULL: it is not looked for. */
static const struct topology *parse(struct load *load, const char *name, const char *text,
				    size_t size, const char *folder, struct arena *arena,
				    struct faults *faults)
{
	struct build *build = &load->build;

	name = arena_strdup(arena, name); /* the caller's may be in argv, where the title goes */
	build->arena = arena;
	build->folder = folder;
	build->topology = arena_alloc(arena, sizeof(*build->topology));
	build->topology->file = name;
	build->topology->timeout = TIMEOUT_DEFAULT;
	report_start(&build->report, name, arena, faults);
	ini_parse(&build->report, text, size, &load->ini);
	if (folder && !report_full(&build->report))
		load->includes = include_files(&build->report, folder, size, &load->ini);
	understand(load);
	check_names(load);
	if (!report_full(&build->report))
		build_model(load);
	if (folder && !report_full(&build->report)) {
		routing_expand(build);
		check_scripts(build);
		check_files(build);
	}
	if (!report_full(&build->report))
		check_step_services(build);
	report_end(&build->report);
	build->topology->units = load->units;
	build->topology->unit_count = load->unit_count;
	return build->report.kept ? NULL : build->topology;
}

const struct topology *topology_parse(const char *name, const char *text, size_t size,
				      struct arena *arena, struct faults *faults)
{
	struct load *load = arena_alloc(arena, sizeof(*load));

	return parse(load, name, text, size, NULL, arena, faults);
}

/* The folder of the file itself, whatever links lead to it. */
static const char *folder_of(const char *path, struct arena *arena)
{
	AUTO_FREE char *whole = strcmp(path, "-") != 0 ? realpath(path, NULL) : NULL;
	const char *slash;

	if (whole)
		path = whole;
	slash = strrchr(path, '/');
	return slash ? arena_strndup(arena, path, (size_t)(slash - path)) : ".";
}

/* All files in one. Memory that runs out ends the process, as everywhere. */
static char *written(const struct topology *topology, struct arena *arena, size_t *size)
{
	AUTO_FREE char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	topology_write(topology, out);
	if (fclose(out) != 0)
		abort();
	return arena_strndup(arena, text, *size);
}

const struct topology *topology_load(const char *path, struct arena *arena, char **text,
				     size_t *size, struct faults *faults)
{
	const char *name = strcmp(path, "-") ? path : "stdin";
	struct load *load = arena_alloc(arena, sizeof(*load));
	const struct topology *topology;
	struct error err;

	if (file_read(path, FILE_LIMIT, arena, text, size, &err) < 0) {
		faults->machine |= is_machines(err.number);
		fault_add(faults, (struct place){.file = name}, "cannot be read: %s",
			  err.number == EFBIG ? "it has more than 32 MiB" : strerror(err.number));
		return NULL;
	}
	topology = parse(load, name, *text, *size, folder_of(path, arena), arena, faults);
	if (topology && load->includes)
		*text = written(topology, arena, size);
	return topology;
}
