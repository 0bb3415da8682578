"""`held feeds` and `held admit-feed`: their output and exit codes."""

import json
from pathlib import Path

from tests.cli.conftest import Cli
from tests.web.feed_store import history, sets, without

TEXT = "/feeds/text/worldwide-teams-outbound-optimize-ip.txt"


def test_lists_that_wait_are_listed_and_admitted(cli: Cli, tmp_path: Path) -> None:
    store = str(history(tmp_path / "s.sqlite", sets(), without("teams")))
    ran = cli("--store", store, "held", "feeds", TEXT)
    assert (ran.code, ran.out) == (4, f"emptied  {TEXT}?cloud=worldwide  last entries: 3 in worldwide 2025010100\n")
    ran = cli("--store", store, "held", "admit-feed", f"http://127.0.0.1:8365{TEXT}", "--json")
    assert (ran.code, json.loads(ran.out)["path"]) == (0, f"{TEXT}?cloud=worldwide")
    assert "is served as empty" in ran.err
    ran = cli("--store", store, "held", "feeds", TEXT, "--json")
    assert (ran.code, json.loads(ran.out)[0]["state"]) == (0, "closed")
    ran = cli("--store", store, "held", "feeds", TEXT.replace("teams", "exchange"))
    assert (ran.code, ran.out) == (0, "")
    assert "no list has lost all entries" in ran.err


def test_wrong_paths_and_a_missing_store_are_errors(cli: Cli, tmp_path: Path) -> None:
    store = str(history(tmp_path / "s.sqlite", sets()))
    for words in (
        ("feeds", "/version"),
        ("admit-feed", TEXT),
        ("admit-feed", "/feeds/text?x=1"),
        ("feeds", "--profiles", "/nowhere"),
    ):
        assert cli("--store", store, "held", *words).code == 2
    assert cli("--store", str(tmp_path / "none.sqlite"), "held", "feeds").code == 2
