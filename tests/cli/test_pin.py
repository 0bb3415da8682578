"""`pin`: a version that stays in force."""

from tests.cli.conftest import Cli


def test_lookups_use_the_pinned_version(imported: Cli) -> None:
    # only the third and fourth list contain 131.107.113.192/26
    assert imported("lookup", "131.107.113.200").code == 1
    ran = imported("pin", "2030030300")
    assert (ran.code, ran.err) == (0, "worldwide: 2030030300 is in force and pinned\n")
    ran = imported("lookup", "131.107.113.200")
    assert (ran.code, "ws/worldwide/11" in ran.out) == (0, True)
    imported("pin", "2030050500")
    assert imported("lookup", "131.107.113.200").code == 1
    assert imported("lookup", "131.107.113.200", "--catalog", "embedded").code == 1


def test_other_commands_use_the_pinned_version(imported: Cli) -> None:
    imported("pin", "2030030300")
    assert "2030-03-03" in imported("show", "ws/worldwide/1", "--json").out


def test_a_version_of_several_clouds_needs_the_cloud(imported: Cli, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "more" / "USGovDoD"
    folder.mkdir(parents=True)
    source = Path(__file__).parents[1] / "history" / "data" / "series" / "China" / "2030020100.json"
    (folder / "2030020100.json").write_bytes(source.read_bytes())
    imported("import", "history", str(folder))
    ran = imported("pin", "2030020100")
    assert (ran.code, "several clouds have version 2030020100: dod, china" in ran.err) == (2, True)
    assert imported("pin", "2030020100", "--cloud", "dod").code == 0


def test_a_version_that_is_not_stored_is_rejected(imported: Cli) -> None:
    ran = imported("pin", "2030030301")
    assert (ran.code, "did you mean '2030030300'?" in ran.err) == (2, True)
    assert imported("pin", "2030030300", "--cloud", "china").code == 2
