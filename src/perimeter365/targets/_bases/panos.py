"""PAN-OS: where objects and rules are, and the files of set commands.

    perimeter365.set     everything, in the order of its references
    remove.set           deletes it, in the reverse order
    changes.set          with --since: additions, then removals; one commit activates both
    remove-earlier.set   with --since: deletes what only the earlier render has
    about.txt            what the first lines of the others would say: PAN-OS has no comments; also about-changes.txt

Objects and rules are in the only virtual system, in one of several, or in a device group of Panorama:

    set address …                      set rulebase security rules …
    set vsys vsys2 address …           set vsys vsys2 rulebase security rules …
    set device-group DMZ address …     set device-group DMZ pre-rulebase security rules …
    set shared address …               with `objects=shared`; rules as before
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import OptionError
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import objects
from perimeter365.targets._bases.list import SPLITS
from perimeter365.targets.life import Manual, Part
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import Artifact, Option, Style

RULE, LIST, CATEGORY = "rulebase security rules", "external-list", "profiles custom-url-category"
KINDS = ("address", "address-group", "service", LIST, CATEGORY, RULE)
"""The tables, each before those that refer to it."""
SHARED = "Names: an FQDN object passes every site on its addresses, which a name can share with others (CDN)"


def is_name(text: str) -> bool:
    """Return whether a text is empty, or a name without blanks."""
    return not text or objects.is_word(text)


OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "inside": Option(default="trust", help="zone of the internal network", check=objects.is_word),
        "outside": Option(default="untrust", help="zone of the internet", check=objects.is_word),
        "names": Option(default="exact", choices=("exact", "category"), help="category: also wildcard names"),
        "edl": Option(default="", help="https URL of the lists of paloalto-edl", check=objects.is_folder),
        "split": Option(default="category", choices=SPLITS, help="with edl: the split with which paloalto-edl is rendered"),
        "before": Option(
            default="",
            help="rule to move the new ones before, or top; empty: at the end, or where our rules already are",
            check=is_name,
        ),
        "vsys": Option(default="", help="virtual system, if there are several: vsys2", check=is_name),
        "device_group": Option(default="", help="device group of Panorama, for its pre-rules", check=is_name),
        "objects": Option(
            default="here", choices=("here", "shared"), help="shared: objects for all virtual systems or groups"
        ),
        "log_setting": Option(default="", help="existing log forwarding profile of the rules", check=is_name),
        "profile_group": Option(default="", help="existing security profile group of the rules", check=is_name),
        "tag": Option(default="", help="existing tag of the rules", check=is_name),
    }
)
"""Options of PAN-OS."""

_PUSH = "# on Panorama: push {device_group} to its devices"


def _paste(file: str) -> tuple[str, ...]:
    return ("set cli scripting-mode on", "configure", f"# paste {file}", "validate full", "commit", "exit")


MANUAL = Manual(
    where="the CLI",
    install=_paste("perimeter365.set"),
    update=("# render with --since: perimeter365.set alone removes nothing", *_paste("changes.set")),
    changes=_paste("changes.set"),
    remove=(
        *_paste("remove.set"),
        "# the same with remove-earlier.set, if there is one; then look for what is left of earlier renders:",
        "set cli config-output-format set",
        "configure",
        'show | match "{start}"',
        "exit",
    ),
    besides="nothing before the commit, which also activates what others have changed in the candidate configuration",
    first="a first load puts rules after yours: below one that denies everything, they pass nothing until they are moved",
)


class SetTarget(objects.ObjectTarget):
    """Base class of PAN-OS: everything but the objects and rules."""

    extension = "set"
    options: ClassVar[Mapping[str, Option]] = OPTIONS
    manual: ClassVar[Manual | None] = MANUAL

    def __init__(self, style: Style | None = None) -> None:
        super().__init__(style)
        self._place = self.option("before")
        if self.option("vsys") and self.option("device_group"):
            raise OptionError(f"{self.name}: vsys and device_group exclude each other", help="give one of them")

    def words(self) -> Mapping[str, str]:
        """Return the words of the manual, also the start of the names."""
        return {**super().words(), "start": self.start}

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part; Panorama has to push what was committed."""
        lines = super().commands(part)
        if lines and (group := self.option("device_group")):
            lines = (*lines, _PUSH.format(device_group=group))
        return lines

    def path(self, kind: str) -> str:
        """Return the path of a table: `vsys vsys2 address`."""
        if self.option("objects") == "shared" and kind != RULE:
            return f"shared {kind}"
        if group := self.option("device_group"):
            return f"device-group {group} {'pre-' if kind == RULE else ''}{kind}"
        return f"vsys {self.option('vsys')} {kind}" if self.option("vsys") else kind

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the complete file, its removal, and the changes since an earlier one."""
        new = tuple(dict.fromkeys(self.items(plan)))
        notes = [SHARED] if any(part.startswith("fqdn ") for item in new for part in item.parts) else []
        if self.option("edl"):
            notes.append(f"Lists: those of paloalto-edl, rendered with split={self.option('split')}")
        yield self.text("about.txt", self.header(plan, *notes), entries=0)
        yield self.text("perimeter365.set", self.whole("perimeter365", new), entries=len(new))
        yield self.text("remove.set", self.lines((), difference(new, ())[1]), entries=len(new))
        if earlier := self.earlier():
            old = tuple(dict.fromkeys(type(self)(earlier.style).items(earlier.plan)))
            added, removed = difference(old, new)
            self._place = self._place or self._anchor(old, new)
            title = earlier.plan.title().removeprefix(f"{earlier.plan.organization}: ")
            since = f"changes.set: {len(added)} to add, then {len(removed)} to remove, since {title}"
            yield self.text("about-changes.txt", self.header(plan, since, load="changes"), entries=0)
            yield self.text("changes.set", self.lines(added, removed), entries=len(added) + len(removed))
            gone = [change for change in removed if change.whole]
            yield self.text("remove-earlier.set", self.lines((), gone), entries=len(gone))

    def _anchor(self, old: Iterable[ConfigItem], new: Iterable[ConfigItem]) -> str:
        """Return the present rule to move new ones before, preferably one that stays."""
        stay = {item.name for item in new if item.kind == RULE}
        present = [item.name for item in old if item.kind == RULE]
        return next((name for name in present if name in stay), present[0] if present else "")

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield a command for each part, and one that moves a new rule to its place."""
        path = f"{self.path(change.item.kind)} {change.item.name}"
        yield from (f"set {path} {part}" for part in change.parts)
        if change.whole and change.item.kind == RULE and self._place:
            yield f"move {path} {'top' if self._place == 'top' else f'before {self._place}'}"

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an item or parts; single values were set by additions."""
        path = f"delete {self.path(change.item.kind)} {change.item.name}"
        parts = [part for part in change.parts if not re.match("description |protocol |type ", part)]
        yield from [path] if change.whole else [f"{path} {part}" for part in parts]

    def more_parts(self) -> list[str]:
        """Return the parts of a rule that the options add."""
        named = {"log-setting": "log_setting", "profile-setting group": "profile_group", "tag": "tag"}
        return [f"{part} {self.option(option)}" for part, option in named.items() if self.option(option)]
