"""Junos: address books, pairs of zones, and values of options about them.

    global address book    security address-book global address NAME ...
    address book of a zone security zones security-zone ZONE address-book address NAME ...
    policies               security policies from-zone ZONE to-zone ZONE policy NAME ...

A device has either the global address book, or address books of zones. A policy finds its sources in the book of the zone
that the packets come from, and its destinations in the book of the other zone.

>>> words("trust:untrust:deny-all,untrust:trust:deny-all")
[['trust', 'untrust', 'deny-all'], ['untrust', 'trust', 'deny-all']]
>>> book_path("dmz")
'security zones security-zone dmz address-book'
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from perimeter365.model.host import HostPattern
from perimeter365.model.role import OUR_ROLES
from perimeter365.targets._bases.objects import AddressBook
from perimeter365.targets.since import ConfigItem

POLICIES = "security policies from-zone {} to-zone {} policy"
COMMIT = ("show | compare", "commit check", "commit confirmed 5", "commit")
"""The commands that activate a candidate configuration, step by step."""


def address_books(book: AddressBook, policies: Sequence[ConfigItem], *, by_zone: bool) -> Iterator[ConfigItem]:
    """Yield the addresses and address sets, those of a book before the next one.

    Args:
        book: the names.
        policies: the policies that refer to them.
        by_zone: whether each zone has a book, with the addresses that its policies use; otherwise there is one for all.
    """
    sets = dict(book.groups())
    used = _by_zone(sets, policies) if by_zone else {"": set(sets)}
    for zone, names in sorted(used.items()):
        path = book_path(zone)
        here = {member for name in names for member in sets[name]}
        for member, name in book.objects.items():
            if member in here:
                value = f"dns-name {member}" if isinstance(member, HostPattern) else str(member)
                yield ConfigItem(kind=f"{path} address", name=name, parts=(value,))
        for name, members in sets.items():
            if name in names:
                yield ConfigItem(
                    kind=f"{path} address-set", name=name, parts=tuple(f"address {book.objects[m]}" for m in members)
                )


def _by_zone(sets: Mapping[str, tuple[object, ...]], policies: Sequence[ConfigItem]) -> dict[str, set[str]]:
    """Return the address sets that the policies of each zone use."""
    used: dict[str, set[str]] = {}
    for policy in policies:
        source, destination = policy.kind.split()[3:6:2]
        for end, zone in ("source", source), ("destination", destination):
            start = f"match {end}-address "
            named = [part.removeprefix(start) for part in policy.parts if part.startswith(start)]
            used.setdefault(zone, set()).update(sets.keys() & named)
    return used


def book_path(zone: str) -> str:
    """Return the path of the address book of a zone; "" is the global one."""
    return f"security zones security-zone {zone} address-book" if zone else "security address-book global"


def application(start: str, protocol: str, ports: str) -> ConfigItem:
    """Return the application of a port, or of a range of ports."""
    parts = (f"protocol {protocol}", f"destination-port {ports}")
    return ConfigItem(kind="applications application", name=f"{start}{protocol}-{ports}", parts=parts)


def place(policy: ConfigItem, before: str, after: str) -> Iterator[str]:
    """Yield the command that moves a new policy to its place.

    Nothing is yielded if the policy may be the last one.

    Args:
        policy: the item; nothing is yielded for other items.
        before: the value of the option: the policies of others before which it must be.
        after: a policy of ours of the same pair of zones, which is where an administrator wants it; "" if there is none.
    """
    others = {POLICIES.format(one, other): name for one, other, name in words(before)}
    if name := others.get(policy.kind):
        yield f"insert {policy.kind} {policy.name} before policy {name}"
    elif after and policy.kind.endswith(" policy"):
        yield f"insert {policy.kind} {policy.name} after policy {after}"


def spread(lines: Sequence[str], zones: Sequence[str], *, by_zone: bool) -> tuple[str, ...]:
    """Repeat the lines of a manual for each pair of zones, and for each address book.

    Args:
        lines: lines with the words {policies} and {book_path}.
        zones: the zones, the one of the internet last.
        by_zone: whether each zone has an address book.
    """
    pairs = [(a, b) for a in zones for b in zones if (a, b) != (zones[-1], zones[-1])]
    values = {
        "{policies}": [POLICIES.format(*pair) for pair in pairs],
        "{book_path}": [book_path(zone) for zone in (zones if by_zone else [""])],
    }
    for word, some in values.items():
        lines = [line.replace(word, value) for line in lines for value in (some if word in line else [""])]
    return tuple(lines)


def words(value: str) -> list[list[str]]:
    """Split the value of an option into entries, and these into words.

    Commas separate the entries, and colons the words of an entry.
    """
    return [entry.split(":") for entry in value.split(",") if entry]


def are_zones_of_roles(value: str) -> bool:
    """Return whether a value is `ROLE:ZONE,…`, or empty."""
    return all(len(some) == 2 and some[0] in OUR_ROLES and _NAME.fullmatch(some[1]) for some in words(value))


def are_policies(value: str) -> bool:
    """Return whether a value is `ZONE:ZONE:POLICY,…`, or empty."""
    return all(len(some) == 3 and all(map(_NAME.fullmatch, some)) for some in words(value))


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
# Matches `deny-all`, not `deny all` or `-x`.
