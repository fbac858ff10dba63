/* SPDX-License-Identifier: MIT */
/* Features of the kernel that a topology file can need; what each is, kernel/feature.c knows. */
#ifndef TOPOLOGY_FEATURE_H
#define TOPOLOGY_FEATURE_H

#include "base/fault.h"

enum feature {
	FEATURE_VETH,
	FEATURE_BRIDGE,
	FEATURE_VLAN_FILTERING,
	FEATURE_VLAN,
	FEATURE_NETEM,
	FEATURE_TBF,
	FEATURE_HTB,
	FEATURE_CLSACT,
	FEATURE_IFB,
	FEATURE_DUMMY,
	FEATURE_BOND,
	FEATURE_VRF,
	FEATURE_WIREGUARD,
	FEATURE_GRE,
	FEATURE_GRETAP,
	FEATURE_IP6GRE,
	FEATURE_IPIP,
	FEATURE_SIT,
	FEATURE_IP6TNL,
	FEATURE_VXLAN,
	FEATURE_MACVLAN,
	FEATURE_IPVLAN,
	FEATURE_TUN,
	FEATURE_MPLS,
	FEATURE_MPLS_TUNNEL,
	FEATURE_SEG6,
	FEATURE_NETEM_SEED,
	FEATURE_COUNT,
};

/* What the file asks of the kernel beyond the needs of every lab, with the place that asks. */
struct need {
	enum feature feature;
	const char *key; /* as the user wrote it: "eth0.delay", "[switch lan1]" */
	struct place place;
};

#endif
