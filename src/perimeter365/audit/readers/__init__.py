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

import sys

from perimeter365.audit.reader import ConfigurationReader, ReadResult
from perimeter365.model.registry import ModuleRegistry

__all__ = ["read", "readers"]


readers = ModuleRegistry(
    sys.modules[__name__],
    ConfigurationReader,  # type: ignore[type-abstract]  # it is only compared with
    kind="reader",
)
"""All readers."""


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
