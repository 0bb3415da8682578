"""Immutable values: no attribute can change, and copies go through the constructor."""

import copy
import pickle

import pytest

from perimeter365.errors import PrefixError
from perimeter365.model.host import HostPattern
from perimeter365.model.immutable import Immutable
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet

VALUES = (
    HostPattern("*.sharepoint.com"),
    PortSet.parse("80,443-445"),
    Prefix.parse("192.0.2.0/24"),
    PrefixSet.parse(["192.0.2.0/24", "2001:db8::/32"]),
)
EVERY = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


def fields(value: Immutable) -> tuple[str, ...]:
    return tuple(type(value).__slots__)


def test_all_values_with_slots_of_the_model_are_here() -> None:
    assert set(Immutable.__subclasses__()) == {type(value) for value in VALUES}


@EVERY
def test_no_attribute_can_be_set_or_deleted_and_none_added(value: Immutable) -> None:
    name = type(value).__name__
    for attribute in (*fields(value), "another"):
        with pytest.raises(AttributeError, match=f"{name} is immutable"):
            setattr(value, attribute, None)
        with pytest.raises(AttributeError, match=f"{name} is immutable"):
            delattr(value, attribute)
    assert not hasattr(value, "__dict__")


@EVERY
def test_copies_and_pickles_are_equal_values_of_the_same_class(value: Immutable) -> None:
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert made == value
        assert type(made) is type(value)
        for attribute in fields(value):
            assert getattr(made, attribute) == getattr(value, attribute)


def test_copies_go_through_the_constructor() -> None:
    made, arguments = Prefix.parse("192.0.2.128/25").__reduce__()
    assert (made, arguments) == (Prefix, (4, 0xC0000280, 25))
    with pytest.raises(PrefixError):
        Prefix(4, 0xC0000280, 24)
    assert PortSet.parse("80,443-445").__reduce__() == (PortSet, (((80, 80), (443, 445)),))
