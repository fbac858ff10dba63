# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What tests of real labs share: counting, a run folder of their own, the host before and after.
#
#   . "$(dirname "$0")/lib.bash"
#   host_before                                 # remember what the host has
#   check "a lab comes up" nslab up topologies/two-hosts.ini
#   contains "h1 is listed" h1 "$(nslab status)"
#   nslab down --all
#   host_same "the host is as it was"
#   finish                                      # "N passed, N failed"; exits 1 if any failed
#
# The test runs in the root of the tree. $NSLAB is the program (build/nslab). Whatever happens, the
# labs of the test are ended and its folder $scratch is removed when it exits.
set -u

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
PATH=$PATH:/usr/sbin:/sbin # of ip, bridge and tc, for an ordinary user too
NSLAB=$(realpath -- "${NSLAB:-build/nslab}")
if [ ! -x "$NSLAB" ]; then
    echo "Bail out! no program $NSLAB: run make" >&2
    exit 1
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/lab-test.XXXXXX") || exit 1
export NSLAB NSLAB_RUNDIR=$scratch/run
passed=0 failed=0 skipped=0

# Every process that this test starts is marked: this limit, which nothing here needs, is handed on
# by fork and exec, and can be read of any process, whoever it turns into.
mark=$((1000 + $$ % 800000))
ulimit -S -q $mark

nslab() {
    "$NSLAB" "$@"
}

# --- results -------------------------------------------------------------------------------------

# comment TEXT: each line behind a "#".
comment() {
    [ -z "$1" ] || printf '#   %s\n' "${1//$'\n'/$'\n#   '}"
}

ok() {
    passed=$((passed + 1))
    echo "ok $((passed + failed + skipped)) - $1"
}

# not_ok SENTENCE [DETAILS]
not_ok() {
    failed=$((failed + 1))
    echo "not ok $((passed + failed + skipped)) - $1"
    comment "${2-}"
}

# skip SENTENCE CAUSE: with MUST_WORK=1 that is a failure.
skip() {
    if [ "${MUST_WORK-}" = 1 ]; then
        not_ok "$1" "must not be skipped: $2"
        return
    fi
    skip_named "$@"
}

# skip_named SENTENCE CAUSE: for want of a feature of the kernel, which the cause names.
skip_named() {
    skipped=$((skipped + 1))
    echo "ok $((passed + failed + skipped)) - $1 # SKIP $2"
}

# check SENTENCE CMD...: CMD ends with 0. Leaves its output in $output, in order.
check() {
    check_status 0 "$@"
}

# check_status STATUS SENTENCE CMD...
check_status() {
    local expected=$1 sentence=$2 status=0
    shift 2
    output=$("$@" 2>&1) || status=$?
    if [ "$status" = "$expected" ]; then
        ok "$sentence"
    else
        not_ok "$sentence" "$* ended with $status, not $expected:
$output"
    fi
}

# same SENTENCE EXPECTED ACTUAL
same() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "$(diff -u --label expected --label actual <(echo "$2") <(echo "$3"))"
    fi
}

# contains SENTENCE NEEDLE TEXT
contains() {
    case $3 in
    *"$2"*) ok "$1" ;;
    *) not_ok "$1" "no \"$2\" in:
$3" ;;
    esac
}

# lacks SENTENCE NEEDLE TEXT
lacks() {
    case $3 in
    *"$2"*) not_ok "$1" "there is \"$2\" in:
$3" ;;
    *) ok "$1" ;;
    esac
}

# finish: print the sums and exit.
finish() {
    if [ $skipped -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ $failed -eq 0 ]
    exit
}

# --- the kernel ----------------------------------------------------------------------------------

# What of the kernel the operations of a plan need, one a line.
needs() {
    "$NSLAB" plan "$1" 2>/dev/null | sed -nE '
        s/^[^ ]+: create (bridge|bond|vrf|vlan|macvlan|ipvlan|vxlan|gre|gretap|ip6gre|ip6gretap|ipip|sit|ip6tnl|wireguard|dummy|tun|tap) .*/\1/p
        s/^[^ ]+: set (delay|loss|duplicate|corrupt|reorder|limit)=.* on .*/netem/p
        s/^[^ ]+: set rate=.* on .*/tbf/p
        s/^[^ ]+: set port [^ ]+ vlan .*/vlan-filtering/p
        s/^[^ ]+: set net\/mpls\/.*/mpls/p
        s/^[^ ]+: add route .* label .*/mpls-tunnel/p
        s/^[^ ]+: add (route .* segments|segment) .*/srv6/p' | sort -u
}

# In a network of its own, as root there: is that feature to be had?
# shellcheck disable=SC2016  # it is the shell in there that expands this
readonly has_feature='
    make() { ip link add name x1 "$@"; }
    case $1 in
    tun | tap) exec 3<>/dev/net/tun ;;
    bond | dummy | bridge | wireguard) make type "$1" ;;
    vrf) make type vrf table 10 ;;
    vxlan) make type vxlan id 10 dstport 4789 ;;
    gre | gretap | ipip | sit) make type "$1" remote 10.0.0.1 ;;
    ip6gre | ip6gretap | ip6tnl) make type "$1" remote fd00::1 ;;
    vlan) ip link add x0 type veth && make link x0 type vlan id 10 ;;
    macvlan | ipvlan) ip link add x0 type veth && make link x0 type "$1" ;;
    vlan-filtering) make type bridge && bridge vlan add dev x1 vid 10 self ;;
    tbf) ip link add x0 type veth && tc qdisc add dev x0 root tbf rate 1mbit burst 2000 limit 9000 ;;
    netem) ip link add x0 type veth && tc qdisc add dev x0 root netem delay 1ms ;;
    # To ask for a socket of the family loads the module, for ordinary users too; there is never one.
    mpls) python3 -c "import socket; socket.socket(28, socket.SOCK_RAW)" 2>/dev/null; [ -e /proc/sys/net/mpls ] ;;
    mpls-tunnel) ip link set lo up && ip route add 10.9.0.0/16 encap mpls 100 dev lo ;;
    srv6) ip link set lo up && ip -6 route add fd00:9::/64 encap seg6 mode encap segs fd00::1 dev lo ;;
    *) false ;;
    esac'

# kernel_lacks FILE: what the lab of FILE needs and this kernel has not got; nothing where it has all.
kernel_lacks() {
    local need mode=()
    [ "$(id -u)" -eq 0 ] || mode=(--user --map-root-user)
    needs "$1" | while read -r need; do
        case $need in mpls*) modprobe -qa mpls_router mpls_iptunnel 2>/dev/null ;; esac
        unshare "${mode[@]}" --net sh -c "$has_feature" sh "$need" >/dev/null 2>&1 || echo "$need"
    done
}

# can_run SENTENCE FILE: else that is skipped; with FULL_KERNEL=1 nothing may be lacking.
can_run() {
    local lacking
    lacking=$(kernel_lacks "$2" | paste -sd ' ')
    [ -n "$lacking" ] || return 0
    if [ "${FULL_KERNEL-}" = 1 ]; then
        not_ok "$1" "this kernel has no ${lacking// /, }"
    else
        skip_named "$1" "this kernel has no ${lacking// /, }; make check-vm"
    fi
    return 1
}

# --- waiting -------------------------------------------------------------------------------------

# until_true SECONDS CMD...: repeat CMD until it ends well; false where it did not in that time.
# For what gives no event to wait for; a short pause keeps the machine free for what is awaited. In the
# machine of scripts/check-vm, which is emulated, thrice as long.
until_true() {
    local deadline=$((SECONDS + $1 * (${FULL_KERNEL:-0} ? 3 : 1)))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || return 1
        read -rt 0.05 <> <(:) || true
    done
}

# --- the host ------------------------------------------------------------------------------------

# host_state: what of the host a lab must not change, without what changes by itself, and without the
# devices that the modules of tunnels put into every network when they are loaded.
host_state() {
    local fallbacks='^(tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)@'
    echo "== links"
    ip -d link | awk -v fallbacks="$fallbacks" '/^[0-9]+: / { shown = $2 !~ fallbacks } shown' |
        sed -E 's/(_timer|gc_timer) +[0-9.]+/\1/g'
    echo "== rules"
    ip -4 rule
    ip -6 rule
    echo "== routes"
    { ip -4 route show table all && ip -6 route show table all; } |
        sed -E 's/ (expires|error) -?[0-9]+(sec)?//g' | sort
    if command -v nft >/dev/null && [ "$(id -u)" -eq 0 ]; then
        echo "== nft"
        nft list ruleset
    fi
    echo "== mounts"
    cat /proc/mounts
    echo "== processes that the test left"
    processes
}

# is_own PID: is it this test itself, or a child of it?
is_own() {
    local pid=$1 line
    while [ "${pid:-0}" -gt 1 ]; do
        [ "$pid" != $$ ] || return 0
        line=$(grep -s '^PPid:' "/proc/$pid/status") || return 0 # gone: nothing left of it
        pid=${line//[!0-9]/}
    done
    return 1
}

# processes: those that this test started, at any remove, and that no longer are its children: the
# processes of its labs, whatever they are called.
processes() {
    local file pid
    # A process that ends meanwhile is no failure.
    { grep -ls "^Max msgqueue size  *$mark " /proc/[0-9]*/limits || true; } | while read -r file; do
        pid=${file//[!0-9]/}
        is_own "$pid" || ps -o stat=,pid=,ppid=,comm=,args= -p "$pid"
    done | sed '/^Z/d' # a zombie has ended, and its parent is not ours
}

host_before() {
    state_before=$(host_state)
}

host_same() {
    same "$1" "$state_before" "$(host_state)"
}

# --- the end -------------------------------------------------------------------------------------

end_test() {
    trap '' INT TERM HUP
    [ ! -d "$NSLAB_RUNDIR" ] || nslab down --all >/dev/null 2>&1
    rm -rf "$scratch"
}
trap end_test EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
