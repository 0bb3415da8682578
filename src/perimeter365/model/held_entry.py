"""Held entries: single changes of a list that wait for a person.

    id                  the change
    11:*.example.net    set 11 lists a new name
    11:52.96.0.0/14     set 11 lists a new prefix
    11:-*.example.net   set 11 does not list a name any more, or a prefix
    11:ports            set 11 has other ports; also `category`, `area` and `required`
    11:set              set 11 is new, or is not in the list any more

While an entry is held, its old value stays in force: an added name is left out, a removed one stays, an attribute keeps
its value. The rest of the list comes into force.

    >>> reason = Reason(code="new-domain", message="no list has had a name of example.net")
    >>> entry = HeldEntry(number=11, part="host", new="*.example.net", reasons=(reason,))
    >>> entry.id, entry.text
    ('11:*.example.net', 'set 11: + *.example.net')
    >>> HeldEntry.from_dict(entry.to_dict()) == entry
    True
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, get_args

from perimeter365.model.decode import decode, fields, many, natural, one_of, string
from perimeter365.model.digest import sha256_hex
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.finding import Reason
from perimeter365.model.state import body

EntryPart = Literal["host", "prefix", "ports", "category", "area", "required", "set"]
PARTS: tuple[EntryPart, ...] = get_args(EntryPart)
HOST: Final = "host"
PREFIX: Final = "prefix"
PORTS: Final = "ports"
CATEGORY: Final = "category"
AREA: Final = "area"
REQUIRED: Final = "required"
SET: Final = "set"

_LISTED = (HOST, PREFIX)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEntry:
    """A change of one endpoint set that waits for a person."""

    number: int
    """The number of the endpoint set."""
    part: EntryPart
    """What changes."""
    old: str = ""
    """The value in force; "" for an addition."""
    new: str = ""
    """The value in upstream's list; "" for a removal."""
    content: str = ""
    """Of a whole set, the hash of what upstream lists (`set_hash`); else ""."""
    reasons: tuple[Reason, ...]
    """Why it is held; at least one."""

    @property
    def id(self) -> str:
        """The id within its held state, as in the module's table."""
        if self.part in _LISTED:
            return f"{self.number}:{self.new}" if self.new else f"{self.number}:-{self.old}"
        return f"{self.number}:{self.part}"

    @property
    def text(self) -> str:
        """The change as text, such as `set 11: category default → optimize`."""
        if self.part in _LISTED:
            return f"set {self.number}: + {self.new}" if self.new else f"set {self.number}: - {self.old}"
        if self.part == SET and not (self.old and self.new):
            return f"set {self.number}: new, {self.new}" if self.new else f"set {self.number}: removed, {self.old}"
        if self.part == SET:
            return f"set {self.number}: {self.old} → {self.new}"
        return f"set {self.number}: {self.part} {self.old or 'none'} → {self.new or 'none'}"

    @property
    def change(self) -> tuple[int, str, str, str]:
        """The change without its reasons: equal for the same change of two lists."""
        return self.number, self.part, self.old if self.part in _LISTED else "", self.content or self.new

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for JSON."""
        return {
            "id": self.id,
            "set": self.number,
            "part": self.part,
            "old": self.old,
            "new": self.new,
            "content": self.content,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "HeldEntry":
        """Read an entry from its JSON.

        Raises InputError with the place.
        """
        found = decode("", _read, {key: item for key, item in value.items() if key != "id"})
        return cls(number=found.pop("set"), **found)


def set_hash(endpoint_set: EndpointSet) -> str:
    """Return the hash of a set's content, 64 hex digits."""
    return sha256_hex(body(endpoint_set.cloud, [endpoint_set]))


def sorted_entries(entries: Iterable[HeldEntry]) -> tuple[HeldEntry, ...]:
    """Sort entries by set, part and value."""
    return tuple(sorted(entries, key=lambda e: (e.number, PARTS.index(e.part), e.old, e.new)))


_read = partial(
    fields,
    set=natural,
    part=one_of(*PARTS),
    old=string,
    new=string,
    content=string,
    reasons=many(Reason.from_dict),
)
