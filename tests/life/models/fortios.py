"""A model of FortiOS: its tables of addresses, groups, services, virtual IPs and policies.

It executes a configuration line by line. A line that FortiOS would refuse is noted in `refused`, and the next line is
executed, as when a text is pasted. What is modeled, with the page of docs.fortinet.com that it follows:

    an entry is saved at its next or end; edit of an existing entry changes it;        Subcommands (627485)
    delete and move; abort discards
    a name is unique among the policies of a VDOM                                      Policy names (6.0 handbook, 473851)
    an entry that another one refers to cannot be deleted                              Finding object dependencies (163148)
    addresses, address groups and virtual IPs have different names                     CLI reference, addrgrp (843701)
    the first policy that matches decides; without one, the packet is denied           Firewall policy (656084)
    a virtual IP translates first; only a policy that names it, or central NAT,        Technical Tips 362148, 251572
    accepts what it translates
    attributes, their versions and values                                              fortios_schema.tsv
    the length of names and comments                                                   Text strings
"""

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_network
from pathlib import Path

from perimeter365.audit.packets import AllowRule
from perimeter365.audit.readers.fortigate import FortigateReader
from perimeter365.errors import InputError
from perimeter365.model.ports import PortSet

POLICY = "firewall policy"
ADDRESSES = {"": ("firewall address", "firewall addrgrp", "firewall vip"), "6": ("firewall address6", "firewall addrgrp6")}
USES: dict[tuple[str, str], tuple[str, ...]] = {
    ("firewall addrgrp", "member"): ADDRESSES[""][:2],
    ("firewall addrgrp6", "member"): ADDRESSES["6"],
    (POLICY, "srcaddr"): ADDRESSES[""][:2],
    (POLICY, "dstaddr"): ADDRESSES[""],
    (POLICY, "srcaddr6"): ADDRESSES["6"],
    (POLICY, "dstaddr6"): ADDRESSES["6"],
    (POLICY, "service"): ("firewall service custom",),
}
"""(table, field) -> the tables whose entries it names."""
PRIVATE = [ip_network(space) for space in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
LONGEST = {"name": 35, "comments": 1023, "fqdn": 255}
LONGEST_KEY = 79
NEEDED = {
    "firewall addrgrp": ("member",),
    "firewall addrgrp6": ("member",),
    POLICY: ("name", "srcintf", "dstintf", "service", "schedule"),
}

FORMS: dict[str, Callable[[list[str]], object]] = {
    "subnet": lambda values: ip_network("/".join(values)),
    "ip6": lambda values: ip_network(values[0]),
    "tcp-portrange": lambda values: PortSet.parse(",".join(values)),
    "udp-portrange": lambda values: PortSet.parse(",".join(values)),
}
"""Field -> what raises an error for another form."""
DEFAULTS = {"firewall address": ("subnet", ["0.0.0.0", "0.0.0.0"]), "firewall address6": ("ip6", ["::/0"])}
"""Table -> the value of an entry without one: every address (CLI reference, firewall address)."""

Entry = dict[str, list[str]]


def schema() -> dict[str, dict[str, tuple[str, str, list[str]]]]:
    """Table -> attribute -> first version, kind, and allowed values."""
    found: dict[str, dict[str, tuple[str, str, list[str]]]] = {}
    for line in (Path(__file__).parent / "fortios_schema.tsv").read_text().splitlines():
        if not line.startswith("#"):
            table, field, versions, kind, values = line.split("\t")
            found.setdefault(table, {})[field] = (versions.partition("-")[0], kind, values.split())
    return found


SCHEMA = schema()


class RefusedError(Exception):
    """FortiOS refuses a line."""


class Fortios:
    """A FortiGate with a command line. Policies are in their order."""

    def __init__(self, interfaces: Iterable[str] = ("internal", "wan1"), vdoms: Iterable[str] = ("root",)) -> None:
        self.interfaces = {*interfaces, "any"}
        self.vdoms = set(vdoms)
        self.tables: dict[str, dict[str, Entry]] = {table: {} for table in (*SCHEMA, "firewall vip")}
        self.refused: list[tuple[str, str]] = []
        """(line, reason)."""
        self.version = 0
        """Grows with each change of what is in force."""
        self.moves = 0
        self._path: list[str] = []
        self._key = ""
        self._draft: Entry | None = None

    # -- the command line ----------------------------------------------------------------------------------------------

    def load(self, text: str) -> None:
        """Execute the lines of a text; at its end, the session ends."""
        for line in text.splitlines():
            self.feed(line)
        self.leave()

    def leave(self) -> None:
        """End the session: an entry that is not saved is lost."""
        self._path, self._key, self._draft = [], "", None

    @property
    def is_open(self) -> bool:
        """Whether a table is open."""
        return bool(self._path)

    def feed(self, line: str) -> None:
        """Execute a line."""
        if not line.strip() or line.lstrip().startswith("#"):
            return
        try:
            verb, *words = _words(line)
            method = getattr(self, f"_do_{verb}", None)
            if method is None:
                raise RefusedError("unknown command")
            method(words)
        except (RefusedError, InputError, ValueError) as error:
            self.refused.append((line.strip(), str(error)))

    @property
    def table(self) -> dict[str, Entry]:
        """The open table."""
        if not self._path or self._path[-1] not in self.tables:
            raise RefusedError("no table is open")
        return self.tables[self._path[-1]]

    def _do_config(self, words: list[str]) -> None:
        name = " ".join(words)
        if self._draft is not None:
            raise RefusedError("an entry is open")
        if name != "vdom" and name not in self.tables:
            raise RefusedError("unknown table")
        self._path.append(name)

    def _do_edit(self, words: list[str]) -> None:
        (key,) = words
        if self._path == ["vdom"]:
            self.vdoms.add(key)
            return
        table = self.table
        if self._draft is not None:
            raise RefusedError("an entry is open")
        if self._path[-1] == POLICY and not (key.isdecimal() and 0 < int(key) < 2**32 - 1):
            raise RefusedError("not the number of a policy")
        if len(key) > LONGEST_KEY:
            raise RefusedError("the name is too long")
        self._key = key
        self._draft = {field: list(values) for field, values in table.get(key, {}).items()}

    def _open(self, field: str) -> Entry:
        if self._draft is None:
            raise RefusedError("no entry is open")
        if field not in SCHEMA.get(self._path[-1], {}):
            raise RefusedError("unknown attribute")
        return self._draft

    def _do_set(self, words: list[str]) -> None:
        field, *values = words
        draft = self._open(field)
        _, kind, allowed = SCHEMA[self._path[-1]][field]
        if not values:
            raise RefusedError("a value is missing")
        if kind != "list" and len(values) > 1 and field not in ("subnet", "tcp-portrange", "udp-portrange"):
            raise RefusedError("one value is expected")
        if allowed and values[0] not in allowed:
            raise RefusedError("the value is not one of the attribute's")
        if len(values[0]) > LONGEST.get(field, 10**6):
            raise RefusedError("the value is too long")
        if field == "name" and any(
            entry.get("name") == values and key != self._key for key, entry in self.tables[POLICY].items()
        ):
            raise RefusedError("another policy has this name")
        if field in ("srcintf", "dstintf") and not self.interfaces >= set(values):
            raise RefusedError("there is no such interface")
        if field == "schedule" and values not in (["always"], ["none"]):
            raise RefusedError("there is no such schedule")
        self._check_names(self._path[-1], field, values)
        if check := FORMS.get(field):
            check(values)
        draft[field] = values

    def _do_append(self, words: list[str]) -> None:
        field, *values = words
        self._check_names(self._path[-1], field, values)
        draft = self._open(field)
        draft[field] = list(dict.fromkeys((*draft.get(field, []), *values)))

    def _do_unselect(self, words: list[str]) -> None:
        field, *values = words
        draft = self._open(field)
        draft[field] = [value for value in draft.get(field, []) if value not in values]

    def _do_unset(self, words: list[str]) -> None:
        (field,) = words
        self._open(field).pop(field, None)

    def _check_names(self, table: str, field: str, values: list[str]) -> None:
        for value in values:
            known = USES.get((table, field))
            if known and value not in ("all", "ALL") and not any(value in self.tables[each] for each in known):
                raise RefusedError(f"there is no {value}")

    def _do_next(self, words: list[str]) -> None:
        self._save()

    def _do_end(self, words: list[str]) -> None:
        if not self._path:
            raise RefusedError("no table is open")
        try:
            self._save()
        finally:
            self._path.pop()

    def _do_abort(self, words: list[str]) -> None:
        self.leave()

    def _save(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        name = self._path[-1]
        missing = [field for field in NEEDED.get(name, ()) if not draft.get(field)]
        if name == POLICY:
            missing += [] if ("srcaddr" in draft and "dstaddr" in draft) or "srcaddr6" in draft else ["addresses"]
        if missing:
            raise RefusedError(f"{self._key} needs {' and '.join(missing)}")
        others = [table for table in ADDRESSES.get("6" if name.endswith("6") else "", ()) if table != name]
        if name in (*ADDRESSES[""], *ADDRESSES["6"]) and any(self._key in self.tables[table] for table in others):
            raise RefusedError("an address, a group or a virtual IP has this name")
        if name in DEFAULTS and "type" not in draft:
            draft.setdefault(*DEFAULTS[name])
        if self.table.get(self._key) != draft:
            self.table[self._key] = draft
            self.version += 1

    def _do_delete(self, words: list[str]) -> None:
        (key,) = words
        if self._draft is not None:
            raise RefusedError("an entry is open")
        if key not in self.table:
            raise RefusedError("there is no such entry")
        name = self._path[-1]
        for (table, field), known in USES.items():
            for entry in self.tables[table].values() if name in known else ():
                if key in entry.get(field, ()):
                    raise RefusedError("the entry is in use")
        del self.table[key]
        self.version += 1

    def _do_move(self, words: list[str]) -> None:
        key, where, other = words
        if self._draft is not None or self._path[-1:] != [POLICY] or where not in ("before", "after"):
            raise RefusedError("not possible here")
        if key not in self.table or other not in self.table or key == other:
            raise RefusedError("there is no such policy")
        order = [each for each in self.table if each != key]
        order.insert(order.index(other) + (where == "after"), key)
        self.tables[POLICY] = {each: self.table[each] for each in order}
        self.version += 1

    def _do_show(self, words: list[str]) -> None:
        """Print; nothing changes."""

    # -- what is in force ----------------------------------------------------------------------------------------------

    def effective(self) -> dict[str, Entry]:
        """The policies that a packet can reach: those above one that denies everything."""
        found = {}
        for key, policy in self.tables[POLICY].items():
            if policy.get("action", ["deny"]) == ["deny"]:
                if policy.get("srcaddr") == policy.get("dstaddr") == ["all"]:
                    break
                continue
            if policy.get("status", ["enable"]) == ["enable"]:
                found[key] = policy
        return found

    def passes(self, start: str = "") -> list[AllowRule]:
        """What the policies let through whose name starts with `start`, as packets behind the translation of virtual IPs."""
        return packets_of(self.shown(start))

    def shown(self, start: str = "") -> str:
        """The configuration with the policies that `passes` is about only."""
        return self.show({k: p for k, p in self.effective().items() if p["name"][0].startswith(start)})

    def show(self, policies: dict[str, Entry] | None = None) -> str:
        """The configuration as `show` prints it. A virtual IP is the address that it maps to."""
        lines: list[str] = []
        for table in (
            "firewall address",
            "firewall address6",
            "firewall addrgrp",
            "firewall addrgrp6",
            "firewall service custom",
        ):
            lines += _block(table, self.tables[table])
        mapped = {name: {"subnet": [f"{vip['mappedip'][0]}/32"]} for name, vip in self.tables["firewall vip"].items()}
        lines += _block("firewall address", mapped)
        lines += _block(POLICY, self.tables[POLICY] if policies is None else policies)
        return "\n".join(lines) + "\n"

    def untranslated(self) -> list[str]:
        """The names of policies to the internet that do not translate private sources: no answer finds the way back."""
        bare = [p for p in self.effective().values() if p["dstintf"] == ["wan1"] and p.get("nat") != ["enable"]]
        return [p["name"][0] for p in bare if any(map(self._private, p.get("srcaddr", ())))]

    def _private(self, name: str) -> bool:
        """Whether an address or group contains an address of RFC 1918."""
        if group := self.tables["firewall addrgrp"].get(name):
            return any(map(self._private, group["member"]))
        subnet = self.tables["firewall address"][name].get("subnet")
        return subnet is not None and any(ip_network("/".join(subnet)).overlaps(space) for space in PRIVATE)

    def ours(self, start: str = "m365-") -> set[str]:
        """The names of entries that start with a text, in all tables."""
        keys = {key for table in self.tables.values() for key in table}
        names = {policy["name"][0] for policy in self.tables[POLICY].values()}
        return {name for name in keys | names if name.startswith(start)}

    def state(self) -> dict[str, dict[str, Entry]]:
        """All tables. The order of policies is not part of it."""
        return {name: {key: dict(sorted(e.items())) for key, e in sorted(t.items())} for name, t in self.tables.items()}


def _words(line: str) -> list[str]:
    """The words of a line, quoted or not."""
    if line.count('"') % 2 or re.search(r'\S"\S', re.sub(r'"[^"]*"', "", line)):
        raise RefusedError("a quote is not closed")
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', line)]


def packets_of(text: str) -> list[AllowRule]:
    """What the policies of a configuration let through."""
    reader = FortigateReader()
    reader.load(text)
    return reader.rules()


def _block(table: str, entries: dict[str, Entry]) -> list[str]:
    lines = [f"config {table}"]
    for key, entry in entries.items():
        lines.append(f'edit "{key}"')
        lines += [f"set {field} " + " ".join(f'"{value}"' for value in values) for field, values in entry.items()]
        lines.append("next")
    return [*lines, "end"]
