/* SPDX-License-Identifier: MIT */
/* Who makes routes: names of the kernel's RTPROT_... numbers, as ip(8) has them. */
#ifndef TOPOLOGY_PROTOCOL_H
#define TOPOLOGY_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: nobody is called so. */
bool protocol_number(const char *name, uint32_t *number);

/* The name of the number, or NULL; the one in a place of the list, NULL behind its end. */
const char *protocol_name(uint32_t number);
const char *protocol_name_at(size_t place);

#endif
