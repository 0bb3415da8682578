"""`rollback`: return to the previous version."""

from tests.cli.conftest import Cli


def test_the_previous_version_is_put_into_force_and_pinned(synced: Cli) -> None:
    ran = synced("rollback")
    assert ran.code == 0
    assert ran.err.startswith("worldwide: 2031010101 is in force and pinned")
    assert "unpin" in ran.err


def test_without_a_version_in_force_it_is_rejected(imported: Cli) -> None:
    ran = imported("rollback")
    assert (ran.code, "no cloud has a version in force" in ran.err) == (2, True)
    assert imported("rollback", "--cloud", "china").code == 2


def test_without_a_previous_version_it_is_rejected(imported: Cli) -> None:
    imported("pin", "2030010600")
    ran = imported("rollback")
    assert (ran.code, "nothing to go back to" in ran.err) == (2, True)
