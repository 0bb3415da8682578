"""The tree of `set` and `delete` lines."""

import pytest

from perimeter365.audit.readers._setlines import Tree, matches
from perimeter365.audit.readers.juniper_srx import JuniperSrxReader
from perimeter365.errors import ConfigurationError

BOOK = "security address-book global"


def device(*lines: str) -> JuniperSrxReader:
    made = JuniperSrxReader()
    made.load("\n".join(lines))
    return made


def test_the_order_of_set_lines_does_not_matter() -> None:
    lines = [f"set {BOOK} address {name} 10.0.{n}.0/24" for n, name in enumerate("abc")]
    assert device(*lines).state() == device(*reversed(lines), *lines).state()


def test_a_second_value_replaces_a_single_value() -> None:
    start = "set applications application web"
    found = device(f"{start} protocol tcp", f"{start} destination-port 80", f"{start} destination-port 443")
    assert found.values("applications", "application", "web", "destination-port") == ["443"]
    with pytest.raises(ConfigurationError, match="0 values; expected one"):
        found.value("applications", "application", "web", "term")


def test_insert_moves_a_word_before_or_after_another() -> None:
    pair = "security policies from-zone a to-zone b"
    lines = [f"set {pair} policy {name} then permit" for name in "xyz"]

    def order(*moves: str) -> list[str]:
        return list(device(*lines, *(f"insert {pair} {move}" for move in moves)).node(*pair.split(), "policy").below)

    assert order("policy z before policy x") == ["z", "x", "y"]
    assert order("policy x after policy y") == ["y", "x", "z"]
    assert order("policy x before policy x", "policy y after policy x") == ["x", "y", "z"]
    for wrong in (
        "policy w before policy x",
        "policy x before policy w",
        "policy x above policy y",
        "policy x before term y",
    ):
        with pytest.raises(ConfigurationError):
            order(wrong)


def test_delete_removes_the_branch_and_empty_nodes_above_it() -> None:
    both = [f"set {BOOK} address {name} 10.0.0.0/8" for name in "ab"]
    assert device(*both, f"delete {BOOK} address a").state() == device(both[1]).state()
    assert device(*both, f"delete {BOOK} address a", f"delete {BOOK} address b 10.0.0.0/8").state() == {}
    assert device(*both, "delete security address-book").state() == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"delete {BOOK} address a", "there is no"),
        ("rename a to b", "expected set, delete or insert"),
        ("set", "0 words"),
        ("set a", "1 words"),
        ("set " + "a " * 21, "21 words"),
        ("delete", "0 words"),
        (f'set {BOOK} address "a', "the quoting of the line"),
        (f"set {BOOK} address {'a' * 64} 10.0.0.0/8", "is not supported"),
    ],
)
def test_an_unsupported_line_changes_nothing(line: str, reason: str) -> None:
    found = JuniperSrxReader()
    with pytest.raises(ConfigurationError, match=reason):
        found.load(line)
    assert found.state() == {}


def test_forms_are_compared_word_by_word() -> None:
    assert matches(("a", "b c"), ("a|b", r"b.*"))
    assert not matches(("a", "b"), ("a",))
    assert not matches(("ab",), ("a",))
    assert issubclass(JuniperSrxReader, Tree)
