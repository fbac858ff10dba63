/* SPDX-License-Identifier: MIT */
/* The one table of keys: which sections they belong to, and what reads them into the model. */
#ifndef TOPOLOGY_KEYS_H
#define TOPOLOGY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reading;
struct report;
struct section;

/* Kinds of sections, or-ed where several are meant. */
enum section_kind {
	SECTION_LAB = 1 << 0,
	SECTION_NODE = 1 << 1,
	SECTION_SWITCH = 1 << 2,
	SECTION_LINK = 1 << 3,
	SECTION_TEMPLATE = 1 << 4,
	SECTION_TEST = 1 << 5,
};
/* What a template's keys can end up in. */
#define SECTIONS_LIKE (SECTION_NODE | SECTION_SWITCH | SECTION_LINK)

enum key_form {
	KEY_PLAIN,		/* gateway */
	KEY_NAMED,		/* route.NAME */
	KEY_INTERFACE,		/* eth0 itself: what has a digit and no other key is */
	KEY_OF_INTERFACE,	/* eth0.mtu */
	KEY_NAMED_OF_INTERFACE, /* eth0.address.NAME */
	KEY_OF_SERVICE,		/* service.NAME.ready */
	KEY_OF_END,		/* r1.delay: of the end that the node is */
};

/* The keys of a section are read in turns: interfaces, and services, before what speaks of them. */
enum key_turn { TURN_INTERFACES, TURN_GATEWAY, TURN_OTHERS, TURN_SERVICES, TURN_COUNT };

enum key_flags {
	KEY_FREE_TEXT = 1 << 0,	  /* a value that a comment should not cut short */
	KEY_OF_LOOPBACK = 1 << 1, /* lo.address.NAME too */
	KEY_ADDRESSES = 1 << 2,	  /* a line too long can be spread over eth0.address.NAME */
	KEY_OF_PORT = 1 << 3,	  /* of the port that the interface is plugged into */
	KEY_ASIDE = 1 << 4,	  /* says nothing of the network: a bad one hides no other fault */
	KEY_PATH = 1 << 5,	  /* a path, relative to the folder of the file that has it */
	KEY_PATH_OR_YES = 1 << 6, /* the same, or yes */
};

struct key {
	const char
		*word; /* without the names around it: "mtu" of eth0.mtu, "route" of route.NAME */
	enum key_form form;
	unsigned sections; /* enum section_kind, or-ed */
	enum key_turn turn;
	unsigned flags;
	/* Reads the value into the field at `offset` of what the section, or the interface, is in
	 * the model. NULL: read elsewhere. */
	void (*read)(struct reading *reading, void *field);
	size_t offset;
	const char *takes;  /* for the user: "yes or no" */
	unsigned devices;   /* set of kinds whose key it is; 0: of any interface */
	uint32_t low, high; /* of a number */
};

/* The kind that the section's word names; 0 where it names none, which is said then. */
unsigned section_kind_of(struct report *report, const struct section *section);

/* Does the kind take a name: [node NAME]? */
bool section_kind_named(unsigned kind);

struct entry;

/* Look up what a key of a section of that kind means. What has no meaning is said. */
void key_resolve(struct report *report, const struct section *section, unsigned kind,
		 struct entry *entry);

/* The same for all keys of the section but those with a range in them: topology/instance.h. */
void keys_resolve(struct report *report, struct section *section, unsigned kind);

/* The row that a key, looked up for a template, has in sections of one kind; NULL: none. */
const struct key *key_in(const struct key *meaning, unsigned kind);

/* "[node] or [switch]" */
const char *section_kinds_text(struct report *report, unsigned kinds);

#endif
