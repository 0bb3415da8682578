"""`unpin`: put the newest synced version into force again."""

from tests.cli.conftest import Cli


def test_the_newest_synced_version_is_put_into_force(synced: Cli) -> None:
    synced("pin", "2030010600")
    ran = synced("unpin")
    assert (ran.code, ran.err) == (0, "worldwide: 2031010102 is in force\n")
    assert synced("unpin").err == "no version is pinned\n"


def test_without_a_sync_it_is_the_embedded_list(imported: Cli) -> None:
    imported("pin", "2030010600")
    imported("pin", "2030020100")
    assert imported("unpin", "--cloud", "china").err == "china: the embedded list is in force\n"
    assert imported("unpin").err == "worldwide: the embedded list is in force\n"


def test_without_a_store_there_is_nothing_to_unpin(cli: Cli) -> None:
    assert cli("unpin").code == 2
