/* SPDX-License-Identifier: MIT */
/* Nodes, addresses and links that a sentence names. */
#ifndef TOPOLOGY_PARTIES_H
#define TOPOLOGY_PARTIES_H

#include <stdbool.h>

struct party;
struct speech;

/* "h1", "h*", "h1,h2", "all": nodes. False, and said: there is none, or one that is not there. */
bool party_read_nodes(struct speech *speech, const char *word, struct party *party);

/* The same, or an address: what can be spoken to. */
bool party_read(struct speech *speech, const char *word, struct party *party);

/* A link, a switch, an end of either, or a pattern of them? False, and said: no. */
bool link_is_known(struct speech *speech, const char *word);

/* Say if the nodes do not run the step's service; of many nodes, those that do are meant. */
void party_check_service(struct speech *speech, const struct party *from);

#endif
