"""`doctor`: what it prints, what it dials, and its exit codes."""

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.upstream.proxy import Proxy
from tests.upstream.server import Upstream


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


def findings(out: str) -> dict[str, dict[str, Any]]:
    return {finding["id"]: finding for finding in json.loads(out)["findings"]}


def test_one_json_document_with_every_finding(cli: Cli, upstream: Upstream) -> None:
    ran = cli("doctor", "--base-url", upstream.url, "--json")
    found = findings(ran.out)
    assert ran.code == json.loads(ran.out)["exit_code"] == 0
    assert {"verdict", "value", "limit", "remedy", "code", "id"} == set(found["network.answer"])
    assert {finding["verdict"] for finding in found.values()} <= {"ok", "warn"}
    assert found["network.upstream"]["value"] == f"{upstream.url}, a mirror"
    assert len(upstream.log) == 1


def test_the_table_says_the_verdict_in_words_and_stderr_the_remedy(cli: Cli, upstream: Upstream) -> None:
    upstream.case = "captive-portal"
    ran = cli("doctor", "--base-url", upstream.url)
    (line,) = (line for line in ran.out.splitlines() if "network.answer" in line)
    assert line.split()[:3] == ["fail", "network.answer", "P365-HTML:"]
    assert "help: open the address in a browser on this machine" in ran.err
    assert ran.code == 3


def test_the_environments_upstream_is_the_one_that_is_dialed(
    cli: Cli, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialed: list[object] = []
    dial = socket.create_connection

    def noted(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        dialed.append(address)
        return dial(address, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", noted)
    monkeypatch.setenv("PERIMETER365_UPSTREAM", upstream.url)
    assert cli("doctor").code == 0
    assert set(dialed) == {upstream.server_address}


def test_offline_nothing_is_dialed_and_nothing_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", nobody)
    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    ran = cli("doctor", "--offline", "--json")
    assert (ran.code, findings(ran.out)["network.answer"]["value"]) == (0, "not tried (--offline)")


def test_a_broken_store_fails_and_the_rest_is_still_said(cli: Cli, upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no database")
    ran = cli("doctor", "--base-url", upstream.url, "--store", str(tmp_path / "store.sqlite"), "--json")
    found = findings(ran.out)
    assert (ran.code, found["store"]["verdict"], found["network.answer"]["verdict"]) == (1, "fail", "ok")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_bundle_is_written_for_its_owner_and_without_secrets(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(user="jane.doe", password="s3cret") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("s3cret", "s3cret-but-wrong"))
        ran = cli("doctor", "--base-url", "https://endpoints.test", "--bundle", "bundle.json")
    assert ran.code == 3
    path = tmp_path / "bundle.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = {finding["id"]: finding for finding in json.loads(path.read_text())["findings"]}
    assert found["network.answer"]["code"] == "P365-PROXY"
    assert found["path.store"]["value"].startswith("~/")
    for text in (path.read_text(), ran.out, ran.err):
        assert "s3cret" not in text
        assert "jane.doe" not in text


def test_a_bundle_that_cannot_be_written_is_said(cli: Cli) -> None:
    ran = cli("doctor", "--offline", "--bundle", "nowhere/bundle.json")
    assert (ran.code, "error[P365-OUTPUT]: nowhere/bundle.json" in ran.err) == (2, True)


def test_an_address_that_is_none_is_wrong_input(cli: Cli) -> None:
    ran = cli("doctor", "--base-url", "ftp://mirror.test")
    assert (ran.code, "is not an address such as" in ran.err) == (2, True)
