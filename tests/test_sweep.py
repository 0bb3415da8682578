"""Which cases of a sweep run in `make test`."""

import re
from pathlib import Path

import pytest

from perimeter365.targets import targets
from tests.sweep import FAMILIES, WIDE, is_wide, sweep

TESTS = Path(__file__).parent


def test_entries_name_functions_of_their_file() -> None:
    """Whether each has a case is checked by every run in CI."""
    named = {(file, entry.partition("[")[0]) for file, entries in WIDE.items() for entry in entries if entry[0] != "*"}
    found = {(file, name) for file in WIDE for name in re.findall(r"\btest_\w+", (TESTS / file).read_text("utf-8"))}
    assert sorted(named - found) == []


def test_brackets_name_the_wide_cases_or_with_an_exclamation_mark_the_others() -> None:
    file, function = "targets/test_lab.py", "test_at_every_boundary_packets_pass_according_to_the_plan"
    assert is_wide(file, f"{function}[everything-china]")
    assert not is_wide(file, f"{function}[contoso]")
    assert not is_wide(file, f"{function}_and_more[everything-china]")
    assert is_wide("targets/test_report.py", "test_axe_finds_no_barrier[320-light]")
    assert not is_wide("targets/test_report.py", "test_axe_finds_no_barrier[1400-light]")
    assert is_wide("cli/test_demo.py", "test_a_second_demo_changes_nothing")
    assert is_wide("history/test_sync.py", "test_anything[postgresql]")
    assert not is_wide("history/test_sync.py", "test_anything[sqlite]")


def test_a_target_of_each_base_class_stays() -> None:
    bases = {name: target.__bases__[0].__module__ for name, target in targets.items()}
    assert {bases[name] for name in FAMILIES} == set(bases.values())


def test_values_that_are_not_kept_are_wide() -> None:
    one, two, three = sweep("abc", "b")
    assert (two, one.values, three.values) == ("b", ("a",), ("c",))
    assert [mark.name for each in (one, three) for mark in each.marks] == ["wide", "wide"]


def test_a_tuple_is_the_values_of_several_arguments() -> None:
    kept, wide = sweep([("a", 1), ("b", 1)], lambda each: each[0] == "a")
    assert (kept, wide.values) == (("a", 1), ("b", 1))


@pytest.mark.parametrize("kept", ["d", "", lambda _: False], ids=["unknown", "none", "no value"])
def test_a_sweep_keeps_some_of_its_values(kept: object) -> None:
    with pytest.raises(AssertionError):
        sweep("abc", kept)  # type: ignore[arg-type]
