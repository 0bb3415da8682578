"""Support bundles contain no secrets and only their owner can read them."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.follow.bundle import bundle_content, redact, write_bundle
from perimeter365.sources.diagnosis import Diagnosis

NOW = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)


def test_a_bundle_contains_no_secret_no_user_name_and_no_control_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "jane.doe"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("HTTPS_PROXY", "http://jane.doe:s3cret@proxy.test:8080")
    monkeypatch.setenv("PERIMETER365_STORE", "postgresql://jane.doe:s3cret@db.test/lists?sslkey=s3cret")
    value = (
        f"{home}/x.sqlite, http://jane.doe:s3cret@proxy.test:8080/path?token=s3cret, \x1b[31m\r\n\u202e, "
        f"postgresql://db:s3cret@h/d?password=s3cret; /var/jane.doe/y"
    )
    text = json.dumps(bundle_content([Diagnosis(id="x.y", message=value)], variables=os.environ, now=NOW))
    for word in ("s3cret", "jane.doe", "\\u001b", "\\r", "\\n", "\\u202e", str(home)):
        assert word not in text, word
    made = json.loads(text)
    assert made["findings"][0]["value"].startswith("~/x.sqlite, http://proxy.test:8080/path, ")
    assert {"HTTPS_PROXY", "PERIMETER365_STORE"} <= set(made["variables"])
    assert made["made"] == "2030-06-01T12:00:00+00:00"


@given(st.text(st.characters(exclude_characters="/?#@ \n"), min_size=1, max_size=20), st.text(max_size=20))
def test_user_and_password_of_a_url_are_removed(secret: str, rest: str) -> None:
    found = redact({"a": [f"https://u:{secret}@host.test/{rest}"]})["a"][0]
    assert found.startswith("https://host.test/")
    assert all(c.isprintable() for c in found)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_can_read_a_bundle_even_if_the_file_existed(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        write_bundle(path, {"a": 1})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {"a": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_a_bundle_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("old")
    with pytest.raises(TypeError):
        write_bundle(path, {"a": object()})
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
