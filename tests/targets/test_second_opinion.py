"""aerleon's second opinion: from the plan's JSON alone it makes access lists that allow the packets that ours allow.

The policies that it gets are written here, from the JSON, without our target `aerleon`; what it makes of them and what we
make of the plan is read back by the readers, and compared packet by packet. Its own defects are left out by name: an ASA's
access list has no IPv6, and it knows no host names.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.consumers import need
from tests.targets.netfilter import case, files
from tests.targets.readers import Allow, aerleon, cisco, fortigate, setlines, unlike

PLANS = ("contoso", "everything-china", "everything-worldwide", "ipv6-off", "awkward")
PAIRS = {"outbound": "from-zone trust to-zone untrust", "inbound": "from-zone untrust to-zone trust"}
PAIRS |= {"internal": "from-zone trust to-zone trust"}


@pytest.fixture(scope="module", autouse=True)
def _aerleon() -> None:
    need("aerleon")


def policy(name: str, direction: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Definitions and terms of the flows of a direction, by the plan's JSON."""
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
    """What a generator makes of a plan, direction by direction."""
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


def by_address(allows: list[Allow], *families: int) -> list[Allow]:
    """What is allowed by address, in these families."""
    return [replace(rule, hosts=frozenset()) for rule in allows if rule.destination and rule.family in families]


def read_fortigate(text: str) -> list[Allow]:
    device = aerleon.Fortigate()
    device.load(text)
    return device.allows()


def read_asa(text: str) -> list[Allow]:
    from aerleon.lib.cisco import PortMap

    known = {kind: {word: port for port, word in PortMap._PORT_MAP["cisco"][kind].items()} for kind in ("tcp", "udp")}
    return aerleon.cisco(text, known)


OPINIONS: dict[str, tuple[str, str, Callable[[str], list[Allow]], type[Any], tuple[int, ...]]] = {
    "fortigate": ("fortigate", "{zones}", read_fortigate, fortigate.Fortigate, (4, 6)),
    "cisco-asa": ("ciscoasa", "m365", read_asa, cisco.Asa, (4,)),
    "cisco-ios": ("cisco", "m365 mixed", aerleon.cisco, cisco.Ios, (4, 6)),
    "juniper-srx": ("srx", "{zones} mixed", aerleon.srx, setlines.Srx, (4, 6)),
    "paloalto-set": ("paloalto", "{zones} mixed", aerleon.panos, setlines.Panos, (4, 6)),
}
"""Target: aerleon's generator, the words of its header, who reads what it makes, our device, the families that it knows."""


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("target", OPINIONS)
def test_aerleon_allows_the_same_packets(target: str, name: str) -> None:
    generator, words, read, device_type, families = OPINIONS[target]
    theirs = [rule for text in generated(name, generator, words) for rule in read(text)]
    device = device_type()
    (text,) = files(case(name), target).values()
    device.load(text)
    ours = by_address(device.allows(), *families)
    assert len(theirs) > 5
    assert {rule.family for rule in theirs} == {rule.family for rule in ours}
    assert unlike(ours, theirs) == []
