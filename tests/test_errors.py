"""The tree of errors: every class has a code, an exit code and a line in the module's tree."""

import inspect
import re

from perimeter365 import errors
from perimeter365.errors import InputError, Perimeter365Error, UnknownNameError, error_classes, nearest

CLASSES = error_classes()
EXIT_CODES = {"InputError": 2, "UpstreamError": 3, "HeldError": 4, "LossError": 5}
"""2 wrong usage or input, 3 upstream or network, 4 held for safety, 5 a loss under --strict."""


def test_the_walk_finds_every_class_once_and_the_base_class_first() -> None:
    written = [c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, Perimeter365Error)]
    assert set(CLASSES) == set(written)
    assert len(CLASSES) == len(set(CLASSES))
    assert CLASSES[0] is Perimeter365Error
    assert Perimeter365Error.exit_code == 70


def test_exit_codes_are_documented_ones() -> None:
    kinds = {cls: [EXIT_CODES[base.__name__] for base in cls.__mro__ if base.__name__ in EXIT_CODES] for cls in CLASSES[1:]}
    assert {cls: [cls.exit_code] for cls in CLASSES[1:]} == kinds


def test_codes_are_unique_and_stable_in_form() -> None:
    codes = [c.code for c in CLASSES]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(r"P365-[A-Z]+", code)] == []


def test_every_class_has_an_explanation_and_a_line_in_the_tree() -> None:
    base, picture = CLASSES[0], errors.__doc__ or ""
    for cls in CLASSES:
        assert cls.title, cls
        assert cls.explanation.endswith("."), cls
        assert cls.__doc__, cls
        assert cls is base or (cls.title != base.title and cls.explanation != base.explanation), cls
        assert re.search(rf"\b{cls.__name__} +{cls.exit_code} +{cls.code}\b", picture), cls


def test_an_error_lists_its_places_outermost_first() -> None:
    error = InputError("'x' is not a prefix", help="write one")
    risen = error.inside("source.prefixes[4]").inside("flow[2]").inside("23.toml")
    assert risen is error
    assert str(error) == "23.toml: flow[2]: source.prefixes[4]: 'x' is not a prefix"
    assert error.message == str(error)
    assert error.help == "write one"


def test_an_unknown_name_error_suggests_the_nearest_name_or_all() -> None:
    error = UnknownNameError("cloud", "gchigh", ["worldwide", "gcchigh", "dod"])
    assert str(error) == "'gchigh' is not a cloud"
    assert error.help == "did you mean 'gcchigh'?"
    assert UnknownNameError("cloud", "zzz", ["b", "a"]).help == "it is one of: a, b"
    near = {value: nearest(value, ["worldwide", "china"]) for value in ("Worldwide", "wordwide", "xyz")}
    assert near == {"Worldwide": "worldwide", "wordwide": "worldwide", "xyz": ""}
