/* SPDX-License-Identifier: MIT */
/* What a new device is told: as ip(8) says it, and as the kernel's netlink does, in one list. */
#ifndef PLAN_ATTRIBUTE_H
#define PLAN_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

struct bridge;
struct device;

struct attribute {
	const char *word; /* for ip(8); NULL: ip(8) sends it by itself, with another one */
	char text[64];	  /* the value there; "": the word says it all */
	int type;	  /* IFLA_... of the kind */
	size_t size;	  /* bytes of `data` */
	uint8_t data[16]; /* in the byte order that the kernel wants */
};

#define ATTRIBUTES_MOST 24

struct attributes {
	struct attribute list[ATTRIBUTES_MOST];
	size_t count;
};

/* Those of a device, in the order in which ip(8) takes them. */
void device_attributes(const struct device *device, struct attributes *attributes);

/* Those of a bridge, of a switch or of a node. */
void bridge_attributes(const struct bridge *bridge, struct attributes *attributes);

#endif
