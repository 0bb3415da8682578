"""`rollback`: back to the version before."""

from tests.cli.conftest import Cli


def test_the_version_before_comes_into_force_and_stays(synced: Cli) -> None:
    ran = synced("rollback")
    assert ran.code == 0
    assert ran.err.startswith("worldwide: 2031010101 is in force and pinned")
    assert "unpin" in ran.err


def test_with_nothing_in_force_it_is_refused(imported: Cli) -> None:
    ran = imported("rollback")
    assert (ran.code, "no cloud has a version in force" in ran.err) == (2, True)
    assert imported("rollback", "--cloud", "china").code == 2


def test_with_nothing_before_it_is_refused(imported: Cli) -> None:
    imported("pin", "2030010600")
    ran = imported("rollback")
    assert (ran.code, "nothing to go back to" in ran.err) == (2, True)
