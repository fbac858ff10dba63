/* SPDX-License-Identifier: MIT */
/* What a node, a segment, an interface and a lab may be called. */
#ifndef TOPOLOGY_NAMES_H
#define TOPOLOGY_NAMES_H

#include <stdbool.h>

#include "base/fault.h"

struct report;

enum name_kind {
	NAME_NODE,    /* also of a switch */
	NAME_SEGMENT, /* of a link, or where an interface names one */
	NAME_LAB,
	NAME_LABEL, /* of a template, and the NAME of route.NAME and run.NAME */
};

#define NAME_LIMIT	63 /* bytes: a label of DNS, and of a host name */
#define INTERFACE_LIMIT 15 /* bytes: the kernel's IFNAMSIZ less the NUL */

/* Has the text the form of an interface's name, "eth0" or "r1-eth0", of whatever length? */
bool name_is_interface(const char *text);

/* The same with numbers behind it: "eth0.10", "eth0.10.20". */
bool name_is_subinterface(const char *text);

/* Does the name have the form that its kind asks for? */
bool name_fits(enum name_kind kind, const char *name);

/* Say what is wrong with a name; `what` is what it names: "node". False if there is something. */
bool name_check(struct report *report, struct place place, enum name_kind kind, const char *what,
		const char *name);

/* The same for an interface. */
bool name_check_interface(struct report *report, struct place place, const char *name,
			  bool in_switch);

#endif
