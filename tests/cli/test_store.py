"""Store access: a damaged store is an error with exit code 2 in every command."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.cli._store import one_cloud
from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud
from tests.cli.conftest import SERIES, Cli

COMMANDS = [
    ("versions",),
    ("diff", "2030010600", "2030030300"),
    ("changes",),
    ("history", "131.107.113.1"),
    ("pin", "2030010600"),
    ("unpin",),
    ("rollback",),
    ("import", "history", str(SERIES)),
    ("lookup", "52.112.0.5"),
    ("rows",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("keep", [0, 60, 5000])
def test_a_damaged_store_is_an_error_in_every_command(
    words: tuple[str, ...], keep: int, imported: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "perimeter365" / "store.sqlite"
    path.write_bytes(path.read_bytes()[:keep])
    ran = imported(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[P365-STORE]: ")
    assert str(path) in ran.err
    assert "Traceback" not in ran.err
    assert path.stat().st_size == keep, "a damaged store is not changed"


def test_a_damaged_store_can_be_bypassed(imported: Cli, tmp_path: Path) -> None:
    (tmp_path / "data" / "perimeter365" / "store.sqlite").write_bytes(b"")
    assert imported("lookup", "52.112.0.5", "--catalog", "embedded").code == 0


@pytest.mark.parametrize("words", [["sync"], ["sync", "--dry-run"]], ids=" ".join)
def test_a_missing_library_is_an_error(words: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['urllib3'] = None; from perimeter365.cli import main; "
        f"sys.exit(main(['--store', {str(tmp_path / 's.sqlite')!r}, *sys.argv[1:], '--base-url', 'http://127.0.0.1:9']))"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error[P365-INPUT]: the library urllib3 cannot be loaded: ")
    assert "help: pip install --upgrade perimeter365" in done.stderr


@pytest.mark.parametrize("words", [("versions",), ("rows",), ("sync", "--from", "/nowhere")], ids=lambda words: words[0])
def test_without_its_extra_postgresql_is_an_error_with_what_to_install(
    words: tuple[str, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = cli("--store", "postgresql://u:s3cret@127.0.0.1:1/d", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[P365-EXTRA]: a store on PostgreSQL needs the extra 'postgres': ")
    assert ran.err.endswith("help: pip install 'perimeter365[postgres]'\n")
    assert "s3cret" not in ran.err


def test_a_store_in_a_file_needs_only_python(tmp_path: Path) -> None:
    """The other libraries are needed only for the network, database servers and feeds."""
    others = ["apprise", "feedgenerator", "icalendar", "psycopg", "requests", "truststore", "urllib3"]
    code = (
        f"import sys; sys.modules |= dict.fromkeys({others}); "
        f"from perimeter365.cli import main; sys.exit(main(['--store', {str(tmp_path / 's.sqlite')!r}, *sys.argv[1:]]))"
    )
    lists = tmp_path / "lists"
    lists.mkdir()
    for path in SERIES.glob("0*.json"):
        shutil.copy(path, lists / path.name.replace("2030", "2020"))
    for words in (["import", "history", str(lists)], ["versions"], ["history", "131.107.113.200"]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_an_ambiguous_cloud_is_an_error() -> None:
    assert one_cloud(None, [Cloud.DOD, Cloud.DOD], "x") is Cloud.DOD
    assert one_cloud(Cloud.CHINA, [Cloud.DOD], "x") is Cloud.CHINA
    with pytest.raises(InputError, match="several clouds have x: worldwide, dod") as caught:
        one_cloud(None, [Cloud.DOD, Cloud.WORLDWIDE], "x")
    assert "--cloud" in caught.value.help
    with pytest.raises(InputError, match="no cloud has x"):
        one_cloud(None, [], "x")


@pytest.mark.parametrize(
    "words",
    [
        ("lookup", "131.107.113.200"),
        ("history", "131.107.113.200"),
        ("versions", "--json"),
        ("diff", "2030010600", "2030030300"),
        ("changes", "2030030300"),
    ],
    ids=lambda words: words[0],
)
def test_reading_a_file_loads_no_heavy_library(words: tuple[str, ...], synced: Cli) -> None:
    code = (
        "import sys; from perimeter365.cli import main; code = main(sys.argv[1:]); "
        "print([m for m in ('psycopg', 'requests', 'platformdirs') if m in sys.modules], file=sys.stderr); "
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
