"""`held`: its subcommands without held states. Decisions are tested with `sync`."""

from tests.cli.conftest import Cli


def test_without_a_store_every_subcommand_is_an_error(cli: Cli) -> None:
    for words in (("held",), ("held", "list"), ("held", "admit", "1"), ("held", "reject", "1")):
        ran = cli(*words)
        assert ran.code == 2
        assert "perimeter365 sync" in ran.err


def test_a_store_without_held_states(synced: Cli) -> None:
    ran = synced("held")
    assert (ran.code, ran.out) == (0, "")
    for words in (("held", "--json"), ("held", "list", "--json"), ("held", "--quiet", "--json")):
        assert (synced(*words).code, synced(*words).out) == (0, "[]\n")
    assert "nothing is held" in ran.err
    for word in ("admit", "reject"):
        assert synced("held", word, "7").code == 2
        assert synced("held", word, "x").code == 2
