"""Changes of a device's configuration since an earlier render.

    out/fortigate/plan.json           written with the artifacts: the plan and the style that were rendered
    load_render("out", Fortigate)     reads it: what is on the device now
    difference(before, after)         what to add and what to remove

A configuration is a list of items, each with a kind, a name and parts: a group `client-v4` of two prefixes, a rule with its
source, destination and service. New items are added first, each before the items that refer to it, and parts are added to
items that stay. Then unneeded items are removed, in the reverse order. So anything that is in both plans is present at all
times, and no group is ever empty. Between the additions and the removals, the old and the new plan are both open. A device
on which each command acts at once needs more: while a group in use changes, a rule also permits pairs that are in neither
plan. Such a target names groups after their content, so that a rule with other addresses is another rule.

    before  client-v4 = 10.0.0.0/8          after   client-v4 = 10.0.0.0/9, 10.192.0.0/10
    added   client-v4 + 10.0.0.0/9, 10.192.0.0/10
    removed client-v4 - 10.0.0.0/8

`load_render` renders the earlier plan again and compares the result with the files in the folder, byte by byte. If they
differ, they were modified or written by another version. Changes that are computed from them could leave old rules on the
device, so this is an error.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from perimeter365.errors import InputError, OptionError
from perimeter365.intake import read_optional
from perimeter365.model.decode import MOST_BYTES, decode, fields, flag, many, mapping, parse_json, shown, text
from perimeter365.model.host import EXACT, HostPattern
from perimeter365.plan.observed import ObservedHost, ObservedHosts
from perimeter365.plan.plan import Plan
from perimeter365.plan.stored import parse_plan, plan_dict
from perimeter365.targets.target import EarlierRender, RenderResult, Style, Target
from perimeter365.targets.write import MANIFEST, SAVED_PLAN


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigItem:
    """A named item of a device's configuration."""

    kind: str
    """The table that contains it: `address`, `group`, `rule` … Names are unique within a kind."""
    name: str
    parts: tuple[str, ...] = ()
    """Its parts, which are added and removed one by one; () if the name is everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigChange:
    """The addition or removal of an item, or of parts of an item that stays."""

    item: ConfigItem
    parts: tuple[str, ...]
    """The parts of the item that are added or removed."""
    other: ConfigItem | None
    """For an item that stays, the item of the same name on the other side; None if the item itself is added or removed."""

    @property
    def whole(self) -> bool:
        """Whether the item itself is added or removed."""
        return self.other is None


def difference(before: Iterable[ConfigItem], after: Iterable[ConfigItem]) -> tuple[list[ConfigChange], list[ConfigChange]]:
    """Compute the changes from one configuration to another.

    Args:
        before: the present items, each before the items that refer to it.
        after: the required items, in the same kind of order.

    Returns:
        The additions, in the order of `after`, and the removals that follow them, in the reverse order of `before`.
    """
    old = {(item.kind, item.name): item for item in before}
    new = {(item.kind, item.name): item for item in after}
    return _missing(new, old), list(reversed(_missing(old, new)))


def _missing(these: dict[tuple[str, str], ConfigItem], those: dict[tuple[str, str], ConfigItem]) -> list[ConfigChange]:
    """Return the items and parts of `these` that are not in `those`."""
    found = []
    for key, item in these.items():
        other = those.get(key)
        parts = tuple(part for part in item.parts if other is None or part not in other.parts)
        if parts or other is None:
            found.append(ConfigChange(item=item, parts=parts, other=other))
    return found


class SinceTarget(Target):
    """Base class of targets that can render the changes since an earlier render.

    The earlier render is `Style.since`.
    """

    supports_since: ClassVar[bool] = False
    """Whether this target does; a base class of several targets may leave it to them."""

    def render(self, plan: Plan) -> RenderResult:
        """Render a plan, and save it for the next `--since` if the target supports that."""
        rendered = super().render(plan)
        return replace(rendered, saved_plan=dump_render(self, plan)) if self.supports_since else rendered

    def earlier(self) -> EarlierRender | None:
        """Return the earlier render of the style, if any, as this device sees it.

        Raises OptionError if its options were different.
        """
        earlier = self.style.since
        if earlier:
            then = type(self)(earlier.style)
            for key in self.options:
                if then.option(key) != self.option(key):
                    raise OptionError(
                        f"{self.name}: {key} is {self.option(key)!r}, but was {then.option(key)!r} in the earlier render",
                        help=f"use the earlier value, or: {_AFRESH}",
                    )
            earlier = replace(earlier, plan=self.seen(earlier.plan))
        return earlier


def dump_render(target: Target, plan: Plan) -> bytes:
    """Return the content of plan.json, which `load_render` reads."""
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
    }
    head = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return f'{head[:-1]},"plan":{_plan_text(plan)}}}\n'.encode()


_last: list[tuple[Plan, str]] = []


def _plan_text(plan: Plan) -> str:
    """Return a plan as JSON.

    The last one is remembered, since a run renders one plan for many targets.
    """
    for known, text_ in _last:
        if known is plan:
            return text_
    made = json.dumps(plan_dict(plan.without_ahead), ensure_ascii=True, separators=(",", ":"))
    _last[:] = [(plan, made)]
    return made


_AFRESH = "carry out Remove of the target's manual for what is on the device, then render without --since and install"
_MOST_KEPT = 20_000
_NUMBERS = "the manifest was modified: restore it, or render into a new folder"


def supports_since(maker: type[Target]) -> bool:
    """Return whether a target can render the changes since an earlier render."""
    return bool(getattr(maker, "supports_since", False))


def load_render(folder: Path | str, maker: type[Target]) -> EarlierRender:
    """Load the earlier render of a target from an output folder.

    Raises InputError if there is none, if it cannot be read, or if its files are not those that its plan gives.
    """
    place = Path(folder) / maker.name
    content = _bytes(place / SAVED_PLAN)
    if content is None:
        raise InputError(f"{place} has no earlier render", help=_AFRESH)
    earlier = decode(str(place / SAVED_PLAN), lambda value: _earlier(parse_json(value), maker.name), content)
    if maker.keeps:
        earlier = replace(earlier, style=replace(earlier.style, kept=load_kept(folder, maker)))
    for artifact in maker(earlier.style).render(earlier.plan).artifacts:
        if _bytes(place / artifact.name) != artifact.content:
            raise InputError(
                f"{place / artifact.name} does not match {SAVED_PLAN}: it was modified, or written by another version",
                help=_AFRESH,
            )
    return earlier


def load_kept(folder: Path | str, maker: type[Target]) -> Mapping[str, int]:
    """Load the numbers that the last render of a target into an output folder fixed.

    The result is empty if there is none, or if the target keeps no numbers. Raises InputError if the manifest cannot be
    read.
    """
    place = Path(folder) / maker.name / MANIFEST
    content = _bytes(place) if maker.keeps else None
    if content is None:
        return {}

    def numbers(value: bytes) -> Mapping[str, int]:
        found = parse_json(value)
        kept = found.get("kept", {}) if isinstance(found, dict) else None
        if not isinstance(kept, dict) or len(kept) > _MOST_KEPT:
            raise InputError(f"the kept numbers are not a table of at most {_MOST_KEPT} entries", help=_NUMBERS)
        for name, number in kept.items():
            if not re.fullmatch(maker.kept_names, name, re.ASCII):
                raise InputError(f"{shown(name)} is not a name of a number that {maker.name} keeps", help=_NUMBERS)
            if _natural(number) > maker.kept_most:
                raise InputError(f"{number} of {shown(name)} is larger than {maker.kept_most}", help=_NUMBERS)
        if maker.kept_unique and len(set(kept.values())) < len(kept):
            raise InputError("two kept names have the same number", help=_NUMBERS)
        return kept

    return decode(str(place), numbers, content)


def merge_kept(maker: type[Target], device: Mapping[str, int], output: Mapping[str, int]) -> Mapping[str, int]:
    """Merge the numbers of the folder of --since and of the output folder.

    Either may have been loaded. Numbers that are unique come from the folder of --since alone. Of a name with two numbers,
    the larger is taken, and of `content`, the digest that belongs to a serial, none unless both agree.
    """
    if maker.kept_unique or not output:
        return device
    both = {name: max(device.get(name, 0), output.get(name, 0)) for name in {**output, **device}}
    return {n: v for n, v in both.items() if n != "content" or device.get(n) == output.get(n)}


def _earlier(value: object, target: str) -> EarlierRender:
    found = fields(
        value,
        made_by=text("perimeter365"),
        target=text(target),
        options=mapping(text()),
        limits=mapping(_natural),
        allow_widen=flag,
        observed=many(text()),
        plan=parse_plan,
    )
    hosts = [HostPattern(name) for name in found["observed"]]
    seen = {host: ObservedHost(host=host, count=1, last=None) for host in hosts if host.kind == EXACT}
    style = Style(
        options=found["options"],
        limits=found["limits"],
        allow_widen=found["allow_widen"],
        allow_empty=True,
        observed=ObservedHosts(names=MappingProxyType(seen)) if seen else None,
    )
    return EarlierRender(plan=found["plan"], style=style)


def _natural(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{value!r} is not a whole number of 0 or more")
    return value


def _bytes(path: Path) -> bytes | None:
    """Read a file of an output folder; None if it does not exist."""
    return read_optional(path, most=MOST_BYTES, links=False, help=_AFRESH)
