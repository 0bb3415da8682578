"""Junos and PAN-OS: a tree of words that `set` grows and `delete` cuts, and what its policies accept when committed."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

from tests.targets.readers import Refused
from tests.targets.readers.packets import EVERYTHING, Allow, addresses, ports

Path = tuple[str, ...]


class Tree:
    """A candidate configuration: words below words."""

    ONE: tuple[str, ...] = ()
    """Words behind which one value stands."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}

    def load(self, text: str) -> None:
        """Take all commands."""
        for line in text.splitlines():
            self.feed(line)

    def feed(self, line: str) -> None:
        """Take one command."""
        if line.startswith("#"):
            return
        word, *rest = shlex.split(line)
        path = tuple(rest)
        if word == "set":
            self.check(path)
            node = self.root
            for step in path[:-1]:
                node = node.setdefault(step, {})
            if path[-2] in self.ONE:
                node.clear()
            node.setdefault(path[-1], {})
        elif word == "delete":
            self._delete(self.root, path)
        else:
            raise Refused(line)

    def _delete(self, node: dict[str, Any], path: Path) -> None:
        """Cut a branch, and what would be left empty above it."""
        if path[0] not in node:
            raise Refused(f"there is no {' '.join(path)}")
        if len(path) > 1:
            self._delete(node[path[0]], path[1:])
        if len(path) == 1 or not node[path[0]]:
            del node[path[0]]

    def check(self, path: Path) -> None:
        """Raise Refused for a path outside of the grammar."""

    def state(self) -> object:
        """All that it holds."""
        return self.root

    def node(self, *path: str) -> dict[str, Any]:
        """What stands below a path; empty when there is none."""
        node = self.root
        for step in path:
            node = node.get(step, {})
        return node

    def values(self, *path: str) -> list[str]:
        """The values behind a path."""
        return [word for word, below in self.node(*path).items() if not below]


class Srx(Tree):
    """An SRX."""

    ONE = ("description", "protocol", "destination-port")
    BOOK = ("security", "address-book", "global")

    def check(self, path: Path) -> None:
        if path[:3] == self.BOOK:
            form = r"(address \S+ (dns-name [a-z0-9.-]+|\S+/\d+)|address-set \S+ address \S+)"
            if not re.fullmatch(form, " ".join(path[3:])):
                raise Refused(" ".join(path))
            names = [path[4]]
        elif path[:2] == ("applications", "application"):
            if not re.fullmatch(r"(protocol (tcp|udp)|destination-port \d+(-\d+)?)", " ".join(path[3:])):
                raise Refused(" ".join(path))
            names = [path[2]]
        elif (
            path[:2] == ("security", "policies") and path[2] == "from-zone" and path[4] == "to-zone" and path[6] == "policy"
        ):
            form = r"(match (source-address|destination-address|application) \S+|then permit|description .{1,255})"
            if not re.fullmatch(form, " ".join(path[8:])):
                raise Refused(" ".join(path))
            names = [path[7], path[3], path[5]]
        else:
            raise Refused(" ".join(path))
        if not all(re.fullmatch(r"[A-Za-z0-9._-]{1,63}", name) for name in names):
            raise Refused(f"names {names}")

    def allows(self) -> list[Allow]:
        """What the policies permit; raises Refused where the commit would fail."""
        found = []
        start = ("security", "policies", "from-zone")
        zones = [(*start, a, "to-zone", b, "policy") for a, below in self.node(*start).items() for b in below["to-zone"]]
        for policy in [(*zone, name) for zone in zones for name in self.node(*zone)]:
            if self.values(*policy, "then") != ["permit"]:
                raise Refused(f"{policy} has no action")
            for family in (4, 6):
                source, none = self._end(self.values(*policy, "match", "source-address"), family)
                destination, hosts = self._end(self.values(*policy, "match", "destination-address"), family)
                if none:
                    raise Refused("a source by name")
                for name in self.values(*policy, "match", "application") or [""]:
                    (protocol,) = self.values("applications", "application", name, "protocol")
                    (port,) = self.values("applications", "application", name, "destination-port")
                    if source and (destination or hosts):
                        found.append(Allow(family, protocol, source, destination, ports(port), hosts))
        return found

    def _end(self, names: list[str], family: int) -> tuple[tuple[tuple[int, int], ...], frozenset[str]]:
        if not names:
            raise Refused("a policy needs both ends")
        ranges: list[tuple[int, int]] = []
        prefixes, hosts = [], set()
        for name in names:
            if name in ("any-ipv4", "any-ipv6"):
                ranges += EVERYTHING[family] if name.endswith(str(family)) else ()
                continue
            members = self.values(*self.BOOK, "address-set", name, "address")
            if not members:
                raise Refused(f"{name} is no address set")
            for member in members:
                ((word, below),) = self.node(*self.BOOK, "address", member).items()
                if word == "dns-name":
                    hosts.update(below)
                else:
                    prefixes.append(word)
        return (*ranges, *addresses(prefixes, family)), frozenset(hosts)


class Panos(Tree):
    """A PAN-OS firewall."""

    ONE = ("description", "ip-netmask", "fqdn", "action", "port", "url", "recurring")

    def check(self, path: Path) -> None:
        forms = (
            r"address \S+ (ip-netmask \S+/\d+|fqdn [a-z0-9.-]+)",
            r"address-group \S+ static \S+",
            r"service \S+ protocol (tcp|udp) port [0-9,-]+",
            r"external-list \S{1,31} type (ip|url) (url https://\S+\.txt|recurring hourly)",
            r"profiles custom-url-category \S{1,31} (type URL List|list \S+/)",
            r"rulebase security rules \S+ (from|to|source|destination|application|service|category) \S+",
            r"rulebase security rules \S+ (action allow|description .{1,1023})",
        )
        if not any(re.fullmatch(form, " ".join(path)) for form in forms):
            raise Refused(" ".join(path))
        name = path[3] if path[0] == "rulebase" else path[2] if path[0] == "profiles" else path[1]
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", name):
            raise Refused(f"{name!r} is no name")

    def rules(self) -> list[str]:
        """The names of the rules."""
        return sorted(self.node("rulebase", "security", "rules"))

    def allows(self) -> list[Allow]:
        """What the rules to addresses allow; those with a category have names of their own (`categories`)."""
        return list(self._allows(with_category=False))

    def categories(self) -> list[Allow]:
        """What the rules with a URL category allow: its names as destinations."""
        return list(self._allows(with_category=True))

    def _allows(self, *, with_category: bool) -> Iterator[Allow]:
        for name in self.rules():
            rule = ("rulebase", "security", "rules", name)
            one = {key: self.values(*rule, key) for key in ("from", "to", "action", "application")}
            if [len(value) for value in one.values()] != [1] * 4 or one["application"] != ["any"]:
                raise Refused(f"{name} lacks something: {one}")
            categories = self.values(*rule, "category")
            if bool(categories) != with_category:
                continue
            for family in (4, 6):
                source, none = self._end(self.values(*rule, "source"), family)
                destination, hosts = self._end(self.values(*rule, "destination"), family)
                if none:
                    raise Refused("a source by name")
                if categories:
                    assert destination == EVERYTHING[family]
                    destination = ()
                    hosts = frozenset(
                        url.removesuffix("/")
                        for category in categories
                        for url in self.values("profiles", "custom-url-category", category, "list")
                    )
                for service in self.values(*rule, "service"):
                    ((protocol, below),) = self.node("service", service, "protocol").items()
                    (port,) = below["port"]
                    if source and (destination or hosts):
                        yield Allow(family, protocol, source, destination, ports(port), hosts)

    def _end(self, names: list[str], family: int) -> tuple[tuple[tuple[int, int], ...], frozenset[str]]:
        if not names:
            raise Refused("a rule needs both ends")
        if "any" in names:
            return EVERYTHING[family], frozenset()
        prefixes: list[str] = []
        hosts: set[str] = set()
        for name in names:
            members = self.values("address-group", name, "static")
            if not members:
                raise Refused(f"{name} is no address group")
            for member in members:
                ((kind, below),) = self.node("address", member).items()
                (hosts.update if kind == "fqdn" else prefixes.extend)(below)
        return addresses(prefixes, family), frozenset(hosts)
