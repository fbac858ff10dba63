// SPDX-License-Identifier: MIT
// The tables of segment routing over IPv6: modes, and actions of a node's own segments.
#include "topology/srv6.h"

const char *const srv6_modes[SRV6_MODES] = {
	[SRV6_ENCAP] = "encap",	    [SRV6_ENCAP_RED] = "encap.red",	[SRV6_INLINE] = "inline",
	[SRV6_L2ENCAP] = "l2encap", [SRV6_L2ENCAP_RED] = "l2encap.red",
};

// clang-format off
const struct sid_row sid_rows[SID_ACTIONS] = {
	[SID_END] = {"end", "End", SID_PASSES_IPV6, ""},
	[SID_END_X] = {"end.x", "End.X", SID_PASSES_IPV6 | SID_TAKES_VIA, " via ADDRESS"},
	[SID_END_T] = {"end.t", "End.T", SID_PASSES_IPV6 | SID_TAKES_TABLE, " table N"},
	[SID_END_DX2] = {"end.dx2", "End.DX2", SID_TAKES_OIF, " oif INTERFACE"},
	[SID_END_DX4] = {"end.dx4", "End.DX4", SID_TAKES_VIA | SID_TAKES_IPV4, " via ADDRESS"},
	[SID_END_DX6] = {"end.dx6", "End.DX6", SID_TAKES_VIA, " via ADDRESS"},
	/* Only what is looked up for IPv6 can be in the table of no vrf. */
	[SID_END_DT4] = {"end.dt4", "End.DT4", SID_TAKES_VRF, " vrf INTERFACE"},
	[SID_END_DT6] = {"end.dt6", "End.DT6", SID_TAKES_VRF | SID_TAKES_TABLE, " vrf INTERFACE or table N"},
	[SID_END_DT46] = {"end.dt46", "End.DT46", SID_TAKES_VRF, " vrf INTERFACE"},
	[SID_END_B6] = {"end.b6", "End.B6", SID_PASSES_IPV6 | SID_TAKES_PATH, " segments SID..."},
	[SID_END_B6_ENCAPS] = {"end.b6.encaps", "End.B6.Encaps", SID_PASSES_IPV6 | SID_TAKES_PATH, " segments SID..."},
};
// clang-format on
