"""The base of values with slots that are written once, by their constructor.

A frozen dataclass does the same, but `dataclasses` imports `inspect`, and every start of `lookup` would take longer.

    >>> class Point(Immutable):
    ...     __slots__ = ("x", "y")
    ...     made_of = ("x", "y")
    ...     def __init__(self, x, y):
    ...         object.__setattr__(self, "x", x)
    ...         object.__setattr__(self, "y", y)
    >>> Point(1, 2).x = 3
    Traceback (most recent call last):
    AttributeError: Point is immutable
"""


class Immutable:
    """A value that no one can change; copies and pickles are made by its constructor, so they are checked too."""

    __slots__ = ()

    made_of: tuple[str, ...] = ()
    """The attributes that the constructor takes, in its order."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), tuple(getattr(self, name) for name in self.made_of))
