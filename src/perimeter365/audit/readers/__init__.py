"""Registry of the configuration readers. Each module of this folder is one reader.

    >>> readers["cisco-asa"].title
    'Cisco ASA running configuration'
    >>> reading = read("cisco-asa", "access-list inside extended permit tcp any4 host 192.0.2.7 eq https")
    >>> [str(rule.ports) for rule in reading.rules], reading.complete
    (['443'], True)
    >>> readers["cisco-as"]
    Traceback (most recent call last):
    perimeter365.errors.UnknownNameError: 'cisco-as' is not a reader

Names are those of the targets that render the same language. A module is imported when its reader is looked up. A class
whose name differs from its file, or a module that fails to import, is an error, never a warning.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from perimeter365.audit.reader import ConfigurationReader, ReadResult
from perimeter365.errors import UnknownNameError

__all__ = ["Registry", "read", "readers"]


class Registry(Mapping[str, type[ConfigurationReader]]):
    """Name -> reader, from the modules of a package, which may be in a zip file."""

    def __init__(self, package: str, path: list[str]) -> None:
        self._package = package
        self._names = sorted(m.name.replace("_", "-") for m in iter_modules(path) if not m.name.startswith("_"))
        if not self._names:
            raise ImportError(f"{package} has no modules; the installation is incomplete")

    def __getitem__(self, name: str) -> type[ConfigurationReader]:
        if name not in self._names:
            raise UnknownNameError("reader", name, self._names)
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        classes = [c for c in found if issubclass(c, ConfigurationReader) and getattr(c, "name", None) == name]
        if len(classes) != 1:
            raise ImportError(f"{module.__file__} must define exactly one ConfigurationReader with the name {name!r}")
        return classes[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


readers = Registry(__name__, list(__path__))


def read(name: str, text: str) -> ReadResult:
    """Read a configuration: its allow rules, and the lines that were not understood.

    Args:
        name: name of a reader, e.g. `fortigate`.
        text: the whole configuration.

    Raises:
        UnknownNameError: there is no such reader.
        ConfigurationError: the text exceeds a limit.
    """
    return readers[name].read(text)
