"""`--version`: the version, the lists in force, the extras."""

import re
from datetime import UTC, datetime
from importlib.metadata import metadata

import pytest

from perimeter365 import __version__
from perimeter365.follow import doctor
from perimeter365.model.lookup import Index
from perimeter365.store.store import Store
from tests.cli.conftest import Cli

EXTRAS = sorted(set(metadata("perimeter365").get_all("Provides-Extra") or ()) - {"all"})


def test_each_embedded_list_is_named_with_date_and_age(cli: Cli) -> None:
    ran = cli("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"perimeter365 {__version__}\nlists in force:\n")
    for cloud, version in Index.embedded().versions.items():
        day = f"{version[:4]}-{version[4:6]}-{version[6:8]}"
        age = "closed on 2021-10-29" if cloud == "germany-2021" else r"not followed, \d+ days old"
        assert re.search(rf"^  {cloud} +{version}  embedded  {day}, {age}$", ran.out, re.MULTILINE)


def test_a_followed_list_is_as_old_as_its_last_look(synced: Cli) -> None:
    with Store() as store:
        store.set_note("sync.seen.worldwide", datetime.now(UTC).isoformat(timespec="seconds"))
    assert re.search(r"^  worldwide +2031010102  live      2031-01-01, read today$", synced("--version").out, re.MULTILINE)


def test_a_synced_and_a_pinned_list_are_named_as_such(synced: Cli) -> None:
    out = synced("--version").out
    assert re.search(r"^  worldwide +2031010102  live ", out, re.MULTILINE)
    assert re.search(r"^  china +\d{10}  embedded ", out, re.MULTILINE)
    synced("pin", "2030030300")
    assert re.search(r"^  worldwide +2030030300  pinned ", synced("--version").out, re.MULTILINE)


def test_the_store_counts_before_and_after_the_flag(synced: Cli) -> None:
    for words in (["--store", "no.sqlite", "--version"], ["--version", "--store", "no.sqlite"]):
        assert "2031010102" not in synced(*words).out


def test_a_damaged_store_is_named_and_does_not_fail(cli: Cli, tmp_path: object) -> None:
    ran = cli("--version", "--store", "/etc/passwd")
    assert (ran.code, "not readable: /etc/passwd is not a SQLite database" in ran.out) == (0, True)


def test_the_extras_are_listed_with_those_that_are_missing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"\nextras installed: {', '.join(EXTRAS)}\n" in cli("--version").out
    found = doctor.installed_version
    monkeypatch.setattr(doctor, "installed_version", lambda name: "" if name in ("apprise", "netaddr") else found(name))
    out = cli("--version").out
    assert "\nextras installed: parquet, postgres, serve\n" in out
    assert out.endswith("extras missing: mmdb, notify; pip install 'perimeter365[mmdb,notify]'\n")
