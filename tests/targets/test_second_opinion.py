"""Second opinion by aerleon: its access lists allow the same packets.

Its policies are written here from the JSON, without the target `aerleon`. Its output and the targets' output are read back
with the readers of `audit` and compared packet by packet. Aerleon's configurations have other forms (lists without groups,
blocks in braces, XML), so an error of a reader does not occur twice. Its known gaps are excluded by name: its ASA access
lists have no IPv6, and it does not support host names.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.audit.readers import read
from tests.consumers import need
from tests.targets.devices import given
from tests.targets.netfilter import case, files

PLANS = ("contoso", "everything-china", "everything-worldwide", "ipv6-off", "awkward")
PAIRS = {"outbound": "from-zone trust to-zone untrust", "inbound": "from-zone untrust to-zone trust"}
PAIRS |= {"internal": "from-zone trust to-zone trust"}


@pytest.fixture(scope="module", autouse=True)
def _aerleon() -> None:
    need("aerleon")


def policy(name: str, direction: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Definitions and terms for the flows of a direction, from the plan's JSON."""
    networks: dict[str, Any] = {}
    services: dict[str, Any] = {}
    terms = []
    for number, flow in enumerate(case(name).to_dict()["flows"]):
        if flow["direction"] != direction:
            continue
        for version in (4, 6):
            term: dict[str, Any] = {"action": "accept"}
            for key, end in (("source", flow["source"]), ("destination", flow["destination"])):
                if mine := [prefix for prefix in end["prefixes"] if (":" in prefix) == (version == 6)]:
                    networks[f"{key[0].upper()}{number}V{version}"] = {"values": [{"address": p} for p in mine]}
                    term[f"{key}-address"] = f"{key[0].upper()}{number}V{version}"
                elif end["role"] != "internet":
                    break
            else:
                for protocol in filter(flow.get, ("tcp", "udp")):
                    service = f"{protocol.upper()}{number}"
                    services[service] = [{"protocol": protocol, "port": port} for port in flow[protocol].split(",")]
                    terms.append(
                        {
                            **term,
                            "name": f"t{number}-{protocol}{version}",
                            "protocol": protocol,
                            "destination-port": service,
                        }
                    )
    return {"networks": networks, "services": services}, terms


@cache
def generated(name: str, generator: str, words: str) -> tuple[str, ...]:
    """The output of a generator for a plan, for each direction."""
    from aerleon import api
    from aerleon.lib import naming

    made = []
    for direction, zones in PAIRS.items():
        definitions, terms = policy(name, direction)
        if terms:
            names = naming.Naming()
            names.ParseDefinitionsObject(definitions, "")
            header = {"targets": {generator: words.format(zones=zones)}, "comment": direction}
            policies: Any = [{"filename": direction, "filters": [{"header": header, "terms": terms}]}]
            found: Any = api.Generate(policies, names, optimize=True)
            made += [text for text in found.values() if isinstance(text, str)]
    return tuple(made)


def by_address(allows: list[AllowRule], *families: int) -> list[AllowRule]:
    """What is allowed by address in these families."""
    return [replace(rule, hosts=frozenset()) for rule in allows if rule.destination and rule.family in families]


OPINIONS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "fortigate": ("fortigate", "{zones}", (4, 6)),
    "cisco-asa": ("ciscoasa", "m365", (4,)),
    "cisco-ios": ("cisco", "m365 mixed", (4, 6)),
    "juniper-srx": ("srx", "{zones} mixed", (4, 6)),
    "paloalto-set": ("paloalto", "{zones} mixed", (4, 6)),
}
"""Target (and reader): aerleon's generator, the words of its header, the families that it supports."""


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("target", OPINIONS)
def test_aerleon_allows_the_same_packets(target: str, name: str) -> None:
    generator, words, families = OPINIONS[target]
    readings = [read(target, text) for text in generated(name, generator, words)]
    assert [line for reading in readings for line in reading.unread] == []
    theirs = [rule for reading in readings for rule in reading.rules]
    ours = by_address(given(target, files(case(name), target)).rules(), *families)
    assert len(theirs) > 5
    assert {rule.family for rule in theirs} == {rule.family for rule in ours}
    assert differences(ours, theirs) == []


def test_the_readers_name_ports_as_aerleon_does() -> None:
    from aerleon.lib.cisco import PortMap

    theirs = {kind: {word: port for port, word in PortMap._PORT_MAP["cisco"][kind].items()} for kind in ("tcp", "udp")}
    for kind, names in theirs.items():
        for word, port in names.items():
            if word == "kerberos":  # deliberately not read
                continue
            (rule,) = read("cisco-asa", f"access-list a extended permit {kind} any4 any4 eq {word}").rules
            assert list(rule.ports) == [(port, port)], word
