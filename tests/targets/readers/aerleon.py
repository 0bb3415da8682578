"""What aerleon's generators write, read as packets: another hand's access lists of the same plan.

Its outputs are not ours: lists without groups, blocks of braces, XML. Only what it writes for accepting terms is read.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from tests.targets.readers import Refused, fortigate
from tests.targets.readers.packets import EVERYTHING, Allow, Range, addresses, ports


def cisco(text: str, names: dict[str, dict[str, int]] | None = None) -> list[Allow]:
    """Extended access lists of IOS (wildcard masks) and of the ASA (net masks, and `names` of ports by protocol)."""
    found, family = [], 4
    for line in text.splitlines():
        family = 6 if line.startswith("ipv6 access-list") else family
        if not (match := re.search(r"permit (tcp|udp) (.*)", line)):
            continue
        words = match[2].split()
        ends = [_cisco_end(words, family, masks=names is not None) for _ in range(2)]
        known = (names or {}).get(match[1], {})
        numbers = [known.get(word) or int(word) for word in words[1:]]
        found.append(Allow(family, match[1], ends[0], ends[1], ((numbers[0], numbers[-1]),)))
        if words[0] not in ("eq", "range"):
            raise Refused(line)
    return found


def _cisco_end(words: list[str], family: int, *, masks: bool) -> tuple[Range, ...]:
    """Take an end off the words: `any`, `host A`, `A MASK`, `A/L`."""
    word = words.pop(0)
    if word == "any":
        return EVERYTHING[family]
    if word == "host":
        return addresses([words.pop(0)], family)
    if family == 6:
        return addresses([word], family)
    mask = words.pop(0)
    if not masks:
        mask = str(ipaddress.IPv4Address(2**32 - 1 - int(ipaddress.IPv4Address(mask))))
    return addresses([f"{word}/{mask}"], family)


class Fortigate(fortigate.Fortigate):
    """A FortiGate that takes aerleon's script, with a few fields more and without ends of tables at the end."""

    def _config(self, *path: str) -> None:
        self._table = " ".join(path)

    def _check(self, field: str, values: tuple[str, ...]) -> None:
        if not values:
            raise Refused(field)


def srx(text: str) -> list[Allow]:
    """Blocks of braces."""
    tree = _braces(re.findall(r'"[^"]*"|[{};\[\]]|[^\s{};\[\]]+', re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))
    book = tree["security"]["replace: address-book"]["global"]
    sets = {key.split()[1]: [w.split()[1] for w in below] for key, below in book.items() if key.startswith("address-set")}
    prefixes = {key.split()[1]: key.split()[2] for key in book if key.startswith("address ")}
    applications = _applications(tree.get("replace: applications", {}))
    found = []
    for policies in tree["security"]["replace: policies"].values():
        for policy in policies.values():
            match = {key.split()[0]: key.split()[1:] for key in policy["match"]}
            for family in (4, 6):
                ends = [
                    EVERYTHING[family]
                    if match[end] == ["any"]
                    else addresses([prefixes[p] for name in match[end] for p in sets[name]], family)
                    for end in ("source-address", "destination-address")
                ]
                for name in match["application"]:
                    for protocol, numbers in applications[name]:
                        if all(ends):
                            found.append(Allow(family, protocol, ends[0], ends[1], numbers))
    return found


def _applications(block: dict[str, Any]) -> dict[str, list[tuple[str, tuple[Range, ...]]]]:
    found: dict[str, list[tuple[str, tuple[Range, ...]]]] = {}
    for key, below in block.items():
        kind, name = key.split()[:2]
        if kind == "application":
            for term in below:
                match = re.search(r"protocol (tcp|udp) .*?destination-port ([0-9-]+)", term)
                assert match, term
                found.setdefault(name, []).append((match[1], ports(match[2])))
    for key, below in block.items():
        if key.startswith("application-set"):
            found[key.split()[1]] = [each for member in below for each in found[member.split()[1]]]
    return found


def _braces(tokens: list[str]) -> dict[str, Any]:
    """Statements as keys, with what stands in their braces below them."""
    stack: list[dict[str, Any]] = [{}]
    words: list[str] = []
    for token in tokens:
        if token == "{":
            stack.append({})
            stack[-2][" ".join(words)] = stack[-1]
            words = []
        elif token in ("}", ";"):
            if words:
                stack[-1][" ".join(words)] = {}
            words = []
            if token == "}":
                stack.pop()
        elif token not in ("[", "]"):
            words.append(token)
    return stack[0]


def panos(text: str) -> list[Allow]:
    """The XML of a configuration."""
    return list(_panos(ElementTree.fromstring(text)))


def _panos(root: ElementTree.Element) -> Iterator[Allow]:
    def entries(path: str) -> Iterator[tuple[str, ElementTree.Element]]:
        yield from ((entry.get("name", ""), entry) for entry in root.findall(f".//vsys/entry/{path}/entry"))

    def members(entry: ElementTree.Element, path: str) -> list[str]:
        return [member.text or "" for member in entry.findall(f"{path}/member")]

    prefixes = {name: entry.findtext("ip-netmask", "") for name, entry in entries("address")}
    groups = {name: members(entry, "static") for name, entry in entries("address-group")}
    services = {
        name: (protocol, ports(entry.findtext(f"protocol/{protocol}/port", "")))
        for name, entry in entries("service")
        for protocol in ("tcp", "udp")
        if entry.find(f"protocol/{protocol}") is not None
    }
    for _, rule in entries("rulebase/security/rules"):
        if rule.findtext("action") != "allow":
            continue
        for family in (4, 6):
            ends = [
                EVERYTHING[family]
                if members(rule, end) == ["any"]
                else addresses([prefixes[p] for name in members(rule, end) for p in groups.get(name, [name])], family)
                for end in ("source", "destination")
            ]
            for service in members(rule, "service"):
                protocol, numbers = services[service]
                if all(ends):
                    yield Allow(family, protocol, ends[0], ends[1], numbers)
