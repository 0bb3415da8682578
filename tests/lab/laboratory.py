"""The laboratory: topology, rule sets, probes.

Both sides have IPv4 and IPv6. Neighbor entries are static, so that the first packet does not wait for ARP or
neighbor discovery, and a rule set without rules for neighbor discovery can be tested.

The outside host owns all of IPv4 and 2000::/3 except the prefixes placed inside. Listeners are opened on the
ports that are probed, so a timeout or a rejection is caused by the rule set, never by a closed port.
"""

import contextlib
import enum
import ipaddress
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from tests.lab.namespaces import Agent, LabError, Namespaces

Side = Literal["inside", "outside"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The links, with addresses that do not occur in rule sets.
LINKS = {
    "inside": {"router": ("169.254.101.1", "fd5a:7e57:1::1"), "host": ("169.254.101.2", "fd5a:7e57:1::2")},
    "outside": {"router": ("169.254.102.1", "fd5a:7e57:2::1"), "host": ("169.254.102.2", "fd5a:7e57:2::2")},
}
MACS = {
    "inside": ("02:00:00:00:01:01", "02:00:00:00:01:02"),
    "outside": ("02:00:00:00:02:01", "02:00:00:00:02:02"),
}
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")

HOST_SETTINGS = {
    # Replies follow the routing tables, whatever their source address.
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/eth0/rp_filter": 0,
    "net/ipv4/ip_local_port_range": "10000 65000",
}
ROUTER_SETTINGS = {
    "net/ipv4/ip_forward": 1,
    "net/ipv6/conf/all/forwarding": 1,
    "net/ipv4/conf/all/rp_filter": 0,
    # No rate limit of ICMP errors: otherwise the second rejection in a second would look like a drop.
    "net/ipv4/icmp_ratemask": 0,
    "net/ipv6/icmp/ratemask": "",
}


class Outcome(enum.StrEnum):
    """The outcome of a probe."""

    PASSED = "passed"
    REFUSED = "refused"
    TIMED_OUT = "timed-out"


@dataclass(frozen=True, slots=True)
class Probe:
    """A connection to try."""

    protocol: Literal["tcp", "udp"]
    source: str
    """The source address; `Lab.inside` and `Lab.outside` define its side."""
    destination: str
    """The destination address, on the other side."""
    port: int
    """The destination port, 1 to 65535."""
    from_side: Side | None = None
    """The expected side of the source; another side is an error. None: not checked."""
    source_port: int = 0
    """0: any free port."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a probe, with details."""

    probe: Probe
    outcome: Outcome
    answered_by: str
    """`address port` at which the answering host received the probe; with address translation it differs from
    the destination of the probe. Empty unless passed.
    """
    seen_from: str
    """The source address at the answering host. Empty unless passed."""
    errno: int
    """The error number of a rejection, otherwise 0. 111: reset or port unreachable; 113, 13: prohibited.
    """
    seconds: float
    """Duration of the last attempt."""

    @property
    def passed(self) -> bool:
        """True if the answer came back."""
        return self.outcome is Outcome.PASSED


def _network(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)


class Lab:
    """A router between an inside and an outside host.

    A context manager that can be entered once.

    Args:
        prefixes: Addresses and prefixes of the inside.
        interfaces: Names of the router's interfaces (inside, outside), for rule sets that use them.
        timeouts: Seconds to wait, one value per attempt.
        nested: True to use a user namespace, False to forbid it. Default: unless root.

    Raises:
        LabUnavailable: on entry, if namespaces cannot be created.
    """

    def __init__(
        self,
        *prefixes: str,
        interfaces: tuple[str, str] = ("in0", "out0"),
        timeouts: tuple[float, ...] = (0.3, 1.0),
        nested: bool | None = None,
    ) -> None:
        self.timeouts = timeouts
        self._prefixes = prefixes
        self._interfaces = interfaces
        self._places: dict[Network, Side] = {}
        self._spaces = Namespaces("inside", "router", "outside", nested=nested)
        self._agents: dict[str, Agent] = {}

    def __enter__(self) -> Self:
        self._spaces.__enter__()
        try:
            self._build()
            self.inside(*self._prefixes)
        except BaseException:
            self._spaces.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._spaces.close()

    def _build(self) -> None:
        spaces = self._spaces
        self._agents = {name: Agent(spaces, name) for name in ("inside", "router", "outside")}
        sides: tuple[Side, Side] = ("inside", "outside")
        for side, interface in zip(sides, self._interfaces, strict=True):
            router, host = LINKS[side]["router"], LINKS[side]["host"]
            router_mac, host_mac = MACS[side]
            peer = f"peer name eth0 address {host_mac} netns {spaces.name_of(side)}"
            spaces.ip(
                f"link add {interface} address {router_mac} type veth {peer}\n{_end(interface, router, host, host_mac)}",
                "router",
            )
            spaces.ip(_end("eth0", host, router, router_mac), side)
        outside, inside = LINKS["outside"], LINKS["inside"]
        spaces.ip(_default(outside["host"][0]) + _default(outside["host"][1]), "router")
        spaces.ip(_default(inside["router"][0]) + _default(inside["router"][1]), "inside")
        spaces.ip(
            f"route add local 0.0.0.0/0 dev lo table main\nroute add local {PUBLIC_IPV6} dev lo table main\n"
            f"route add {inside['host'][0]} via {outside['router'][0]}\n"
            f"route add {inside['host'][1]} via {outside['router'][1]}\n",
            "outside",
        )
        self._agents["router"].ask({"do": "set", "values": ROUTER_SETTINGS})
        for side in sides:
            self._agents[side].ask({"do": "set", "values": HOST_SETTINGS})

    def inside(self, *prefixes: str) -> None:
        """Put addresses or prefixes on the inside. The longest prefix wins.

        Raises `ValueError` for a default
        route.
        """
        self._place("inside", prefixes)

    def outside(self, *prefixes: str) -> None:
        """Put addresses or prefixes on the outside.

        All other public addresses are there by default.
        """
        self._place("outside", prefixes)

    def _place(self, side: Side, prefixes: Sequence[str]) -> None:
        other: Side = "outside" if side == "inside" else "inside"
        batches = {"router": "", side: "", other: ""}
        for text in prefixes:
            network = _network(text)
            if not network.prefixlen:
                raise ValueError(f"{text}: a default route cannot be placed; split it into parts")
            six = network.version == 6
            batches["router"] += f"route replace {network} via {LINKS[side]['host'][six]}\n"
            batches[other] += f"route replace {network} via {LINKS[other]['router'][six]}\n"
            batches[side] += f"route replace local {network} dev lo table main\n"
            self._places[network] = side
        for name, batch in batches.items():
            if batch:
                self._spaces.ip(batch, name)

    def side_of(self, address: str) -> Side:
        """Return the side of an address. Raises `ValueError` if it is on neither side."""
        found = ipaddress.ip_address(address)
        holders = [network for network in self._places if network.version == found.version and found in network]
        if holders:
            return self._places[max(holders, key=lambda network: network.prefixlen)]
        if found.is_multicast or found.is_loopback or found.is_link_local or found.is_unspecified:
            raise ValueError(f"{address} is not a host address")
        if found.version == 6 and found not in PUBLIC_IPV6:
            raise ValueError(f"{address} is on neither side; place it with inside() or outside()")
        return "outside"

    # Rule sets

    def router(self, *argv: str, input: str | None = None, timeout: float = 60) -> str:  # noqa: A002 - as in subprocess
        """Run a program on the router and return its output.

        Raises `LabError` with its output if it fails.
        """
        return self._spaces.run("router", *argv, text=input, timeout=timeout)

    def run(self, where: Literal["inside", "router", "outside"], *argv: str, timeout: float = 60) -> str:
        """Run a program on a host and return its output. Raises `LabError` like `router`."""
        return self._spaces.run(where, *argv, timeout=timeout)

    def start(self, where: Literal["inside", "router", "outside"], *argv: str) -> "subprocess.Popen[str]":
        """Start a server on a host. It ends with the laboratory. Its streams are pipes."""
        return self._spaces.start(where, *argv)

    def clear(self) -> None:
        """Remove all rules, sets and tracked connections, so that everything passes."""
        with contextlib.suppress(LabError):  # nftables is not installed, so there are no rules
            self.router("nft", "flush", "ruleset")
        for program in ("iptables-legacy", "ip6tables-legacy"):
            self._clear_legacy(program)
        with contextlib.suppress(LabError):
            self.router("ipset", "destroy")
        self.forget_connections()

    def _clear_legacy(self, program: str) -> None:
        """Empty the tables of legacy iptables that are loaded."""
        family = program.removesuffix("tables-legacy")
        try:
            tables = self.router("cat", f"/proc/net/{family}_tables_names").split()
        except LabError:  # the kernel has no legacy tables
            return
        for table in tables:
            for action in ("-F", "-X"):
                self.router(program, "-w", "-t", table, action)
        for chain in ("INPUT", "FORWARD", "OUTPUT") if "filter" in tables else ():
            self.router(program, "-w", "-P", chain, "ACCEPT")

    def forget_connections(self) -> None:
        """Flush the tracked connections, so that they do not affect later verdicts."""
        self._agents["router"].ask({"do": "forget"})

    def load_nft(self, text: str) -> None:
        """Replace all rules of the router with an nftables rule set.

        Raises `LabError` with the message of nft.
        """
        self.clear()
        self.router("nft", "-f", "-", input=text)

    def load_iptables(
        self, ipv4: str = "", ipv6: str = "", *, ipset: str = "", backend: Literal["", "nft", "legacy"] = ""
    ) -> None:
        """Replace all rules with tables in iptables-save format and their sets.

        `backend` selects the variant of iptables; default: the one of the system. Raises `LabError`.
        """
        self.clear()
        if ipset:
            self.router("ipset", "restore", input=ipset)
        middle = f"-{backend}" if backend else ""
        for program, text in ((f"iptables{middle}-restore", ipv4), (f"ip6tables{middle}-restore", ipv6)):
            if text:
                self.router(program, input=text)

    # Probes

    def probe(
        self,
        protocol: Literal["tcp", "udp"],
        source: str,
        destination: str,
        port: int,
        from_side: Side | None = None,
    ) -> Verdict:
        """Open one connection and return the verdict. Raises like `probe_all`."""
        return self.probe_all([Probe(protocol, source, destination, port, from_side)])[0]

    def probe_all(self, probes: Iterable[Probe]) -> list[Verdict]:
        """Open connections concurrently; return the verdicts in the order of the probes.

        Raises `ValueError` for a probe that does not cross the router, `LabError` if the laboratory fails.
        """
        wanted = list(probes)
        groups: dict[Side, list[int]] = {"inside": [], "outside": []}
        for index, probe in enumerate(wanted):
            if (":" in probe.source) != (":" in probe.destination):
                raise ValueError(f"{probe} mixes IPv4 and IPv6")
            source, destination = self.side_of(probe.source), self.side_of(probe.destination)
            if source == destination:
                raise ValueError(f"{probe} does not cross the router: both ends are {source}")
            if probe.from_side not in (None, source):
                raise ValueError(f"{probe}: the source is {source}")
            groups[source].append(index)
        groups = {side: indexes for side, indexes in groups.items() if indexes}
        for side, indexes in groups.items():
            group = [wanted[index] for index in indexes]
            ports = {kind: sorted({p.port for p in group if p.protocol == kind}) for kind in ("tcp", "udp")}
            answering: Side = "outside" if side == "inside" else "inside"
            self._agents[answering].ask({"do": "listen", **ports})
        for side, indexes in groups.items():
            group = [wanted[index] for index in indexes]
            rows = [[p.protocol, p.source, p.source_port, p.destination, p.port] for p in group]
            self._agents[side].send({"do": "probe", "probes": rows, "timeouts": self.timeouts})
        deadline = 20 + (1 + len(wanted) / 100) * sum(self.timeouts)
        answers, failures = {}, []
        for side in groups:
            try:
                answers[side] = self._agents[side].answer(timeout=deadline)["verdicts"]
            except LabError as failure:  # the answer of the other side still has to be read
                failures.append(failure)
        if failures:
            raise failures[0]
        verdicts: dict[int, Verdict] = {}
        for side, indexes in groups.items():
            for index, (outcome, errno, by, seen, seconds) in zip(indexes, answers[side], strict=True):
                verdicts[index] = Verdict(wanted[index], Outcome(outcome), by, seen, errno, seconds)
        return [verdicts[index] for index in range(len(wanted))]


def _end(interface: str, own: tuple[str, str], other: tuple[str, str], other_mac: str) -> str:
    """Return the `ip` commands for one end of a link, with static neighbors."""
    return (
        f"link set {interface} addrgenmode none\n"
        f"addr add {own[0]}/30 dev {interface}\naddr add {own[1]}/64 dev {interface} nodad\n"
        f"link set {interface} up\n"
        f"neigh replace {other[0]} lladdr {other_mac} dev {interface} nud permanent\n"
        f"neigh replace {other[1]} lladdr {other_mac} dev {interface} nud permanent\n"
    )


def _default(gateway: str) -> str:
    return f"route add {'::/0' if ':' in gateway else '0.0.0.0/0'} via {gateway}\n"
