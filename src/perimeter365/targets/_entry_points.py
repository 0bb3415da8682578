"""Targets of other distributions: found by the entry points of what is installed, next to the built-in ones.

    [project.entry-points."perimeter365.targets"]
    branch-list = "contoso_targets:BranchList"

An entry point's name is the target's, its value is the class. A name that is taken or has another form, a class that cannot
be loaded and one that is not a whole `Target` are a TargetError that names the distribution: no target is left out silently.

What is installed is looked through when a target is first asked for, once a process, and then all names are checked. A
class is loaded when its own target is asked for, so a broken one does not stop the others.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from perimeter365.errors import TargetError, UnknownNameError
from perimeter365.targets.target import ALL, KINDS, PROOFS, Capabilities, Target

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "perimeter365.targets"
"""The group of the entry points."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
"""`branch-list`, not `Branch` or `../list`: a name is a folder of the output, and a word of `--option NAME.KEY=VALUE`."""
_DECLARED = ("name", "title", "kind", "vendor_page", "proof", "capabilities")


class InstalledTargets(Mapping[str, type[Target]]):
    """Target names to classes: the built-in ones, and those of other distributions."""

    def __init__(self, built_in: Mapping[str, type[Target]]) -> None:
        self._built_in = built_in

    @cached_property
    def _others(self) -> Mapping[str, "EntryPoint"]:
        from importlib.metadata import entry_points  # 30 ms, and as much again for the scan

        found: dict[str, EntryPoint] = {}
        for point in entry_points(group=GROUP):
            if not _NAME.fullmatch(point.name):
                raise _error(point, "has a name that is not of small letters and digits with `-` between")
            if point.name == ALL:
                raise _error(point, "has the name that stands for every target")
            if point.name in self._built_in:
                raise _error(point, "has the name of a built-in one")
            if point.name in found:
                raise _error(point, f"has the name of one of {_owner(found[point.name])}")
            found[point.name] = point
        return found

    def __getitem__(self, name: str) -> type[Target]:
        if name in self._others:
            return _load(self._others[name])
        if name not in self._built_in:
            raise UnknownNameError("target", name, [*self, ALL])
        return self._built_in[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted([*self._built_in, *self._others]))

    def __len__(self) -> int:
        return len(self._built_in) + len(self._others)

    def __contains__(self, name: object) -> bool:
        return name in self._others or name in self._built_in

    def failed(self, name: str, error: Exception) -> TargetError:
        """What to raise where the target of another distribution raised while it rendered."""
        return _error(self._others[name], f"cannot render: {type(error).__name__}: {error}".rstrip(": "))


def _load(point: "EntryPoint") -> type[Target]:
    """The class of an entry point. Raises TargetError."""
    try:
        found = point.load()
    except (Exception, SystemExit) as error:  # whatever the module does as it is imported
        raise _error(point, f"cannot be loaded from {point.value}: {type(error).__name__}: {error}".rstrip(": ")) from error
    if not (isinstance(found, type) and issubclass(found, Target)):
        raise _error(point, f"is not a subclass of Target: {point.value}")
    lacking = [key for key in _DECLARED if not hasattr(found, key)] + sorted(found.__abstractmethods__)
    if lacking:
        raise _error(point, f"is not complete: {point.value} lacks {', '.join(lacking)}")
    if found.name != point.name:
        raise _error(point, f"is called {found.name!r} by its class {point.value}")
    if found.kind not in KINDS:
        raise _error(point, f"has the kind {found.kind!r}, which is not one of {', '.join(KINDS)}")
    if found.proof not in PROOFS:
        raise _error(point, f"has the proof {found.proof!r}, which is not one of {', '.join(PROOFS)}")
    if not isinstance(found.capabilities, Capabilities):
        raise _error(point, "has capabilities that are not of the class Capabilities")
    return found


def _error(point: "EntryPoint", what: str) -> TargetError:
    owner = _owner(point)
    return TargetError(f"{owner}: its target {point.name!r} {what}", help=f"repair {owner}, or: pip uninstall {owner}")


def _owner(point: "EntryPoint") -> str:
    """The name of the distribution that declares an entry point."""
    return point.dist.name if point.dist else "an unknown distribution"
