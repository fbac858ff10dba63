# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What tests of labs with daemons share, beside lib.bash: to look into nodes until something is so.
# shellcheck source=tests/labs/lib.bash
. "$(dirname "${BASH_SOURCE[0]}")/lib.bash"

# How long anything may take to converge: seconds, generous, for emulated machines are slow.
readonly PATIENCE=120

# in_lab NODE CMD...: in the running lab.
in_lab() {
    local node=$1
    shift
    nslab exec "$node" -- "$@"
}

# prints TEXT CMD...: does CMD print TEXT?
prints() {
    local wanted=$1
    shift
    [[ $("$@" 2>/dev/null) == *"$wanted"* ]]
}

# soon SENTENCE TEXT CMD...: before long CMD prints TEXT.
soon() {
    local sentence=$1 wanted=$2
    shift 2
    if until_true $PATIENCE prints "$wanted" "$@"; then
        ok "$sentence"
    else
        not_ok "$sentence" "$* does not print \"$wanted\" but:
$("$@" 2>&1)"
    fi
}

# comes SENTENCE CMD...: before long CMD ends well.
comes() {
    local sentence=$1
    shift
    if until_true $PATIENCE "$@"; then
        ok "$sentence"
    else
        not_ok "$sentence" "$* does not end well:
$("$@" 2>&1)"
    fi
}

vtysh() {
    in_lab "$1" vtysh -c "$2"
}

# way NODE ADDRESS: where the kernel sends what is for it.
way() {
    in_lab "$1" ip route get "$2"
}

ping_once() {
    in_lab "$1" ping -n -q -c 1 -W 1 "$2"
}

# daemons NODE: those of FRR and BIRD that run in it.
daemons() {
    in_lab "$1" ps -eo comm= | grep -xE '(zebra|mgmtd|bird|watchfrr|.*(pd|fd|6d|gpd|isd|ngd|bfdd|ldpd|pimd|staticd|pathd|nhrpd|vrrpd|babeld|eigrpd))' |
        sort -u | paste -sd ' '
}

end() {
    check "it goes down" nslab down
}
