"""`explain`: the code of every error, warning and loss."""

import pytest

from perimeter365.cli.explain import DATES, WHAT_TO_DO, explanations
from perimeter365.errors import error_classes
from perimeter365.model.effective import STATES
from perimeter365.plan.plan import DECIDE, WARNINGS
from tests.cli.conftest import Cli


@pytest.mark.parametrize("code", explanations())
def test_every_code_is_explained_in_any_letter_case(cli: Cli, code: str) -> None:
    ran = cli("explain", code.swapcase())
    assert ran.code == 0
    assert ran.out.startswith(f"{code}: ")
    assert len(ran.out.splitlines()) > 1


def test_all_errors_and_all_warnings_are_listed(cli: Cli) -> None:
    assert set(explanations()) >= {e.code for e in error_classes()} | set(WARNINGS) | {"widened", "narrowed", "dropped"}
    assert set(WHAT_TO_DO) == set(WARNINGS)
    assert set(DATES) == set(STATES)
    assert set(DATES) <= set(explanations())
    assert len(cli("explain").out.splitlines()) == len(explanations())


def test_errors_have_an_exit_code_and_strict_warnings_are_marked(cli: Cli) -> None:
    for error in error_classes():
        assert f"(exit code {error.exit_code})" in explanations()[error.code]
    for code in WARNINGS:
        assert ("--strict" in explanations()[code]) is (code in DECIDE)


def test_an_unknown_code_is_exit_2(cli: Cli) -> None:
    ran = cli("explain", "P365-NOPE")
    assert ran.code == 2
    assert "`perimeter365 explain` lists all codes" in ran.err
