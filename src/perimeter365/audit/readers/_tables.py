"""Base of the FortiGate reader: tables of entries with fields.

Tables are changed by `config`, `edit`, `set` and related commands.

    config TABLE … end        edit KEY … next        set FIELD VALUE…        append, unselect FIELD VALUE…
    unset FIELD
    delete KEY                move KEY before KEY    # comment

Errors are: an unsupported table or field, a name that does not exist, an entry that is incomplete when it is closed (it is
discarded), and the deletion of an entry that is in use. Nested tables are not supported. `move` accepts a second policy
that is not in the text, since the device may have it already; the order of accepting policies does not matter.
"""

import re
from collections.abc import Callable, Iterable

from perimeter365.audit.reader import ConfigurationReader
from perimeter365.audit.words import WordStream, quoted_words
from perimeter365.errors import ConfigurationError

POLICY, SERVICE = "firewall policy", "firewall service custom"
NOTES = frozenset(("comment", "color", "uuid"))
"""Fields without effect on packets."""
FIELDS: dict[str, frozenset[str]] = {
    "firewall address": frozenset(("subnet", "type", "fqdn", *NOTES)),
    "firewall address6": frozenset(("ip6", "type", "fqdn", *NOTES)),
    "firewall addrgrp": frozenset(("member", *NOTES)),
    "firewall addrgrp6": frozenset(("member", *NOTES)),
    SERVICE: frozenset(("tcp-portrange", "udp-portrange", *NOTES)),
    POLICY: frozenset((
        *("name", "srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6"),
        *("action", "schedule", "service", "comments", "nat"),
        *("logtraffic", "logtraffic-start", "uuid"),
    )),
}  # fmt: skip
"""Supported fields by table."""
LISTS = frozenset(("member", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service", "srcintf", "dstintf"))
"""Fields whose value is a list of names."""
SEVERAL = LISTS | {"subnet", "tcp-portrange", "udp-portrange"}
NEEDED: dict[str, tuple[str, ...]] = {
    "firewall addrgrp": ("member",),
    "firewall addrgrp6": ("member",),
    POLICY: ("srcintf", "dstintf", "service", "action", "schedule"),
}
"""Required fields by table."""
LENGTHS = {"name": 35, "comments": 1023, "fqdn": 255}

Entry = dict[str, dict[str, None]]
"""Fields with their values, in order."""


class Tables(ConfigurationReader):
    """Tables of entries, each with fields of one or more values."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, dict[str, Entry]] = {name: {} for name in FIELDS}
        self.moves: list[tuple[str, str]] = []
        """(policy, policy before which it was moved)."""
        self.lines: dict[tuple[str, str], int] = {}
        """(table, key) -> line on which the entry was last opened."""
        self._uses: dict[tuple[str, str], int] = {}
        self._table = self._key = ""
        self._verbs: dict[str, Callable[[WordStream], None]] = {
            "config": self.config,
            "end": self._end,
            "edit": self._edit,
            "next": self._next,
            "set": self._set,
            "append": self._append,
            "unselect": self._unselect,
            "unset": self._unset,
            "delete": self._delete,
            "move": self._move,
        }

    def feed(self, line: str) -> None:
        """Execute one line."""
        if not line.strip() or line.lstrip().startswith("#"):
            return
        words = WordStream(quoted_words(line))
        self._verbs[words.expect(*self._verbs)](words)

    def config(self, words: WordStream) -> None:
        """Open a table."""
        if self._table:
            self._key = ""
            raise ConfigurationError(f"a table within {self._table} is not supported")
        path = words.rest
        self._key = ""
        if path not in FIELDS:
            raise ConfigurationError(f"the table {path[:60]!r} is not supported")
        self._table = path

    def finish(self) -> None:
        """Close an open table and report it as an error.

        Raises:
            ConfigurationError: a table is open, and the device would wait for more input.
        """
        table, self._table, key, self._key = self._table, "", self._key, ""
        if table:
            raise ConfigurationError(f"{table}{f' {key}' if key else ''} is open at the end of the text")

    def _end(self, words: WordStream) -> None:
        words.end()
        self._close()
        self._table = ""

    def _outside(self, verb: str) -> None:
        """Reject a table command within an entry, as the device does.

        Raises:
            ConfigurationError: an entry is open.
        """
        if self._key:
            raise ConfigurationError(f"{verb} is not supported within the entry {self._key}")

    def _edit(self, words: WordStream) -> None:
        key = words.take("a name")
        words.end()
        open_key, self._key = self._key, ""
        if open_key:
            raise ConfigurationError(f"the entry {open_key} is open: next is missing")
        if not self._table:
            raise ConfigurationError("no supported table is open")
        if self._table == POLICY:
            if not (key.isascii() and key.isdecimal() and len(key) < 11 and 0 < int(key) < 2**32):
                raise ConfigurationError(f"{key[:60]!r} is not the number of a policy")
        elif len(key) > 79 or re.search(r"[\"'<>()#]", key):
            raise ConfigurationError(f"{key[:100]!r} is not a name")
        self._key = key
        self.tables[self._table].setdefault(key, {})
        self.lines[self._table, key] = self.number

    def _next(self, words: WordStream) -> None:
        words.end()
        self._close()

    def _close(self) -> None:
        """Close an entry; an incomplete entry is discarded."""
        key, self._key = self._key, ""
        needed = NEEDED.get(self._table, ())
        if key and (missing := [field for field in needed if not self.tables[self._table][key].get(field)]):
            self._remove(key)
            raise ConfigurationError(f"{key} needs {', '.join(missing)}")

    def _field(self, words: WordStream) -> tuple[Entry, str, list[str]]:
        """Return the open entry, a field and its values, after checking them."""
        field = words.take("a field")
        if not self._key:
            raise ConfigurationError("no supported entry is open")
        values = []
        while words:
            values.append(words.take("a value"))
        self.check(field, values)
        return self.tables[self._table][self._key], field, values

    def _set(self, words: WordStream) -> None:
        entry, field, values = self._field(words)
        self._count(field, entry.get(field, ()), -1)
        entry[field] = dict.fromkeys(values)
        self._count(field, entry[field], 1)

    def _append(self, words: WordStream) -> None:
        entry, field, values = self._field(words)
        present = entry.get(field)
        if present is None or field not in LISTS or present.keys() & {*values, "all"} or "all" in values:
            raise ConfigurationError(f"{values[0][:60]!r} cannot be appended to {field}")
        present.update(dict.fromkeys(values))
        self._count(field, values, 1)

    def _unselect(self, words: WordStream) -> None:
        entry, field, values = self._field(words)
        present = entry.get(field, {})
        if field not in LISTS or (missing := [value for value in values if value not in present]):
            raise ConfigurationError(f"{missing[0] if field in LISTS else field!r} cannot be removed from {field}")
        for value in values:
            present.pop(value, None)
        self._count(field, values, -1)

    def _unset(self, words: WordStream) -> None:
        field = words.take("a field")
        words.end()
        if not self._key or field not in FIELDS[self._table]:
            raise ConfigurationError(f"the field {field[:60]} cannot be reset here")
        self._count(field, self.tables[self._table][self._key].pop(field, {}), -1)

    def _delete(self, words: WordStream) -> None:
        self._outside("delete")
        key = words.take("a name")
        words.end()
        if key not in self.tables.get(self._table, {}):
            raise ConfigurationError(f"{self._table or 'no table'} has no {key[:60]!r}")
        if self._uses.get((self._table, key)):
            raise ConfigurationError(f"{key} is in use")
        self._remove(key)

    def _remove(self, key: str) -> None:
        for field, values in self.tables[self._table].pop(key).items():
            self._count(field, values, -1)

    def _move(self, words: WordStream) -> None:
        self._outside("move")
        key = words.take("a policy")
        words.expect("before")
        before = words.take("a policy")
        words.end()
        if self._table != POLICY or key not in self.tables[POLICY] or key == before:
            raise ConfigurationError(f"{key[:60]!r} is not a policy that can be moved before {before[:60]!r}")
        self.moves.append((key, before))

    def check(self, field: str, values: list[str]) -> None:
        """Reject a field or value that the open table does not support.

        Raises:
            ConfigurationError: the field or value is not supported.
        """
        if field not in FIELDS[self._table]:
            raise ConfigurationError(f"the field {field[:60]} of {self._table} is not supported")
        if not values:
            raise ConfigurationError(f"{field} has no value")
        if any(len(value) > LENGTHS.get(field, 1 << 20) for value in values):
            raise ConfigurationError(f"{field} is longer than {LENGTHS[field]} characters")
        if field not in SEVERAL and len(values) > 1:
            raise ConfigurationError(f"{field} has {len(values)} values; expected one")
        if "all" in values and len(values) > 1:
            raise ConfigurationError(f"{field} combines all with other values")
        if named := _named_by(self._table, field):
            for value in values:
                if value not in ("all", "ALL") and not any(value in self.tables[table] for table in named):
                    raise ConfigurationError(f"there is no {value[:80]!r} for {field}")

    def _count(self, field: str, values: Iterable[str], by: int) -> None:
        """Count the uses of entries."""
        for value in values:
            for table in _named_by(self._table, field):
                if value in self.tables[table]:
                    self._uses[table, value] = self._uses.get((table, value), 0) + by

    def state(self) -> object:
        """Return all tables."""
        return {
            name: {key: {field: sorted(values) for field, values in entry.items()} for key, entry in table.items()}
            for name, table in self.tables.items()
        }


def _named_by(table: str, field: str) -> tuple[str, ...]:
    """Return the tables whose entries a field refers to."""
    if field == "member":
        return (table.replace("addrgrp", "address"), table)
    if field in ("srcaddr", "dstaddr", "srcaddr6", "dstaddr6"):
        six = "6" if field.endswith("6") else ""
        return (f"firewall address{six}", f"firewall addrgrp{six}")
    return (SERVICE,) if field == "service" else ()
