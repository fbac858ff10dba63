/* SPDX-License-Identifier: MIT */
/* Where a lab has one user id alone: let programs believe that they have become another user. */
#ifndef KERNEL_PRETEND_H
#define KERNEL_PRETEND_H

struct error;
struct ids;

/*
 * Daemons start as root and go on as users of their own, to whom they give their files. In a user
 * namespace with one id there is no other user to be, and they would give up. After this call, of
 * the caller and all that it starts, changes of user, group and owner succeed and change nothing.
 * Where `ids`, those of the user namespace, are more, and outside of any, it does nothing.
 */
int pretend_users(const struct ids *ids, struct error *err);

#endif
