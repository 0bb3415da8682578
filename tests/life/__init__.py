"""The life of each artifact, step by step: with the program that reads it, or with a model of its device.

    test_nftables.py, test_cisco_ios.py …   the steps of one target, or of a family
    hosts.py                                tell a tunnel from the way outside of it
    shell.py                                carries out the lines of a manual in namespaces of its own
    models/                                 devices that are not here: they execute the lines one by one
    faults/                                 small artifacts of commit d74eff8 with known faults: each model must find them

A test says which cells of the table it fills:

    @tries("nftables", "install", "again")
    def test_loaded_twice() -> None: ...

`test_table.py` compares these cells with `Target.tried`, both ways.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from perimeter365.targets.life import Step

Test = TypeVar("Test", bound=Callable[..., object])

CELLS: dict[tuple[str, Step], set[str]] = {}
"""(target, step) -> the tests that try it."""


def tries(target: str | Iterable[str], *steps: Step) -> Callable[[Test], Test]:
    """Declare that a test carries out steps of the life of one target, or of several."""

    def mark(test: Test) -> Test:
        for name in [target] if isinstance(target, str) else target:
            for step in steps:
                CELLS.setdefault((name, step), set()).add(f"{test.__module__}.{getattr(test, '__name__', '')}")
        return test

    return mark
