"""The modes of everything that commands write, with two umasks (docs/reliability.md, "Files and their modes")."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.follow.watch import write_health
from perimeter365.history.tell.feeds import write_feeds
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.web_service import installation_id
from perimeter365.store.place import data_folder
from perimeter365.store.reader import reader
from perimeter365.store.store import Store
from tests.cli.conftest import EXAMPLE, SERIES, Cli

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")

PRIVATE = {"data/perimeter365": 0o700, "data/perimeter365/store.sqlite": 0o600, "data/perimeter365/client-id": 0o600,
           "findings.json": 0o600}  # fmt: skip
PUBLIC = {"www": 0o755, "www/feeds": 0o755, "www/feeds/worldwide.atom": 0o644, "www/feeds/worldwide.json": 0o644}


def write_everything(cli: Cli, folder: Path) -> None:
    """Run the commands that write files."""
    assert cli("import", "history", str(SERIES)).code == 0
    with Store() as store:
        for number, version in enumerate(("2030030300", "2030040700"), 1):
            store.commit(
                replace(store.state(Cloud.WORLDWIDE, version), version=Version(f"203101010{number}"), recorded=None)
            )
    for words in (
        ["init", "p.toml"],
        ["render", "nftables", "csv", "--profile", str(EXAMPLE), "-o", "out/site"],
        ["man", "share/man1"],
        ["export", "export/a"],
        ["calendar", "-o", "calendar.ics"],
        ["timeline", "--svg", "timeline.svg"],
        ["budget", str(EXAMPLE), "--svg", "budget.svg"],
        ["doctor", "--offline", "--bundle", "findings.json"],
    ):
        ran = cli(*words)
        assert ran.code in (0, 1), (words, ran.err)  # doctor finds old lists
    with reader() as store:
        assert write_feeds(store, folder / "www" / "feeds")
    installation_id(Path(data_folder()))
    write_health(folder / "run" / "health.json", (), timedelta(hours=1), datetime.now(UTC))


@pytest.mark.parametrize(("umask", "file", "directory"), [(0, 0o644, 0o755), (0o077, 0o600, 0o700)])
def test_modes_follow_the_content(umask: int, file: int, directory: int, cli: Cli, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_everything(cli, tmp_path)
    finally:
        os.umask(before)
    found = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in sorted(tmp_path.rglob("*"))}
    special = {**PRIVATE, **PUBLIC}
    assert special.items() <= found.items()
    for name, mode in found.items():
        if name not in special and not name.startswith("www/feeds/"):
            assert oct(mode) == oct(directory if (tmp_path / name).is_dir() else file), name
    assert {path.suffix for path in tmp_path.rglob("*")} >= {".toml", ".nft", ".csv", ".1", ".ics", ".svg", ".json"}
