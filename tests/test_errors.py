"""The tree of errors: every class has a code and an exit code of the contract, and its picture is complete."""

import inspect
import re

import pytest

from perimeter365 import errors
from perimeter365.errors import InputError, Perimeter365Error, UnknownNameError, error_classes, nearest

CLASSES = error_classes()
EXIT_CODES = {"InputError": 2, "UpstreamError": 3, "HeldError": 4, "LossError": 5}
"""CONTRACT: 2 wrong usage or input, 3 upstream or network, 4 held for safety, 5 a loss under --strict."""


def test_the_walk_finds_every_class_of_the_module_once() -> None:
    written = [c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, Perimeter365Error)]
    assert set(CLASSES) == set(written)
    assert len(CLASSES) == len(set(CLASSES))


def test_the_base_comes_first_and_is_our_own_bug() -> None:
    assert CLASSES[0] is Perimeter365Error
    assert Perimeter365Error.exit_code == 70


@pytest.mark.parametrize("cls", CLASSES[1:], ids=lambda c: c.__name__)
def test_exit_codes_are_the_contracts(cls: type[Perimeter365Error]) -> None:
    kinds = [EXIT_CODES[base.__name__] for base in cls.__mro__ if base.__name__ in EXIT_CODES]
    assert [cls.exit_code] == kinds


def test_codes_are_unique_and_stable_in_form() -> None:
    codes = [c.code for c in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"P365-[A-Z]+", code) for code in codes)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_every_class_explains_itself(cls: type[Perimeter365Error]) -> None:
    assert cls.title
    assert cls.title != Perimeter365Error.title or cls is Perimeter365Error
    assert cls.explanation.endswith(".")
    assert cls.explanation != Perimeter365Error.explanation or cls is Perimeter365Error
    assert cls.__doc__


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_the_picture_of_the_tree_shows_class_exit_code_and_code(cls: type[Perimeter365Error]) -> None:
    assert re.search(rf"\b{cls.__name__} +{cls.exit_code} +{cls.code}\b", errors.__doc__ or "")


def test_an_error_says_where_it_rose_through_outermost_first() -> None:
    error = InputError("'x' is not a prefix", help="write one")
    risen = error.inside("source.prefixes[4]").inside("flow[2]").inside("23.toml")
    assert risen is error
    assert str(error) == "23.toml: flow[2]: source.prefixes[4]: 'x' is not a prefix"
    assert error.message == str(error)
    assert error.help == "write one"


def test_an_unknown_name_comes_with_the_nearest_one() -> None:
    error = UnknownNameError("cloud", "gchigh", ["worldwide", "gcchigh", "dod"])
    assert str(error) == "'gchigh' is not a cloud"
    assert error.help == "did you mean 'gcchigh'?"


def test_an_unknown_name_that_is_near_to_none_comes_with_all() -> None:
    assert UnknownNameError("cloud", "zzz", ["b", "a"]).help == "it is one of: a, b"


@pytest.mark.parametrize(("value", "found"), [("Worldwide", "worldwide"), ("wordwide", "worldwide"), ("xyz", "")])
def test_nearest(value: str, found: str) -> None:
    assert nearest(value, ["worldwide", "china"]) == found
