"""Targets of other distributions, found through their entry points.

    [project.entry-points."perimeter365.targets"]
    branch-list = "contoso_targets:BranchList"

The name of the entry point is the target's name, and its value is the class. A TargetError that names the distribution is
raised if a name is already taken or malformed, if the class cannot be loaded, or if it is not a complete `Target`. No target
is left out silently.

The entry points are read when a target is first requested, once per process, and all names are checked then. A class is
loaded when its own target is requested, so a defective one does not affect the others.
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
"""`branch-list`, not `Branch` or `../list`: the name is used as an output folder and in `--option NAME.KEY=VALUE`."""
_DECLARED = ("name", "title", "kind", "vendor_page", "proof", "capabilities")


class InstalledTargets(Mapping[str, type[Target]]):
    """Mapping of target names to classes.

    It has the built-in targets and those of other distributions.
    """

    def __init__(self, built_in: Mapping[str, type[Target]]) -> None:
        self._built_in = built_in

    @cached_property
    def _others(self) -> Mapping[str, "EntryPoint"]:
        from importlib.metadata import entry_points  # the import takes 30 ms, the scan another 30

        found: dict[str, EntryPoint] = {}
        for point in entry_points(group=GROUP):
            if not _NAME.fullmatch(point.name):
                raise _error(
                    point, "has an invalid name: only lower case letters and digits are allowed, with `-` between them"
                )
            if point.name == ALL:
                raise _error(point, "has a reserved name: it means every target")
            if point.name in self._built_in:
                raise _error(point, "has the name of a built-in target")
            if point.name in found:
                raise _error(point, f"has the name of a target of {_owner(found[point.name])}")
            found[point.name] = point
        return found

    def __getitem__(self, name: str) -> type[Target]:
        if name in self._built_in:  # the scan is slow, and no other distribution affects a built-in target
            return self._built_in[name]
        if name not in self._others:
            raise UnknownNameError("target", name, self)
        return _load(self._others[name])

    def __iter__(self) -> Iterator[str]:
        return iter(sorted([*self._built_in, *self._others]))

    def __len__(self) -> int:
        return len(self._built_in) + len(self._others)

    def __contains__(self, name: object) -> bool:
        return name in self._built_in or name in self._others

    def rendering_error(self, name: str, error: Exception) -> TargetError:
        """Return the error for a target of another distribution that fails to render."""
        return _error(self._others[name], f"cannot render: {type(error).__name__}: {error}".rstrip(": "))


def _load(point: "EntryPoint") -> type[Target]:
    """Load the class of an entry point. Raises TargetError."""
    try:
        found = point.load()
    except (Exception, SystemExit) as error:  # the import runs the module's code
        raise _error(point, f"cannot be loaded from {point.value}: {type(error).__name__}: {error}".rstrip(": ")) from error
    if not (isinstance(found, type) and issubclass(found, Target)):
        raise _error(point, f"is not a subclass of Target: {point.value}")
    lacking = [key for key in _DECLARED if not hasattr(found, key)] + sorted(found.__abstractmethods__)
    if lacking:
        raise _error(point, f"is incomplete: {point.value} does not define {', '.join(lacking)}")
    if found.name != point.name:
        raise _error(point, f"has the name {found.name!r} in its class {point.value}")
    if found.kind not in KINDS:
        raise _error(point, f"has the unknown kind {found.kind!r}; the kinds are {', '.join(KINDS)}")
    if found.proof not in PROOFS:
        raise _error(point, f"has the unknown proof {found.proof!r}; the proofs are {', '.join(PROOFS)}")
    if not isinstance(found.capabilities, Capabilities):
        raise _error(point, "has capabilities that are not an object of the class Capabilities")
    return found


def _error(point: "EntryPoint", what: str) -> TargetError:
    owner = _owner(point)
    return TargetError(
        f"{owner}: its target {point.name!r} {what}", help=f"update {owner}, or remove it with: pip uninstall {owner}"
    )


def _owner(point: "EntryPoint") -> str:
    """Return the name of the distribution that declares an entry point."""
    return point.dist.name if point.dist else "an unknown distribution"
