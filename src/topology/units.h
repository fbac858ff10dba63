/* SPDX-License-Identifier: MIT */
/* Numbers with the units of tc(8), from text and as text. */
#ifndef TOPOLOGY_UNITS_H
#define TOPOLOGY_UNITS_H

#include <stdint.h>

/*
 * Read a word (NULL: there is none). Return NULL, or what is wrong as words that follow the text:
 * "is more than an hour".
 */
const char *time_read(const char *word, int64_t *nanoseconds);
const char *percent_read(const char *word, uint32_t *part); /* of UINT32_MAX */
const char *rate_read(const char *word, uint64_t *bytes);   /* a second */

const char *size_read(const char *word, uint64_t *bytes); /* 64M, 64MiB, 1.5G */

/* Values as these read them, and tc(8) too: "2.5ms", "0.1%", "20mbit". Return buffer. */
#define UNIT_TEXT_SIZE 32
const char *time_text(int64_t nanoseconds, char buffer[UNIT_TEXT_SIZE]);
const char *percent_text(uint32_t part, char buffer[UNIT_TEXT_SIZE]);
const char *rate_text(uint64_t bytes, char buffer[UNIT_TEXT_SIZE]);

#endif
