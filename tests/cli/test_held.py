"""`held`: its subcommands, and what they say where nothing waits. What it decides is tested with `sync`."""

from tests.cli.conftest import Cli


def test_without_a_store_there_is_nothing_to_decide_and_that_is_said(cli: Cli) -> None:
    for words in (("held",), ("held", "list"), ("held", "admit", "1"), ("held", "reject", "1")):
        ran = cli(*words)
        assert ran.code == 2
        assert "perimeter365 sync" in ran.err


def test_an_empty_store_holds_nothing(synced: Cli) -> None:
    ran = synced("held")
    assert (ran.code, ran.out) == (0, "")
    for words in (("held", "--json"), ("held", "list", "--json"), ("held", "--quiet", "--json")):
        assert (synced(*words).code, synced(*words).out) == (0, "[]\n")
    assert "no state is held" in ran.err
    for word in ("admit", "reject"):
        assert synced("held", word, "7").code == 2
        assert synced("held", word, "x").code == 2
