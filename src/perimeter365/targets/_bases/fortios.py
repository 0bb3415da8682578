"""FortiOS: the commands from one state of a firewall to another.

FortiOS has no commit: an entry takes effect at its `next`, so the state after each entry is in force. Objects are named
after their content and never change; only policies do. `Change` orders the commands so that after each of them everything
that both states permit is permitted, and nothing that neither permits:

    objects     the new addresses, groups and services, which nothing uses yet
    open        new policies; of a changed policy, the new values next to the old ones
    close       changed policies have their new values only; policies that have left are deleted
    delete      objects that nothing uses any more

A policy permits a product: sources × destinations × services. If more than one of them changes, the new values next to the
old ones would permit more than both, so a temporary policy permits the new product until the policy itself is changed. The
policy that is closed first is changed at once: what it loses is already permitted by others, if the new state permits it.

    >>> old = ConfigItem(kind=POLICY, name="7", parts=('name "a"', 'srcaddr "x"', 'service "s"'))
    >>> new = ConfigItem(kind=POLICY, name="7", parts=('name "a"', 'srcaddr "y"', 'service "s"'))
    >>> for line in Change([old], [new], {}.__getitem__, "m365-new-").lines():
    ...     print(line)
    config firewall policy
        edit 7
            set srcaddr "y"
        next
    end
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from perimeter365.targets.since import ConfigItem

POLICY = "firewall policy"
LISTS = frozenset(("member", "srcaddr", "srcaddr6", "dstaddr", "dstaddr6"))
"""Fields that are lists of names."""
LONGEST = 980
"""The maximum number of characters of names in a command, so that no line editor cuts it."""
ENDS = frozenset(("srcaddr", "srcaddr6", "dstaddr", "dstaddr6", "service"))
"""Fields of a policy that can have old and new values at once."""
NOTES = frozenset(("comments", "logtraffic"))
"""Fields of a policy without effect on what it permits."""


def fields(item: ConfigItem) -> dict[str, tuple[str, ...]]:
    """Return the values of an entry by field."""
    found: dict[str, tuple[str, ...]] = {}
    for part in item.parts:
        field, _, value = part.partition(" ")
        found[field] = (*found.get(field, ()), value)
    return found


def key_of(item: ConfigItem) -> str:
    """Return the key of an entry as it is typed: a number, or a quoted name."""
    return item.name if item.kind == POLICY else f'"{item.name}"'


def edit(item: ConfigItem, values: Mapping[str, Sequence[str]], gone: Iterable[str] = ()) -> list[str]:
    """Return the commands that set fields of an entry, and reset others."""
    lines = [f"    {line}" for field, some in values.items() for line in setting(field, some)]
    return [f"edit {key_of(item)}", *lines, *(f"    unset {field}" for field in gone), "next"]


def setting(field: str, values: Sequence[str]) -> Iterator[str]:
    """Yield the commands that set a field.

    A long list is set in parts, which are in effect together.

    >>> [len(line) for line in setting("member", ['"m365-52.96.0.0_14"'] * 90)]
    [990, 833]
    """
    verb, some = "set", list[str]()
    for value in values:
        if field in LISTS and some and sum(map(len, some)) + len(some) + len(value) > LONGEST:
            yield f"{verb} {field} {' '.join(some)}"
            verb, some = "append", []
        some.append(value)
    yield f"{verb} {field} {' '.join(some)}"


def create(item: ConfigItem, before: str = "0") -> list[str]:
    """Return the commands that set all fields of an entry, and move a policy."""
    move = [f"move {item.name} before {before}"] if item.kind == POLICY and before != "0" else []
    return [*edit(item, fields(item)), *move]


def joined(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Return old and new values of a list; `all` is never combined with others."""
    return ('"all"',) if '"all"' in (*old, *new) else tuple(dict.fromkeys((*old, *new)))


@dataclass(frozen=True, kw_only=True, slots=True)
class TableStep:
    """Commands for one entry of a table."""

    stage: str
    """`objects`, `open`, `close` or `delete`. Each stage has blocks of its own."""
    kind: str
    """The table: `firewall policy`."""
    lines: Sequence[str]


class Change:
    """The steps from one state of the tables to another."""

    def __init__(
        self,
        before: Iterable[ConfigItem],
        after: Iterable[ConfigItem],
        number: Callable[[str], int],
        start: str,
        place: str = "0",
    ) -> None:
        """Compute the steps.

        Args:
            before: the present entries, each before those that refer to it.
            after: the required entries, in the same kind of order.
            number: returns the number of a temporary policy, by its name.
            start: the start of the names of temporary policies.
            place: the policy to move new ones before; "0" = one of the present ones, if any.
        """
        self._old = {(item.kind, item.name): item for item in before}
        self._new = {(item.kind, item.name): item for item in after}
        self._number, self._start = number, start
        policies = [key for key in self._old if key[0] == POLICY]
        anchors = [name for key in policies for name in [key[1]] if key in self._new] or [name for _, name in policies]
        self._place = place if place != "0" or not anchors else anchors[0]
        self._switched = False
        self.temporary: list[ConfigItem] = []
        """The temporary policies."""
        self.steps = tuple(self._steps())

    @property
    def left(self) -> list[ConfigItem]:
        """The entries that the steps remove, and their temporary ones.

        Each is before those that refer to it.
        """
        return [*(item for key, item in self._old.items() if key not in self._new), *self.temporary]

    def lines(self) -> Iterator[str]:
        """Yield the commands, with a block for consecutive steps of a stage in one table."""
        for (_, kind), block in groupby(self.steps, lambda step: (step.stage, step.kind)):
            yield f"config {kind}"
            yield from (f"    {line}" for step in block for line in step.lines)
            yield "end"

    def _steps(self) -> Iterator[TableStep]:
        changed = [item for key, item in self._new.items() if self._old.get(key) != item]
        for item in changed:
            if item.kind != POLICY:
                yield TableStep(stage="objects", kind=item.kind, lines=create(item))
        pairs = [self._policy(item) for item in changed if item.kind == POLICY]
        pairs.sort(key=lambda pair: bool(pair[0]))
        for place, stage in enumerate(("open", "close")):
            for pair in pairs:
                if pair[place]:
                    yield TableStep(stage=stage, kind=POLICY, lines=pair[place])
        for key, item in reversed(self._old.items()):
            if key not in self._new:
                stage = "close" if item.kind == POLICY else "delete"
                yield TableStep(stage=stage, kind=item.kind, lines=[f"delete {key_of(item)}"])

    def _policy(self, new: ConfigItem) -> tuple[list[str], list[str]]:
        """Return the commands that open and close what a policy permits."""
        old = self._old.get((POLICY, new.name))
        if old is None:
            return create(new, self._place), []
        was, now = fields(old), fields(new)
        changed = {field for field in (*was, *now) if was.get(field) != now.get(field)}
        setting = edit(new, {f: some for f, some in now.items() if f in changed}, [f for f in was if f not in now])
        if not (effective := changed - NOTES):
            return [], setting
        if not self._switched:
            self._switched = True
            return [], setting
        if len(effective) == 1 and effective <= ENDS & was.keys() & now.keys():
            (field,) = effective
            return edit(new, {field: joined(was[field], now[field])}), setting
        extra = self._temporary(new)
        return create(extra, self._place), [*setting, f"delete {extra.name}"]

    def _temporary(self, policy: ConfigItem) -> ConfigItem:
        name = f"{self._start}{policy.name}"
        parts = tuple(f'name "{name}"' if part.startswith("name ") else part for part in policy.parts)
        self.temporary.append(replace(policy, name=str(self._number(name)), parts=parts))
        return self.temporary[-1]
