"""A model of PAN-OS: its command line, the candidate and the running configuration.

It executes commands line by line. A command that PAN-OS would refuse is noted in `refused`, and the next one is executed, as
when a text is pasted. What is modeled, with the page of docs.paloaltonetworks.com or live.paloaltonetworks.com:

    set, delete and move change the candidate; commit checks all of it (references, ends,     Commit Configuration Changes
    members), and activates all or nothing
    set commands are pasted in configuration mode; anything else is an unknown command         Load Configuration Settings …
    at most 30 sources of external dynamic lists; equal URLs are one                           External Dynamic Lists
    names have at most 63 characters, those of lists 31                                        Objects, Policies
    rules are compared in their order, and the first one that matches decides                  Security Policy Overview
    move before, after, top, bottom                                                            Manage the Rule Hierarchy
    destinations are compared as they were before the NAT                                      Destination NAT Example
    a gateway has at most 200 exclude routes and domains                                       Client Settings Tab
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from perimeter365.audit.packets import AllowRule
from perimeter365.audit.readers.paloalto_set import PaloaltoSetReader
from perimeter365.audit.words import quoted_words
from perimeter365.errors import InputError

Tree = dict[str, Any]
Path = tuple[str, ...]

NAMED = ("address", "address-group", "service", "external-list", "tag", "log-settings")
RULES: Path = ("rulebase", "security", "rules")
CATEGORIES: Path = ("profiles", "custom-url-category")
GATEWAY = ("global-protect", "global-protect-gateway")
SINGLE = frozenset(("description", "ip-netmask", "fqdn", "action", "port", "url", "recurring", "log-setting"))
"""Words with one value: another one replaces it."""
CHOICES = (("ip-netmask", "fqdn"), ("tcp", "udp"), ("ip", "url"))
ENDS = ("from", "to", "source", "destination", "service", "application", "action")
RULE_PARTS = frozenset((*ENDS, "category", "description", "log-setting", "profile-setting", "tag", "rule-type"))
LISTS, LIST_NAME, NAME, ROUTES = 30, 31, 63, 200


class RefusedError(Exception):
    """PAN-OS refuses a command."""


class Panos:
    """A firewall, or a Panorama with device groups."""

    def __init__(self, systems: Iterable[str] = ("vsys1",), groups: Iterable[str] = (), zones: Iterable[str] = ()) -> None:
        self.locations = {("vsys", name) for name in systems} | {("device-group", name) for name in groups}
        self.zones = set(zones) or {"trust", "untrust", "any"}
        self.candidate: Tree = {}
        self.running: Tree = {}
        self.refused: list[tuple[str, str]] = []
        """(line, reason)."""
        self.commits = 0
        self.printed: list[str] = []
        """What the last `show` printed."""
        self._configure = False

    # -- the command line ----------------------------------------------------------------------------------------------

    def load(self, text: str) -> None:
        """Execute the lines of a text."""
        for line in text.splitlines():
            self.feed(line)

    def feed(self, line: str) -> None:
        """Execute a line."""
        if not line.strip():
            return
        try:
            self._execute(line)
        except (RefusedError, InputError) as error:
            self.refused.append((line, str(error)))

    def _execute(self, line: str) -> None:
        if re.fullmatch(r"set cli (scripting-mode on|config-output-format set)", line):
            if self._configure:
                raise RefusedError("unknown command")
        elif line == "configure" and not self._configure:
            self._configure = True
        elif line == "exit" and self._configure:
            self._configure = False
        elif not self._configure:
            raise RefusedError("unknown command")
        elif line == "commit":
            self._commit()
        elif line == "validate full":
            if problems := list(self.problems()):
                raise RefusedError("; ".join(problems))
        elif shown := re.fullmatch(r'show \| match "([^"]+)"', line):
            self.printed = [each for each in self.show() if shown[1] in each]
        else:
            verb, *words = quoted_words(line)
            if verb not in ("set", "delete", "move") or len(words) < 2:
                raise RefusedError("unknown command")
            getattr(self, f"_{verb}")(self._resolve(tuple(words)))

    def _resolve(self, path: Path) -> Path:
        """Return a full path: the location, then the rest."""
        if path[0] == "shared":
            return ("shared", "", *path[1:])
        if path[0] in ("vsys", "device-group"):
            if path[:2] not in self.locations:
                raise RefusedError(f"there is no {' '.join(path[:2])}")
            rest = path[2:]
            if rest[0].endswith("rulebase") and (rest[0] == "pre-rulebase") != (path[0] == "device-group"):
                raise RefusedError("unknown command")
            return (*path[:2], "rulebase", *rest[1:]) if rest[0] == "pre-rulebase" else path
        if len([place for place in self.locations if place[0] == "vsys"]) != 1:
            raise RefusedError("a virtual system or device group is missing")
        return ("vsys", "vsys1", *path)

    def _set(self, path: Path) -> None:
        self._check(path[2:])
        node = self.candidate
        for at, word in enumerate(path):
            for choice in CHOICES:
                if word in choice and at > 3 and path[2] in ("address", "service", "external-list"):
                    for other in set(choice) - {word}:
                        node.pop(other, None)
            if at and path[at - 1] in SINGLE and at == len(path) - 1:
                node.clear()
            node = node.setdefault(word, {})

    def _check(self, rest: Path) -> None:
        """Refuse a path that the configuration does not have."""
        forms = {
            "address": r"\S+ (ip-netmask|fqdn) \S+",
            "address-group": r"\S+ static \S+",
            "service": r"\S+ protocol (tcp|udp) port [0-9,-]+",
            "external-list": r"\S+ type (ip|url) (url https://\S+|recurring hourly)",
            "profiles": r"custom-url-category \S+ (type URL List|list \S+)",
            "rulebase": rf"security rules [^\"]+ ({'|'.join(sorted(RULE_PARTS))}) .+",
            "tag": r"\S+ .+",
            "global-protect": r"global-protect-gateway \S+ remote-user-tunnel-configs \S+ split-tunneling "
            r"((access-route|exclude-access-route) \S+|(include-domains|exclude-domains) list \S+)",
        }
        if rest[0] not in forms or not re.fullmatch(forms[rest[0]], " ".join(rest[1:])):
            raise RefusedError("unknown command")
        name, most = (rest[2], LIST_NAME) if rest[0] == "profiles" else (rest[1], NAME)
        name, most = (rest[3], NAME) if rest[0] == "rulebase" else (name, most)
        if rest[0] == "external-list":
            most = LIST_NAME
        if rest[0] != "global-protect" and len(name) > most:
            raise RefusedError("the name is too long")

    def _delete(self, path: Path) -> None:
        nodes = [self.candidate]
        for word in path:
            if word not in nodes[-1]:
                raise RefusedError("the object does not exist")
            nodes.append(nodes[-1][word])
        for node, word in zip(reversed(nodes[:-1]), reversed(path), strict=True):
            del node[word]
            if node:
                break

    def _move(self, path: Path) -> None:
        place = (*path[:2], *RULES)
        if path[: len(place)] != place:
            raise RefusedError("unknown command")
        name, where, *other = path[len(place) :]
        rules = _at(self.candidate, place)
        order = [each for each in rules if each != name]
        if name not in rules or where not in ("top", "bottom", "before", "after") or (other and other[0] not in order):
            raise RefusedError("there is no such rule")
        at = {"top": 0, "bottom": len(order)}.get(where)
        at = order.index(other[0]) + (where == "after") if at is None else at
        order.insert(at, name)
        moved = {each: rules[each] for each in order}
        rules.clear()
        rules.update(moved)

    def _commit(self) -> None:
        if problems := list(self.problems()):
            raise RefusedError("; ".join(problems))
        self.running = deepcopy(self.candidate)
        self.commits += 1

    # -- the checks of a commit ----------------------------------------------------------------------------------------

    def problems(self) -> Iterator[str]:
        """What keeps the candidate from being committed."""
        urls = set()
        for kind, name in self._places():
            tree = _at(self.candidate, (kind, name))
            scopes = [tree, _at(self.candidate, ("shared", ""))]
            yield from self._groups(tree, scopes)
            for listed in tree.get("external-list", {}).values():
                urls |= set(_at(listed, ("type", "ip", "url"))) | set(_at(listed, ("type", "url", "url")))
            for rule, node in _at(tree, RULES).items():
                yield from self._rule(rule, node, scopes)
            for config in self._tunnels(tree):
                for field in ("exclude-access-route", "exclude-domains"):
                    count = len(config.get(field, {}).get("list", config.get(field, {})))
                    if count > ROUTES:
                        yield f"{field} has {count} entries"
        if len(urls) > LISTS:
            yield f"{len(urls)} sources of external dynamic lists"

    def _groups(self, tree: Tree, scopes: list[Tree]) -> Iterator[str]:
        for group, node in tree.get("address-group", {}).items():
            if not node.get("static"):
                yield f"{group} has no members"
            for member in node.get("static", {}):
                if not any(member in scope.get(table, {}) for scope in scopes for table in ("address", "address-group")):
                    yield f"{group}: {member} is not a valid reference"
            if group in tree.get("address", {}):
                yield f"{group} is an address, too"

    def _places(self) -> list[Path]:
        return [(kind, name) for kind, places in self.candidate.items() for name in places]

    def _tunnels(self, tree: Tree) -> Iterator[Tree]:
        for gateway in _at(tree, GATEWAY).values():
            for config in gateway.get("remote-user-tunnel-configs", {}).values():
                yield config.get("split-tunneling", {})

    def _rule(self, name: str, node: Tree, scopes: list[Tree]) -> Iterator[str]:
        for field in ENDS:
            if not node.get(field):
                yield f"rule {name} has no {field}"
        tables = {
            **dict.fromkeys(("source", "destination"), ("address", "address-group", "external-list")),
            "service": ("service",),
            "tag": ("tag",),
            "log-setting": ("log-settings",),
        }
        for field, known in tables.items():
            for value in node.get(field, {}):
                if value != "any" and not any(value in scope.get(table, {}) for scope in scopes for table in known):
                    yield f"rule {name}: {field} {value} is not a valid reference"
        for value in node.get("category", {}):
            if not any(value in (*_at(s, CATEGORIES), *s.get("external-list", {})) for s in scopes):
                yield f"rule {name}: category {value} is not a valid reference"
        for zone in (*node.get("from", {}), *node.get("to", {})):
            if zone not in self.zones:
                yield f"rule {name}: there is no zone {zone}"

    # -- what is in force ----------------------------------------------------------------------------------------------

    def passes(
        self, start: str = "", lists: Mapping[str, list[str]] | None = None, place: Path = ("vsys", "vsys1")
    ) -> list[AllowRule]:
        """What the running rules to addresses let through whose name starts with the pattern `start`.

        Rules below one that denies everything are never reached. `lists` are the contents of external lists by their URL.
        """
        mine, shared = _at(self.running, place), _at(self.running, ("shared", ""))
        tree = {**mine, **{table: {**mine.get(table, {}), **shared.get(table, {})} for table in NAMED}}
        lines = []
        for name, listed in tree.pop("external-list", {}).items():
            (url,) = _at(listed, ("type", "ip", "url")) or ("",)
            for number, prefix in enumerate((lists or {}).get(url, ())):
                lines.append(f"set address list-{name}-{number} ip-netmask {prefix}")
                lines.append(f"set address-group {name} static list-{name}-{number}")
        rules = {}
        for name, node in _at(tree, RULES).items():
            if "deny" in node["action"]:
                if "any" in node["source"] and "any" in node["destination"]:
                    break
            elif re.match(start, name) and "category" not in node:
                rules[name] = node
        if not rules:
            return []
        kept = {table: tree[table] for table in ("address", "address-group", "service") if tree.get(table)}
        reader = PaloaltoSetReader()
        reader.load("\n".join([*lines, *_set_lines({**kept, "rulebase": {"security": {"rules": rules}}})]))
        return reader.rules()

    def split_tunnel(self, gateway: str, config: str, system: str = "vsys1") -> dict[str, list[str]]:
        """The routes and domains of a gateway's configuration, in force."""
        path = ("vsys", system, *GATEWAY, gateway, "remote-user-tunnel-configs", config, "split-tunneling")
        tree = _at(self.running, path)
        return {field: [*some.get("list", some)] for field, some in tree.items()}

    def show(self) -> list[str]:
        """The candidate as set commands."""
        return list(_set_lines(self.candidate))

    def ours(self, start: str = "m365") -> list[str]:
        """The running lines that contain a text."""
        return [line for line in _set_lines(self.running) if start in line]


def _at(tree: Tree, path: Iterable[str]) -> Tree:
    for word in path:
        tree = tree.get(word, {})
    return tree


def _set_lines(tree: Tree, path: Path = ()) -> Iterator[str]:
    for word, below in tree.items():
        if below:
            yield from _set_lines(below, (*path, word))
        else:
            yield "set " + " ".join(f'"{each}"' if " " in each else each for each in (*path, word) if each)
