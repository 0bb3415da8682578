"""A command line run in this process, as `main` runs it: exit code, stdout and stderr."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from perimeter365.cli import main
from perimeter365.model.version import Version

SERIES = Path(__file__).resolve().parents[1] / "history" / "data" / "series"
"""Five made-up Worldwide lists of 2030, and two of China."""
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run `perimeter365 WORDS`, without any setting, store or profile of this machine; in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    # upstream that fails is tried again soon: no test of a command is about the pauses
    monkeypatch.setattr("perimeter365.net.fetch.LONGEST_WAIT", 0.0)

    def run(*words: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(words)
        seen = capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    return run


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A copy of the example organization's profile."""
    path = tmp_path / "contoso.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return path


@pytest.fixture
def imported(cli: Cli) -> Cli:
    """The same, with the small series of recorded lists imported."""
    ran = cli("import", "history", str(SERIES))
    assert ran.code == 0, ran.err
    return cli


@pytest.fixture
def synced(imported: Cli) -> Cli:
    """The same, with the third and the fourth Worldwide list of the series synced as live ones."""
    from dataclasses import replace

    from perimeter365.history.load import read_file
    from perimeter365.model.cloud import Cloud
    from perimeter365.store.store import Store

    with Store() as store:
        for number, name in enumerate(("003-2030-03-03", "004-2030-04-07"), 1):
            state = read_file(SERIES / f"{name}.json", Cloud.WORLDWIDE)
            store.commit(replace(state, version=Version(f"203101010{number}"), origin="live", recorded=None))
    return imported


@pytest.fixture
def dated(cli: Cli, tmp_path: Path) -> Cli:
    """The same, with a profile `p.toml` and a store whose entries have come and gone (`tests.cli.dated`)."""
    from tests.cli.dated import PROFILE, sync_twice

    sync_twice()
    (tmp_path / "p.toml").write_text(PROFILE)
    return cli
