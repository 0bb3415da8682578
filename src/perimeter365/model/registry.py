"""A mapping of names to classes, one class in each public module of a package.

>>> import perimeter365.targets
>>> from perimeter365.targets.target import Target
>>> engine = ("life", "loss", "many", "organizations", "reasons", "settings", "since", "target", "write")
>>> registry = ModuleRegistry(perimeter365.targets, Target, kind="target", other_modules=engine)
>>> registry["nftables"].title, len(registry)
('nftables', 55)
>>> registry["nftable"]
Traceback (most recent call last):
perimeter365.errors.UnknownNameError: 'nftable' is not a target
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Generic, TypeVar

from perimeter365.errors import Perimeter365Error, UnknownNameError

T = TypeVar("T")


class ModuleRegistry(Mapping[str, type[T]], Generic[T]):
    """Mapping of names to classes, built from the modules of a package.

    The name `cisco-asa` is the module `cisco_asa`, which must define exactly one subclass with `name = "cisco-asa"`.
    Modules whose names start with `_` are not listed. The package may be in a zip file.
    """

    def __init__(
        self,
        package: ModuleType,
        base: type[T],
        *,
        kind: str,
        other_modules: Iterable[str] = (),
    ) -> None:
        """List the modules of a package; none is imported.

        Args:
            package: the package.
            base: the class that its classes extend.
            kind: what an entry is called in messages, such as `target`.
            other_modules: public modules that define no entry.

        Raises:
            Perimeter365Error: the package has no such modules.
        """
        self._package = package.__name__
        self._base = base
        self._kind = kind
        modules = {m.name for m in iter_modules(package.__path__) if not m.name.startswith("_")}
        self._names = sorted(name.replace("_", "-") for name in modules - set(other_modules))
        if not self._names:
            raise Perimeter365Error(f"{self._package} contains no {kind}s", help="files are missing: reinstall perimeter365")

    def __getitem__(self, name: str) -> type[T]:
        if name not in self._names:
            raise UnknownNameError(self._kind, name, self._names)
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        classes = [c for c in found if issubclass(c, self._base) and getattr(c, "name", None) == name]
        if len(classes) != 1:
            raise ImportError(f"{module.__file__} must define exactly one {self._base.__name__} with the name {name!r}")
        return classes[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
