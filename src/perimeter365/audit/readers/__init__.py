"""Every configuration language that can be read. The registry is this folder: one module, one reader.

    >>> readers["cisco-asa"].title
    'Cisco ASA running configuration'
    >>> reading = read("cisco-asa", "access-list inside extended permit tcp any4 host 192.0.2.7 eq https")
    >>> [str(rule.ports) for rule in reading.rules], reading.complete
    (['443'], True)
    >>> readers["cisco-as"]
    Traceback (most recent call last):
    perimeter365.errors.UnknownNameError: 'cisco-as' is not a reader

Names are those of the targets that make the same language. A module is imported when its reader is asked for; one whose
class has another name than its file, or that fails to import, is an error, never a warning.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from perimeter365.audit.reader import Reader, Reading
from perimeter365.errors import UnknownNameError

__all__ = ["Registry", "read", "readers"]


class Registry(Mapping[str, type[Reader]]):
    """Names to readers, found from the modules of a package, also where that lies in a zip file."""

    def __init__(self, package: str, path: list[str]) -> None:
        self._package = package
        self._names = sorted(m.name.replace("_", "-") for m in iter_modules(path) if not m.name.startswith("_"))
        if not self._names:
            raise ImportError(f"{package} has no modules; the installation is incomplete")

    def __getitem__(self, name: str) -> type[Reader]:
        if name not in self._names:
            raise UnknownNameError("reader", name, self._names)
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        classes = [c for c in found if issubclass(c, Reader) and getattr(c, "name", None) == name]
        if len(classes) != 1:
            raise ImportError(f"{module.__file__} has to define one Reader whose name is {name!r}")
        return classes[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


readers = Registry(__name__, list(__path__))


def read(name: str, text: str) -> Reading:
    """Read a configuration: what its rules let pass, and each line that was not understood.

    Args:
        name: of `readers`, e.g. `fortigate`.
        text: the whole configuration.

    Raises:
        UnknownNameError: there is no such reader.
        ConfigurationError: the text is past the limits.
    """
    return readers[name].read(text)
