"""Unforeseen exceptions of readers: the class of the error, and what its message has."""

import inspect

import pytest

from perimeter365.errors import InputError, NotJsonError, UpstreamDataError, UpstreamError
from perimeter365.model.decode import parse_json, string
from perimeter365.model.reading import HELP, reading

SECRET = "s3cret\x1b[31m\u00e9"


def caught(error: BaseException) -> UpstreamError:
    with pytest.raises(UpstreamError) as found, reading("the list"):
        raise error
    return found.value


@pytest.mark.parametrize(
    "kind", [ValueError, OverflowError, RecursionError, AttributeError, LookupError, OSError, AssertionError]
)
def test_each_exception_becomes_data_of_upstream_without_its_text(kind: type[Exception]) -> None:
    error = caught(kind(SECRET))
    assert type(error) is UpstreamDataError
    assert (error.message, error.help) == (f"the list cannot be read: {kind.__name__}", HELP)
    assert error.__suppress_context__  # a traceback does not show it either


def test_a_class_with_a_hostile_name_is_shown_in_ascii_and_cut() -> None:
    error = caught(type("\u00e9\n" + "x" * 500, (Exception,), {})())
    assert error.message.isascii()
    assert error.message.isprintable()
    assert len(error.message) < 120


def test_the_line_of_a_defect_is_named() -> None:
    """A defect of a reader stays recognizable: `string` is given to `shown` an object that breaks it."""

    class Broken:
        def __str__(self) -> str:
            raise ZeroDivisionError(SECRET)

    with pytest.raises(UpstreamDataError) as found, reading("the list"):
        string(Broken())
    lines, first = inspect.getsourcelines(__import__("perimeter365.model.decode", fromlist=["shown"]).shown)
    module, _, line = found.value.message.rpartition(" in ")[2].partition(":")
    assert module == "perimeter365.model.decode"
    assert first <= int(line) < first + len(lines)
    assert "ZeroDivisionError" in found.value.message


def test_errors_of_upstream_pass_and_those_of_input_keep_their_message() -> None:
    page = NotJsonError("a page", help="sign in")
    assert caught(page) is page
    assert caught(InputError("'x' is not a prefix")).message == "the list: 'x' is not a prefix"
    with pytest.raises(UpstreamDataError, match=r"^the list: it is nested too deeply$"), reading("the list"):
        parse_json(b"[" * 100_000)


@pytest.mark.parametrize("kind", [MemoryError, ImportError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_not_caused_by_bytes_passes(kind: type[BaseException]) -> None:
    with pytest.raises(kind), reading("the list"):
        raise kind
