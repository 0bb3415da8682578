"""The laboratory proper: topology, rule sets, probes.

IPv4 and IPv6 on both sides. Neighbors are entered by hand, so no first packet waits for ARP or neighbor
discovery, and a rule set that forgets about neighbor discovery still gets its verdicts about everything else.

The outside host owns all of IPv4 and 2000::/3 except what was placed inside. Listeners open by themselves on
the ports that are probed: silence or a refusal comes from the rule set, never from a closed port.
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

# The links: addresses that no rule set has a reason to name.
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
    # Replies take the way the tables say, whatever address they answer from.
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/eth0/rp_filter": 0,
    "net/ipv4/ip_local_port_range": "10000 65000",
}
ROUTER_SETTINGS = {
    "net/ipv4/ip_forward": 1,
    "net/ipv6/conf/all/forwarding": 1,
    "net/ipv4/conf/all/rp_filter": 0,
    # Every refusal is said: with the kernel's limit, the second of two in a second would look like a drop.
    "net/ipv4/icmp_ratemask": 0,
    "net/ipv6/icmp/ratemask": "",
}


class Outcome(enum.StrEnum):
    """What became of a probe."""

    PASSED = "passed"
    REFUSED = "refused"
    TIMED_OUT = "timed-out"


@dataclass(frozen=True, slots=True)
class Probe:
    """A connection to try: who opens it, to whom."""

    protocol: Literal["tcp", "udp"]
    source: str
    """An address; on which side it lies is what `Lab.inside` and `Lab.outside` were told."""
    destination: str
    """An address on the other side."""
    port: int
    """The destination port, 1 to 65535."""
    from_side: Side | None = None
    """The side that the test believes the source on; a wrong belief raises. None: no belief."""
    source_port: int = 0
    """0: any free port."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a probe, and the proof."""

    probe: Probe
    outcome: Outcome
    answered_by: str
    """`address port` that the answering host saw itself asked at; differs from the probe's under address
    translation. Empty unless passed.
    """
    seen_from: str
    """The source address that the answering host saw. Empty unless passed."""
    errno: int
    """The system's error number of a refusal, 0 otherwise. 111: reset or port unreachable; 113, 13:
    prohibited.
    """
    seconds: float
    """Duration of the last attempt."""

    @property
    def passed(self) -> bool:
        """Whether the answer came back."""
        return self.outcome is Outcome.PASSED


def _network(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)


class Lab:
    """A router between an inside and an outside host. Use it as a context manager; it can be entered once.

    `Lab("10.0.0.0/8")` puts those prefixes inside. `interfaces` are the names of the router's two interfaces
    (inside, outside), for rule sets that name theirs. `timeouts` are the seconds to wait, one for each
    attempt. `nested` forces or forbids a user namespace (default: for everyone but root). Raises
    `LabUnavailable` on entry where namespaces cannot be made.
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
        """Put addresses or prefixes on the inside; the longest prefix wins. Raises `ValueError` for a default
        route.
        """
        self._place("inside", prefixes)

    def outside(self, *prefixes: str) -> None:
        """Put addresses or prefixes on the outside, such as one server of ours behind the router. Everything
        public is there already.
        """
        self._place("outside", prefixes)

    def _place(self, side: Side, prefixes: Sequence[str]) -> None:
        other: Side = "outside" if side == "inside" else "inside"
        batches = {"router": "", side: "", other: ""}
        for text in prefixes:
            network = _network(text)
            if not network.prefixlen:
                raise ValueError(f"{text}: a default route cannot be placed, name its parts")
            six = network.version == 6
            batches["router"] += f"route replace {network} via {LINKS[side]['host'][six]}\n"
            batches[other] += f"route replace {network} via {LINKS[other]['router'][six]}\n"
            batches[side] += f"route replace local {network} dev lo table main\n"
            self._places[network] = side
        for name, batch in batches.items():
            if batch:
                self._spaces.ip(batch, name)

    def side_of(self, address: str) -> Side:
        """Where an address lies. Raises `ValueError` when it is nowhere."""
        found = ipaddress.ip_address(address)
        holders = [network for network in self._places if network.version == found.version and found in network]
        if holders:
            return self._places[max(holders, key=lambda network: network.prefixlen)]
        if found.is_multicast or found.is_loopback or found.is_link_local or found.is_unspecified:
            raise ValueError(f"{address} is no host's address")
        if found.version == 6 and found not in PUBLIC_IPV6:
            raise ValueError(f"{address} lies nowhere: place it with inside() or outside()")
        return "outside"

    # Rule sets

    def router(self, *argv: str, input: str | None = None, timeout: float = 60) -> str:  # noqa: A002 - as in subprocess
        """Run a program on the router; its output. Raises `LabError` with its words when it fails."""
        return self._spaces.run("router", *argv, text=input, timeout=timeout)

    def run(self, where: Literal["inside", "router", "outside"], *argv: str, timeout: float = 60) -> str:
        """Run a program on any of the three hosts; as `router`."""
        return self._spaces.run(where, *argv, timeout=timeout)

    def start(self, where: Literal["inside", "router", "outside"], *argv: str) -> "subprocess.Popen[str]":
        """Start a server on any of the three hosts; it ends with the laboratory. Its streams are pipes."""
        return self._spaces.start(where, *argv)

    def clear(self) -> None:
        """Make the router let everything pass: no rules of any kind, no sets, no remembered connections."""
        with contextlib.suppress(LabError):  # no nftables on this system, hence none loaded
            self.router("nft", "flush", "ruleset")
        for program in ("iptables-legacy", "ip6tables-legacy"):
            self._clear_legacy(program)
        with contextlib.suppress(LabError):
            self.router("ipset", "destroy")
        self.forget_connections()

    def _clear_legacy(self, program: str) -> None:
        """Empty the tables that the older iptables loaded; a table it never loaded is not touched."""
        family = program.removesuffix("tables-legacy")
        try:
            tables = self.router("cat", f"/proc/net/{family}_tables_names").split()
        except LabError:  # a kernel without them
            return
        for table in tables:
            for action in ("-F", "-X"):
                self.router(program, "-w", "-t", table, action)
        for chain in ("INPUT", "FORWARD", "OUTPUT") if "filter" in tables else ():
            self.router(program, "-w", "-P", chain, "ACCEPT")

    def forget_connections(self) -> None:
        """Make the router forget every tracked connection, so that an earlier answer opens no later door."""
        self._agents["router"].ask({"do": "forget"})

    def load_nft(self, text: str) -> None:
        """Replace whatever the router has by an nftables rule set. Raises `LabError` with nft's words."""
        self.clear()
        self.router("nft", "-f", "-", input=text)

    def load_iptables(
        self, ipv4: str = "", ipv6: str = "", *, ipset: str = "", backend: Literal["", "nft", "legacy"] = ""
    ) -> None:
        """Replace whatever the router has by tables in the form of iptables-save, and the sets they name.

        `backend` chooses between the two kinds of iptables; the default is the system's. Raises `LabError`.
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
        """Open one connection and tell what became of it. Raises as `probe_all`."""
        return self.probe_all([Probe(protocol, source, destination, port, from_side)])[0]

    def probe_all(self, probes: Iterable[Probe]) -> list[Verdict]:
        """Open connections, many at a time; the verdicts in the order of the probes.

        Raises `ValueError` for a probe that does not cross the router, `LabError` when the laboratory fails.
        """
        wanted = list(probes)
        groups: dict[Side, list[int]] = {"inside": [], "outside": []}
        for index, probe in enumerate(wanted):
            if (":" in probe.source) != (":" in probe.destination):
                raise ValueError(f"{probe} mixes IPv4 and IPv6")
            source, destination = self.side_of(probe.source), self.side_of(probe.destination)
            if source == destination:
                raise ValueError(f"{probe} does not cross the router: both ends lie {source}")
            if probe.from_side not in (None, source):
                raise ValueError(f"{probe}: the source lies {source}")
            groups[source].append(index)
        groups = {side: indexes for side, indexes in groups.items() if indexes}
        for side, indexes in groups.items():
            asked = [wanted[index] for index in indexes]
            ports = {kind: sorted({p.port for p in asked if p.protocol == kind}) for kind in ("tcp", "udp")}
            answering: Side = "outside" if side == "inside" else "inside"
            self._agents[answering].ask({"do": "listen", **ports})
        for side, indexes in groups.items():
            asked = [wanted[index] for index in indexes]
            rows = [[p.protocol, p.source, p.source_port, p.destination, p.port] for p in asked]
            self._agents[side].send({"do": "probe", "probes": rows, "timeouts": self.timeouts})
        patience = 20 + (1 + len(wanted) / 100) * sum(self.timeouts)
        answers, failures = {}, []
        for side in groups:
            try:
                answers[side] = self._agents[side].answer(timeout=patience)["verdicts"]
            except LabError as failure:  # the other side's answer is waiting to be read
                failures.append(failure)
        if failures:
            raise failures[0]
        verdicts: dict[int, Verdict] = {}
        for side, indexes in groups.items():
            for index, (outcome, errno, by, seen, seconds) in zip(indexes, answers[side], strict=True):
                verdicts[index] = Verdict(wanted[index], Outcome(outcome), by, seen, errno, seconds)
        return [verdicts[index] for index in range(len(wanted))]


def _end(interface: str, own: tuple[str, str], other: tuple[str, str], other_mac: str) -> str:
    """The `ip` lines of one end of a link: both families, and neighbors that need no discovery."""
    return (
        f"link set {interface} addrgenmode none\n"
        f"addr add {own[0]}/30 dev {interface}\naddr add {own[1]}/64 dev {interface} nodad\n"
        f"link set {interface} up\n"
        f"neigh replace {other[0]} lladdr {other_mac} dev {interface} nud permanent\n"
        f"neigh replace {other[1]} lladdr {other_mac} dev {interface} nud permanent\n"
    )


def _default(gateway: str) -> str:
    return f"route add {'::/0' if ':' in gateway else '0.0.0.0/0'} via {gateway}\n"
