# SPDX-License-Identifier: MIT
"""The labs that are measured: nodes, cables and addresses as data, and the files made of them."""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

CABLES = ip_network("10.0.0.0/8")  # a /31 of it for each cable between routers


@dataclass
class Node:
    name: str
    kind: str = "host"  # host, router, switch
    ends: list = field(default_factory=list)  # (cable, address or None), eth0 first
    keys: list = field(default_factory=list)  # further lines of its section


@dataclass
class Lab:
    name: str
    nodes: list = field(default_factory=list)
    cables: int = 0
    isolate: tuple = ("uts", "mount", "pid")
    far: tuple = ()  # two hosts whose way goes through all routers

    def add(self, name, kind="host"):
        node = Node(name, kind)
        self.nodes.append(node)
        return node

    def join(self, a, b, addresses=None):
        """A cable; between routers with two addresses that nobody else has."""
        if addresses is None:
            lower = CABLES[self.cables * 2]
            addresses = (f"{lower}/31", f"{lower + 1}/31")
        a.ends.append((self.cables, addresses[0]))
        b.ends.append((self.cables, addresses[1]))
        self.cables += 1

    def pairs(self):
        """Both (node, number of interface) of each cable."""
        ends = {}
        for number, node in enumerate(self.nodes):
            for place, (cable, _) in enumerate(node.ends):
                ends.setdefault(cable, []).append((number, place))
        return [ends[cable] for cable in sorted(ends)]


def ring(count):
    lab = Lab(f"ring({count})")
    nodes = [lab.add(f"r{i}", "router") for i in range(count)]
    for i, node in enumerate(nodes):
        lab.join(node, nodes[(i + 1) % count])
    return lab


def grid(rows, columns):
    lab = Lab(f"grid({rows},{columns})")
    nodes = [[lab.add(f"r{r}-{c}", "router") for c in range(columns)] for r in range(rows)]
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns:
                lab.join(nodes[r][c], nodes[r][c + 1])
            if r + 1 < rows:
                lab.join(nodes[r][c], nodes[r + 1][c])
    return lab


def tree(depth, fanout):
    """Switches, `depth` levels of them, and hosts below: one LAN."""
    lab = Lab(f"tree({depth},{fanout})")
    level = [lab.add("s1", "switch")]
    for _ in range(depth - 1):
        below = []
        for upper in level:
            for _ in range(fanout):
                switch = lab.add(f"s{len(lab.nodes) + 1}", "switch")
                lab.join(upper, switch, (None, None))
                below.append(switch)
        level = below
    hosts = 0
    for switch in level:
        for _ in range(fanout):
            hosts += 1
            address = ip_address("10.0.0.0") + hosts
            lab.join(lab.add(f"h{hosts}"), switch, (f"{address}/8", None))
    return lab


def fat_tree(k):
    """Three levels of routers with k ports each, and k^3/4 hosts."""
    lab, half = Lab(f"fat-tree({k})"), k // 2
    cores = [lab.add(f"c{i}", "router") for i in range(half * half)]
    for pod in range(k):
        edges = [lab.add(f"e{pod}-{i}", "router") for i in range(half)]
        for i in range(half):
            upper = lab.add(f"a{pod}-{i}", "router")
            for core in cores[i * half : (i + 1) * half]:
                lab.join(core, upper)
            for edge in edges:
                lab.join(upper, edge)
        for i, edge in enumerate(edges):
            for j in range(half):
                lab.join(edge, lab.add(f"h{pod}-{i}-{j}"))
    return lab


def chain(routers):
    """Two hosts with so many routers between them, and the routes from one to the other."""
    lab = Lab(f"chain({routers})", far=("h1", "h2"))
    nodes = [lab.add("h1")]
    nodes += [lab.add(f"r{i}", "router") for i in range(1, routers + 1)]
    nodes += [lab.add("h2")]
    for left, right in zip(nodes, nodes[1:]):
        lab.join(left, right)
    left = lambda cable: CABLES[cable * 2]
    nodes[0].keys.append(f"gateway = {left(0) + 1}")
    nodes[-1].keys.append(f"gateway = {left(routers)}")
    for i in range(1, routers + 1):
        if i > 1:
            nodes[i].keys.append(f"route.h1 = {left(0)}/31 via {left(i - 1)}")
        if i < routers:
            nodes[i].keys.append(f"route.h2 = {left(routers)}/31 via {left(i) + 1}")
    return lab


KINDS = {"ring": ring, "grid": grid, "tree": tree, "fat-tree": fat_tree, "chain": chain}


def lab_of(text):
    """The lab that a text as "ring(100)", "ring(100) uts" names: a kind, numbers, what is isolated."""
    name, _, isolate = text.partition(" ")
    kind, _, numbers = name.rstrip(")").partition("(")
    if kind not in KINDS:
        raise ValueError(f'no lab is called "{text}"; there are {", ".join(KINDS)}')
    try:
        lab = KINDS[kind](*map(int, numbers.split(",")))
    except (TypeError, ValueError):
        raise ValueError(f'not the numbers that a {kind} takes: "{text}"') from None
    if isolate:
        lab.isolate = tuple(isolate.split())
    return lab


# --- what is made of a lab -------------------------------------------------------------------------


def switch_peers(lab):
    """Cable -> name of the switch at one of its ends, where there is one."""
    return {
        cable: node.name
        for node in reversed(lab.nodes)
        if node.kind == "switch"
        for cable, _ in node.ends
    }


def ini(lab):
    """The lab as a file for nslab. (Only this is known of nslab's files here.)"""
    switches = switch_peers(lab)
    lines = ["[lab]", "name = bench", ""]
    for node in lab.nodes:
        lines.append(f"[{'switch' if node.kind == 'switch' else 'node'} {node.name}]")
        if node.kind != "switch":
            lines.append(f"isolate = net {' '.join(lab.isolate)}")
        if node.kind == "router":
            lines.append("forward = yes")
        for place, (cable, address) in enumerate(node.ends):
            segment = switches.get(cable, f"c{cable}")
            if node.kind == "switch" and segment == node.name:
                continue  # the cable is told by who is at its other end
            lines.append(f"eth{place} = {segment} {address or ''}".rstrip())
        lines += node.keys + [""]
    return "\n".join(lines)


# Indexes in a namespace: 1 is lo, and the next ones are the kernel's where modules of tunnels are loaded.
BRIDGE, FIRST = 16, 17


def description(lab):
    """The lab as tests/bench/floor reads it."""
    lines = [f"nodes {len(lab.nodes)}"]
    for (a, x), (b, y) in lab.pairs():
        lines.append(f"veth {a} {FIRST + x} {b} {FIRST + y}")
    for number, node in enumerate(lab.nodes):
        indexes = [FIRST + place for place in range(len(node.ends))]
        if node.kind == "switch":
            lines.append(f"bridge {number} {BRIDGE}")
            lines += [f"plug {number} {index} {BRIDGE}" for index in indexes]
        for place, (_, address) in enumerate(node.ends):
            if address:
                own, _, prefix = address.partition("/")
                lines.append(f"address {number} {FIRST + place} {own} {prefix}")
        lines += [f"up {number} {index}" for index in [1] + indexes]
    # Last, as nslab does it: else what hosts tell all others as they come up is flooded meanwhile.
    lines += [f"up {number} {BRIDGE}" for number, node in enumerate(lab.nodes) if node.kind == "switch"]
    return "\n".join(lines + ["end", ""])
