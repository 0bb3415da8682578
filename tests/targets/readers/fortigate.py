"""A FortiGate: `config`, `edit`, `set`, `append`, `unselect`, `delete`, `move`, as its CLI takes them."""

import re
import shlex
from collections.abc import Iterator

from tests.targets.readers import Refused
from tests.targets.readers.packets import EVERYTHING, Allow, addresses, ports

TABLES = {
    "firewall address": {"subnet", "type", "fqdn"},
    "firewall address6": {"ip6", "type", "fqdn"},
    "firewall addrgrp": {"member"},
    "firewall addrgrp6": {"member"},
    "firewall service custom": {"tcp-portrange", "udp-portrange"},
    "firewall policy": {
        *("name", "srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6"),
        *("action", "schedule", "service", "comments", "nat"),
    },
}
LISTS = {"member", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service", "srcintf", "dstintf"}
LENGTHS = {"name": 35, "comments": 1023, "fqdn": 255}


class Fortigate:
    """Tables of entries, each with fields of one or more values."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, list[str]]]] = {name: {} for name in TABLES}
        self.moved: list[tuple[str, str]] = []
        self._table = self._entry = ""

    def load(self, text: str) -> None:
        """Take all commands."""
        for line in text.splitlines():
            self.feed(line)

    def feed(self, line: str) -> None:
        """Take one command."""
        if line.startswith("#"):
            return
        words = shlex.split(line)
        do = getattr(self, f"_{words[0]}", None)
        if do is None:
            raise Refused(f"unknown command: {line}")
        do(*words[1:])

    def _config(self, *path: str) -> None:
        self._table = " ".join(path)
        if self._table not in TABLES:
            raise Refused(self._table)

    def _end(self) -> None:
        self._table = ""

    def _edit(self, key: str) -> None:
        if self._table == "firewall policy":
            if not key.isdigit() or not 0 < int(key) < 2**32:
                raise Refused(f"{key} is no policy's number")
        elif len(key) > 79 or re.search(r"[\"'<>()#]", key):
            raise Refused(f"{key!r} is no name")
        self._entry = key
        self.tables[self._table].setdefault(key, {})

    def _next(self) -> None:
        entry = self.tables[self._table][self._entry]
        if self._table.startswith("firewall addrgrp") and not entry.get("member"):
            raise Refused(f"{self._entry} would be empty")
        if self._table == "firewall policy":
            for field in ("srcintf", "dstintf", "service", "action", "schedule"):
                if not entry.get(field):
                    raise Refused(f"policy {self._entry} needs {field}")
        self._entry = ""

    def _set(self, field: str, *values: str) -> None:
        self._check(field, values)
        self.tables[self._table][self._entry][field] = list(values)

    def _append(self, field: str, *values: str) -> None:
        self._check(field, values)
        held = self.tables[self._table][self._entry][field]
        if field not in LISTS or set(held) & {*values, "all"}:
            raise Refused(f"append {field} {values}")
        held.extend(values)

    def _unselect(self, field: str, *values: str) -> None:
        held = self.tables[self._table][self._entry][field]
        for value in values:
            if field not in LISTS or value not in held:
                raise Refused(f"{value} is not in {field} of {self._entry}")
            held.remove(value)

    def _delete(self, key: str) -> None:
        if key not in self.tables[self._table]:
            raise Refused(f"{self._table} has no {key}")
        for name, fields in self._naming(self._table):
            if any(key in entry.get(field, []) for entry in self.tables[name].values() for field in fields):
                raise Refused(f"{key} is in use")
        del self.tables[self._table][key]

    def _move(self, key: str, before: str, other: str) -> None:
        assert before == "before"
        self.moved.append((key, other))

    def _check(self, field: str, values: tuple[str, ...]) -> None:
        if field not in TABLES[self._table] or not values:
            raise Refused(f"{self._table} has no field {field}")
        if any(len(value) > LENGTHS.get(field, 1 << 20) for value in values):
            raise Refused(f"{field} is too long: {values}")
        if field not in LISTS and field not in ("subnet", "tcp-portrange", "udp-portrange") and len(values) > 1:
            raise Refused(f"{field} holds one value")
        if "all" in values and len(values) > 1:
            raise Refused(f"{field}: all beside others")
        for table in _named_by(self._table, field):
            known = self.tables[table]
            group = self.tables.get(table.replace("address", "addrgrp"), {})
            for value in values:
                if value not in known and value not in group and value not in ("all", "ALL"):
                    raise Refused(f"there is no {value} for {field}")

    def _naming(self, table: str) -> Iterator[tuple[str, list[str]]]:
        six = "6" if table.endswith("6") else ""
        if "addr" in table:
            yield f"firewall addrgrp{six}", ["member"]
            yield "firewall policy", [f"srcaddr{six}", f"dstaddr{six}"]
        if "service" in table:
            yield "firewall policy", ["service"]

    def state(self) -> object:
        """All that it holds, whatever the order of commands was."""
        return {
            name: {key: {field: sorted(values) for field, values in entry.items()} for key, entry in table.items()}
            for name, table in self.tables.items()
        }

    def allows(self) -> list[Allow]:
        """What the policies accept."""
        found = []
        for policy in self.tables["firewall policy"].values():
            assert policy["action"] == ["accept"]
            for family, six in ((4, ""), (6, "6")):
                if f"srcaddr{six}" not in policy:
                    continue
                source, none = self._ends(policy[f"srcaddr{six}"], family)
                destination, hosts = self._ends(policy[f"dstaddr{six}"], family)
                assert not none
                for service in policy["service"]:
                    for field, values in self.tables["firewall service custom"][service].items():
                        found.append(Allow(family, field[:3], source, destination, ports(" ".join(values), " "), hosts))
        return found

    def _ends(self, names: list[str], family: int) -> tuple[tuple[tuple[int, int], ...], frozenset[str]]:
        six = "6" if family == 6 else ""
        if names == ["all"]:
            return EVERYTHING[family], frozenset()
        prefixes, hosts = [], set()
        groups = self.tables[f"firewall addrgrp{six}"]
        for name in [member for group in names for member in groups[group]["member"]]:
            entry = self.tables[f"firewall address{six}"][name]
            if entry.get("type") == ["fqdn"]:
                hosts.add(entry["fqdn"][0])
            else:
                prefixes.append(entry["ip6"][0] if six else "/".join(entry["subnet"]))
        return addresses(prefixes, family), frozenset(hosts)


def _named_by(table: str, field: str) -> list[str]:
    """The tables whose entries a field names."""
    if field == "member":
        return [table.replace("addrgrp", "address")]
    if field in ("srcaddr", "dstaddr"):
        return ["firewall address"]
    if field in ("srcaddr6", "dstaddr6"):
        return ["firewall address6"]
    return ["firewall service custom"] if field == "service" else []
