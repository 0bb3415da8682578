"""Locations of data folder and store: the same as platformdirs, without its import time of 24 ms."""

import sys
from pathlib import Path

import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest

from perimeter365.errors import StoreError
from perimeter365.store import place
from perimeter365.store.place import data_folder, redacted_place, store_exists, store_place


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PERIMETER365_STORE", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_linux_agrees_with_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert data_folder() == platformdirs.unix.Unix("perimeter365").user_data_dir
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    assert data_folder() == platformdirs.unix.Unix("perimeter365").user_data_dir


def test_macos_agrees_with_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert data_folder() == platformdirs.macos.MacOS("perimeter365").user_data_dir


def test_windows_uses_the_local_application_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # platformdirs queries the Windows API for this folder, so on other systems only the variable can be compared.
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert Path(data_folder()) == tmp_path / "perimeter365"


def test_the_store_is_in_the_data_folder_unless_another_is_named() -> None:
    assert Path(store_place()) == Path(data_folder()) / "store.sqlite"
    assert store_place("/other.sqlite") == "/other.sqlite"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:////srv/a.sqlite", "/srv/a.sqlite"),
        ("sqlite:///a.sqlite", "a.sqlite"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgres://u@h/d", "postgresql://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql://u@h/d"),
    ],
)
def test_common_forms_of_urls_are_accepted(given: str, meant: str) -> None:
    assert store_place(given) == meant


def test_a_tilde_is_the_home_folder(tmp_path: Path) -> None:
    assert store_place("~/a.sqlite") == str(tmp_path / "a.sqlite")


def test_a_file_is_checked_and_a_server_counts_as_existing(tmp_path: Path) -> None:
    assert not store_exists(str(tmp_path / "a.sqlite"))
    (tmp_path / "a.sqlite").touch()
    assert store_exists(str(tmp_path / "a.sqlite"))
    assert store_exists("postgresql://u@h/d")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://user:secret@host:5432/db", "postgresql://user@host:5432/db"),
        ("postgresql://user:se@cret@host/db", "postgresql://user@host/db"),
        ("postgresql://host/db?password=secret", "postgresql://host/db"),
        ("postgresql:///db?user=u&password=secret", "postgresql:///db"),
        ("/srv/store.sqlite", "/srv/store.sqlite"),
    ],
)
def test_passwords_are_redacted(url: str, shown: str) -> None:
    assert redacted_place(url) == shown
    assert "secret" not in redacted_place(url)


def test_the_module_imports_only_os_and_sys() -> None:
    import subprocess

    code = "import sys; before = set(sys.modules); import perimeter365.store.place; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"perimeter365", "perimeter365.store", place.__name__}


@pytest.mark.parametrize("url", ["mysql://u:s3cret@h/d", "sqlite://two-slashes", "postgresql+asyncpg://u:s3cret@h/d"])
def test_a_url_with_another_scheme_is_not_used_as_a_path(url: str) -> None:
    with pytest.raises(StoreError, match="a store cannot be a") as raised:
        store_place(url)
    assert "s3cret" not in raised.value.message + redacted_place(url)
    assert "postgresql://USER@HOST/DATABASE" in raised.value.help
