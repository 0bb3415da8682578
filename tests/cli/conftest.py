"""Fixtures that run a command line in this process."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from perimeter365.cli import main
from perimeter365.model.version import Version

SERIES = Path(__file__).resolve().parents[1] / "history" / "data" / "series"
"""Five synthetic Worldwide lists of 2030, and two of China."""
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"


@dataclass(frozen=True)
class CliResult:
    """Exit code and output of a command line."""

    code: int
    out: str
    err: str


Cli = Callable[..., CliResult]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run `perimeter365 WORDS` in an empty folder, without settings of this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    # the series is from 2030
    monkeypatch.setattr("perimeter365.history.load.latest_day", lambda: date(2031, 12, 31))
    # retry failed requests at once: no test of a command is about the pauses
    monkeypatch.setattr("perimeter365.net.fetch.LONGEST_WAIT", 0.0)

    def run(*words: str, stdin: bytes = b"") -> CliResult:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return CliResult(code, captured.out, captured.err)

    return run


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A copy of the example organization's profile."""
    path = tmp_path / "contoso.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return path


@pytest.fixture
def imported(cli: Cli) -> Cli:
    """`cli` with the small series of recorded lists imported."""
    ran = cli("import", "history", str(SERIES))
    assert ran.code == 0, ran.err
    return cli


@pytest.fixture
def synced(imported: Cli) -> Cli:
    """`imported` with the third and fourth Worldwide list synced as live lists."""
    from dataclasses import replace

    from perimeter365.history.load import read_recorded_list
    from perimeter365.model.cloud import Cloud
    from perimeter365.store.store import Store

    with Store() as store:
        for number, name in enumerate(("003-2030-03-03", "004-2030-04-07"), 1):
            state = read_recorded_list(SERIES / f"{name}.json", Cloud.WORLDWIDE)
            store.commit(replace(state, version=Version(f"203101010{number}"), origin="live", recorded=None))
    return imported


@pytest.fixture
def dated(cli: Cli, tmp_path: Path) -> Cli:
    """`cli` with a profile `p.toml` and the store of `tests.cli.dated`."""
    from tests.cli.dated import PROFILE, sync_twice

    sync_twice()
    (tmp_path / "p.toml").write_text(PROFILE)
    return cli
