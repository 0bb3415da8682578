"""What has changed on a device since an earlier render, so that stale rules go away without a new start.

    out/fortigate/plan.json      written beside the artifacts: the plan, and how it was rendered
    load("out", Fortigate)       reads it back: what the device has now
    difference(before, after)    what to add, and what to remove

A device is a list of items, each of which has a kind, a name and parts: a group `client-v4` of two prefixes, a rule with
its source, destination and service. What is new is added first, whole items before what names them, parts to items that
stay; only then is removed what is not needed any more, in the other direction. So at no time is anything missing that is
in both plans, and no group is ever empty. Between the adds and the removes the old and the new are open side by side.

    before  client-v4 = 10.0.0.0/8          after   client-v4 = 10.0.0.0/9, 10.192.0.0/10
    added   client-v4 + 10.0.0.0/9, 10.192.0.0/10
    removed client-v4 - 10.0.0.0/8

`load` renders the earlier plan again and compares it with the files that lie there, byte by byte. If they differ, another
version made them, or somebody changed them, and a difference to what we would make today may leave old rules behind: that
is refused.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perimeter365.errors import InputError
from perimeter365.model.decode import MOST_BYTES, decode, fields, flag, many, mapping, parse_json, text
from perimeter365.model.host import EXACT, HostPattern
from perimeter365.plan.observed import Observed, Seen
from perimeter365.plan.plan import Plan
from perimeter365.plan.stored import plan_dict, plan_part
from perimeter365.targets.target import Earlier, Style, Target
from perimeter365.targets.write import KEPT


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """Something that a device holds under a name."""

    kind: str
    """The table that it stands in: `address`, `group`, `rule` … Names are unique within a kind."""
    name: str
    parts: tuple[str, ...] = ()
    """What it is made of, each to be added and removed by itself; () where the name says everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An item that comes or goes, or parts of one that stays."""

    item: Item
    parts: tuple[str, ...]
    """Those of the item's parts that come or go."""
    other: Item | None
    """The item of the same name on the other side, of what stays; None: the item itself comes or goes."""

    @property
    def whole(self) -> bool:
        """Does the item itself come or go?"""
        return self.other is None


def difference(before: Iterable[Item], after: Iterable[Item]) -> tuple[list[Change], list[Change]]:
    """What a device has to be told, so that it holds what it would hold after a start from nothing.

    Args:
        before: what it holds, in an order in which items come before what names them.
        after: what it has to hold, in such an order.

    Returns:
        What to add, in the order of `after`, and what to remove then, in the reverse order of `before`.
    """
    old = {(item.kind, item.name): item for item in before}
    new = {(item.kind, item.name): item for item in after}
    return _missing(new, old), list(reversed(_missing(old, new)))


def _missing(these: dict[tuple[str, str], Item], those: dict[tuple[str, str], Item]) -> list[Change]:
    """What of these is not among those."""
    found = []
    for key, item in these.items():
        other = those.get(key)
        parts = tuple(part for part in item.parts if other is None or part not in other.parts)
        if parts or other is None:
            found.append(Change(item=item, parts=parts, other=other))
    return found


def keep(target: Target, plan: Plan) -> bytes:
    """What `load` needs to know of a render, as a file."""
    style = target.style
    observed = style.observed.names if style.observed else {}
    patterns = {h for f in plan.flows for end in (f.source, f.destination) for h in end.hosts if h.kind != EXACT}
    value = {
        "made_by": "perimeter365",
        "target": target.name,
        "options": dict(style.options),
        "limits": dict(style.limits),
        "allow_widen": style.allow_widen,
        "observed": sorted(h.text for h in observed if any(pattern.matches(h.text) for pattern in patterns)),
        "plan": plan_dict(plan.settled),
    }
    return (json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n").encode()


def can_differ(maker: type[Target]) -> bool:
    """Can a target say what has changed since an earlier render?"""
    return bool(getattr(maker, "differs", False))


def load(folder: Path | str, maker: type[Target]) -> Earlier:
    """What a target's device was given by the render that lies below a folder.

    Raises InputError: there is none, it cannot be read, or its files are not what we make of its plan.
    """
    place = Path(folder) / maker.name
    content = _bytes(place / KEPT)
    if content is None:
        raise InputError(f"{place} holds no earlier render", help="render without --since, and load the whole")
    earlier = decode(str(place / KEPT), lambda value: _earlier(parse_json(value), maker.name), content)
    for artifact in maker(earlier.style).render(earlier.plan).artifacts:
        if _bytes(place / artifact.name) != artifact.content:
            raise InputError(
                f"{place / artifact.name} is not what is made of the plan beside it: changed, or by another version",
                help="render without --since, and load the whole",
            )
    return earlier


def _earlier(value: object, target: str) -> Earlier:
    found = fields(
        value,
        made_by=text("perimeter365"),
        target=text(target),
        options=mapping(text()),
        limits=mapping(_natural),
        allow_widen=flag,
        observed=many(text()),
        plan=plan_part,
    )
    hosts = [HostPattern(name) for name in found["observed"]]
    seen = {host: Seen(host=host, count=1, last=None) for host in hosts if host.kind == EXACT}
    style = Style(
        options=found["options"],
        limits=found["limits"],
        allow_widen=found["allow_widen"],
        observed=Observed(names=MappingProxyType(seen)) if seen else None,
    )
    return Earlier(plan=found["plan"], style=style)


def _natural(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{value!r} is not a number")
    return value


def _bytes(path: Path) -> bytes | None:
    """What a file holds; None when there is no file."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} has more than {MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
