/* SPDX-License-Identifier: MIT */
/* Two routers beside each other, of which one does not send to the other: what is between them? */
#ifndef LAB_APART_H
#define LAB_APART_H

#include "lab/explain.h"

/*
 * A cable that is cut, a daemon that has ended, or in what those of request->from and request->to
 * differ, in words. NULL: nothing was found. Enters nodes, as explain() does.
 */
int explain_apart(const struct explain_request *request, struct arena *arena, const char **text,
		  struct error *err);

#endif
