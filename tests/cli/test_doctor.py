"""`doctor`: output, network connections and exit codes."""

import json
import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

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


def test_the_table_has_the_verdict_and_stderr_the_remedy(cli: Cli, upstream: Upstream) -> None:
    upstream.case = "captive-portal"
    ran = cli("doctor", "--base-url", upstream.url)
    (line,) = (line for line in ran.out.splitlines() if "network.answer" in line)
    assert line.split()[:3] == ["fail", "network.answer", "P365-HTML:"]
    assert "help: open the address in a browser on this machine" in ran.err
    assert ran.code == 3


def test_only_the_upstream_of_the_environment_is_contacted(
    cli: Cli, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacted: list[object] = []
    connect = socket.create_connection

    def recorded(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        contacted.append(address)
        return connect(address, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", recorded)
    monkeypatch.setenv("PERIMETER365_UPSTREAM", upstream.url)
    assert cli("doctor").code == 0
    assert set(contacted) == {upstream.server_address}


def test_offline_nothing_is_contacted_and_nothing_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    ran = cli("doctor", "--offline", "--json")
    assert (ran.code, findings(ran.out)["network.answer"]["value"]) == (0, "not tried (--offline)")


def test_a_damaged_store_fails_and_the_other_checks_still_run(cli: Cli, upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no database")
    ran = cli("doctor", "--base-url", upstream.url, "--store", str(tmp_path / "store.sqlite"), "--json")
    found = findings(ran.out)
    assert (ran.code, found["store"]["verdict"], found["network.answer"]["verdict"]) == (1, "fail", "ok")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_the_bundle_is_readable_by_its_owner_only_and_has_no_secrets(
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


def test_a_bundle_that_cannot_be_written_is_an_error(cli: Cli) -> None:
    ran = cli("doctor", "--offline", "--bundle", "nowhere/bundle.json")
    assert (ran.code, "error[P365-OUTPUT]: nowhere/bundle.json" in ran.err) == (2, True)


def test_an_invalid_address_is_an_input_error(cli: Cli) -> None:
    ran = cli("doctor", "--base-url", "ftp://mirror.test")
    assert (ran.code, "is not an address such as" in ran.err) == (2, True)


@pytest.mark.parametrize(("days", "verdict"), [(90, "ok"), (20, "warn"), (-1, "fail")])
def test_the_certificate_of_the_service_is_checked_if_variables_name_it(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, verdict: str
) -> None:
    now = datetime.now(UTC)
    made = trustme.CA().issue_cert("mirror.example", not_before=now - timedelta(30), not_after=now + timedelta(days, 60))
    (tmp_path / "chain.pem").write_bytes(made.cert_chain_pems[0].bytes())
    (tmp_path / "key.pem").write_bytes(made.private_key_pem.bytes())
    monkeypatch.setenv("PERIMETER365_SERVE_TLS_CERT", str(tmp_path / "chain.pem"))
    assert "serve.certificate" not in findings(cli("doctor", "--offline", "--json").out)
    monkeypatch.setenv("PERIMETER365_SERVE_TLS_KEY", str(tmp_path / "key.pem"))
    assert findings(cli("doctor", "--offline", "--json").out)["serve.certificate"]["verdict"] == verdict
