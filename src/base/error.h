/* SPDX-License-Identifier: MIT */
/* One failure of an operation, in words that a user can act on. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define ERROR_TEXT_SIZE 2048

struct error {
	int number;		    /* errno of the cause, 0 where there is none */
	char text[ERROR_TEXT_SIZE]; /* "cannot create link core (r1:eth1 - r2:eth0): File exists" */
};

/*
 * Fill *err with the formatted text, followed by ": " and the text of `number` where that is an
 * errno (> 0), and return the negative code to hand on: -number, or -1 where number is 0. A text
 * that does not fit is cut and ends in "...".
 */
int error_set(struct error *err, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put the formatted text in front of the text that *err already has. Returns -err->number or -1. */
int error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
