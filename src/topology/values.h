/* SPDX-License-Identifier: MIT */
/* Values of keys, from text: pure functions that know neither keys nor places. */
#ifndef TOPOLOGY_VALUES_H
#define TOPOLOGY_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct arena;

/* yes, no, true, false, on, off, 1, 0. */
bool value_yes_no(const char *text, bool *value);

/* 300, 300s, 5m, 1h: at most `high` seconds. */
bool value_seconds(const char *text, uint32_t high, uint32_t *seconds);

enum address_form {
	ADDRESS_BARE,	 /* 10.0.0.1: the length is set to all bits */
	ADDRESS_NETWORK, /* 10.0.0.1/24: of an interface */
	ADDRESS_HOST,	 /* the same, or 10.0.0.1 for 10.0.0.1/32 */
	ADDRESS_PREFIX,	 /* 10.0.0.0/24, bits behind the length zero, or 10.0.0.1 for /32 */
};

/*
 * An IPv4 or IPv6 address. Returns NULL if the text is one, else what is wrong, as words that
 * follow it: "is not an address".
 */
const char *value_address(const char *text, enum address_form form, struct address *address);

#define ADDRESS_HAS_HOST_BITS "has bits set behind its length"

/* "02:00:00:00:00:01". Returns NULL or what is wrong, as value_address() does. */
const char *value_mac(const char *text, uint8_t mac[6]);

/* The name of a sysctl in either of sysctl(8)'s forms, as a path below /proc/sys; NULL if bad. */
const char *value_sysctl_path(struct arena *arena, const char *text);

/* The words of a value, in the arena, closed by NULL. What stands between two of them: */
#define WORDS_APART " \t,"
char **value_words(struct arena *arena, const char *text, size_t *count);

/* Clear the bits of an address behind its length. */
void address_mask(struct address *address);

/* fe80::/10 or 169.254.0.0/16: it means something on its own link alone. */
bool address_is_link_local(const struct address *address);

/* Is its length that of all bits, so that its subnet has no other address? */
bool address_is_alone(const struct address *address);

/* How many bits an address of the family has. */
unsigned address_bits(int family);

#endif
