"""Base class of immutable values with slots.

A frozen dataclass does the same, but `dataclasses` imports `inspect`, which would slow down each start of `lookup`.

    >>> class Point(Immutable):
    ...     __slots__ = ("x", "y")
    ...     init_fields = ("x", "y")
    ...     def __init__(self, x, y):
    ...         object.__setattr__(self, "x", x)
    ...         object.__setattr__(self, "y", y)
    >>> Point(1, 2).x = 3
    Traceback (most recent call last):
    AttributeError: Point is immutable
"""


class Immutable:
    """An immutable value.

    Copies and unpickled values go through the constructor, which checks them.
    """

    __slots__ = ()

    init_fields: tuple[str, ...] = ()
    """The attributes that the constructor expects, in its order."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), tuple(getattr(self, name) for name in self.init_fields))
