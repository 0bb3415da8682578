"""The sweep of boundary packets agrees with models that are right, and finds what is wrong in others."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from tests.life.boundaries import ANYONE, Oracle, Packet, boundaries, decided_by, disagreements
from tests.targets.devices import given, let_pass, wanted
from tests.targets.netfilter import awkward, case, files

PLAN = awkward()
ORACLE = Oracle(PLAN)
PACKETS = boundaries(ORACLE)
RULES = wanted(PLAN)


@pytest.mark.parametrize("target", ["cisco-asa", "cisco-ios", "fortigate", "juniper-srx", "mikrotik", "paloalto-set"])
@pytest.mark.parametrize("name", ["awkward", "contoso"])
def test_the_readers_of_firewalls_agree_with_the_sweep(target: str, name: str) -> None:
    oracle = Oracle(case(name))
    (rules,) = let_pass(target, given(target, files(case(name), target)))
    assert disagreements(oracle, boundaries(oracle), decided_by(rules), sides=False) == []


def test_the_sweep_has_both_edges_and_the_next_on_either_side() -> None:
    sources, destinations = {p.source for p in PACKETS}, {p.destination for p in PACKETS}
    assert sources >= {"20.20.31.255", "20.20.32.0", "20.20.32.1", "20.20.63.254", "20.20.63.255", "20.20.64.0"}
    assert sources >= {"2603:1006::", "2603:1006::1", "2603:1005:ffff:ffff:ffff:ffff:ffff:ffff", "2603:1006:100::"}
    assert destinations >= {"203.0.113.7", "203.0.113.8", "203.0.113.15", "203.0.113.16", "203.0.113.21"}
    assert {p.port for p in PACKETS if p.protocol == "udp"} >= {49999, 50000, 50001, 59998, 59999, 60000, 1, 2}
    assert Packet("udp", "20.20.32.0", "203.0.113.8", 443, "inbound") in PACKETS, "wrong protocol"
    assert Packet("tcp", "203.0.113.8", "20.20.32.0", 443, "inbound") in PACKETS, "swapped ends"
    assert Packet("udp", "10.9.0.53", "10.20.0.0", 53, "internal") in PACKETS, "anyone is inside"
    assert Packet("tcp", ANYONE[0], "203.0.113.8", 25, "outbound") in PACKETS, "wrong side"


def mutations() -> list[tuple[str, list[AllowRule]]]:
    """Each rule with one thing wrong, alone in an otherwise right list."""
    found = []
    for number, rule in enumerate(RULES):

        def other(what: str, *more: AllowRule, number: int = number) -> None:
            found.append((f"{RULES[number]}: {what}", [*RULES[:number], *more, *RULES[number + 1 :]]))

        other("left out")
        other("swapped ends", replace(rule, source=rule.destination, destination=rule.source))
        other("other protocol", replace(rule, protocol="udp" if rule.protocol == "tcp" else "tcp"))
        _, last = next(iter(rule.ports))
        other("a port more", replace(rule, ports=rule.ports | PortSet([(last, last + 1 if last < 65535 else last)])))
        other("a port less", *([replace(rule, ports=PortSet(list(rule.ports)[1:]))] if len(list(rule.ports)) > 1 else []))
        for end in ("source", "destination"):
            prefixes = list(getattr(rule, end))
            if prefixes and prefixes[0].length > 0:
                text = str(prefixes[0])
                wider = PrefixSet.parse([str(ip_network(text).supernet())])
                other(f"{end} {text} one bit wider", replace(rule, **{end: getattr(rule, end) | wider}))
    return found


def test_the_sweep_finds_each_mutation_that_another_rule_does_not_cover() -> None:
    verdicts = [(packet, ORACLE.allows(packet, False)) for packet in PACKETS]
    missed = []
    for what, rules in mutations():
        decide = decided_by(rules)
        if all(decide(packet) == verdict for packet, verdict in verdicts):
            missed.append((what, rules))
    assert len(missed) < 20
    assert [what for what, rules in missed if differences(RULES, rules)] == [], "the exact comparison finds more"


def test_without_sides_a_device_admits_internal_connections_that_the_plan_does_not() -> None:
    found = disagreements(ORACLE, PACKETS, decided_by(RULES))
    assert any("10.20.0.0" in line and "port=53" in line and "crossing='internal'" in line for line in found)
    assert disagreements(ORACLE, PACKETS, decided_by(RULES), sides=False) == []
