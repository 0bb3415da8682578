"""The checks of the path to the service, with the faulty test server and a proxy."""

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources import diagnosis
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis, diagnose_network
from perimeter365.sources.web_service import WebService
from tests.upstream import tls
from tests.upstream.proxy import Proxy
from tests.upstream.server import VERSION, Upstream

QUICK = FetchLimits(deadline=20, connect=10, read=10, attempts=1, wait=0.02)
IMPATIENT = FetchLimits(deadline=1, connect=0.5, read=0.5, attempts=1, wait=0.02)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def looked_at(service: WebService, **more: object) -> dict[str, Diagnosis]:
    return {finding.id: finding for finding in diagnose_network(service, **more)}  # type: ignore[arg-type]


OBSTACLES = {
    "429": "P365-RATE",
    "407": "P365-PROXY",
    "captive-portal": "P365-HTML",
    "html-with-200": "P365-HTML",
    "cut": "P365-TRUNCATED",
    "reset": "P365-UNREACHABLE",
    "503": "P365-UPSTREAM",
    "version-null": "P365-DATA",
    "silence": "P365-TIMEOUT",
}


@pytest.mark.parametrize("case", OBSTACLES)
def test_each_failure_has_its_code(case: str, tmp_path: Path) -> None:
    with Upstream(case) as server:
        limits = IMPATIENT if case == "silence" else QUICK
        found = looked_at(WebService(server.url, folder=tmp_path, limits=limits))["network.answer"]
    assert (found.verdict, found.code) == (FAIL, OBSTACLES[case])
    assert found.message.startswith(f"{OBSTACLES[case]}: ")
    assert found.remedy


def test_an_inspected_connection_is_reported_with_issuer_and_trust_store(tmp_path: Path) -> None:
    with Upstream(tls="tls-intercepted") as server:
        service = WebService(server.url, folder=tmp_path, limits=QUICK, ca_file=str(tls.write_root(tmp_path)))
        found = looked_at(service)
    assert found["network.trust"].message == "the file root.pem"
    assert found["network.answer"].code == "P365-TLS"
    assert "signed by 'Contoso Inspection Machine 7'" in found["network.answer"].message
    assert "it was checked against the file root.pem" in found["network.answer"].message


def test_when_all_is_well_all_is_ok(tmp_path: Path) -> None:
    with Upstream() as server:
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        assert [path.partition("?")[0] for path in server.log] == ["/version/Worldwide"]
    assert {f.verdict for f in found.values()} == {OK}
    assert list(found) == [f"network.{step}" for step in ("upstream", "trust", "proxy", "dns", "answer", "clock")]
    assert found["network.answer"].message == f"version {VERSION} of worldwide"
    assert "in sync" in found["network.clock"].message


def test_version_is_not_requested_twice_within_an_hour(tmp_path: Path) -> None:
    with Upstream() as server:
        service = WebService(server.url, folder=tmp_path, limits=QUICK)
        service.version(Cloud.WORLDWIDE)
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        assert len(server.log) == 1
        assert (
            "was read 0 minutes ago and is not requested again; a connection was opened" in found["network.answer"].message
        )
        assert "in sync" in found["network.clock"].message  # measured with the cached response
    away = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
    assert (away.verdict, away.code) == (FAIL, "P365-UNREACHABLE")


def test_a_request_of_the_doctor_counts_for_the_hour(tmp_path: Path) -> None:
    with Upstream() as server:
        looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        assert WebService(server.url, folder=tmp_path, limits=QUICK).version(Cloud.WORLDWIDE) == VERSION
        assert len(server.log) == 1


def test_nothing_is_connected_during_a_wait_time(tmp_path: Path) -> None:
    with Upstream("429") as server:
        looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        server.case = "honest"
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
        assert (found.code, len(server.log)) == ("P365-RATE", 1)
        assert "more seconds" in found.message


def test_offline_nothing_is_connected(tmp_path: Path) -> None:
    def nobody(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    with Upstream() as server:
        service = WebService(server.url, folder=tmp_path, limits=QUICK)
        found = looked_at(service, offline=True, resolve=nobody)
        assert server.log == []
    assert found["network.answer"].message == "not tried (--offline)"
    assert {f.verdict for f in found.values()} == {OK}


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (0, OK, "in sync"),
        (-200, OK, "ahead of"),
        (1000, WARN, "behind"),
        (-100_000, FAIL, "ahead of"),
        (200_000, FAIL, "behind"),
    ],
)
def test_a_wrong_clock_is_reported(ahead: float, verdict: str, words: str, tmp_path: Path) -> None:
    with Upstream() as server:
        server.skew = ahead
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.clock"]
    assert (found.verdict, words in found.message) == (verdict, True)
    assert bool(found.remedy) == (verdict != OK)
    assert found.limit


def test_an_unresolved_name_and_a_local_address_are_reported(tmp_path: Path) -> None:
    service = WebService("https://endpoints.test", folder=tmp_path, limits=QUICK)

    def none(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    for resolve, code in ((none, "P365-DNS"), (lambda host, port: ["127.0.0.1"], "P365-DATA")):
        service = WebService("https://endpoints.test", folder=tmp_path, limits=QUICK, resolve=resolve)
        found = looked_at(service, resolve=resolve)
        assert (found["network.dns"].verdict, found["network.dns"].code) == (FAIL, code)
        assert found["network.answer"].code == code


def test_a_name_server_without_an_answer_has_a_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "PATIENCE", 0.05)
    forever = threading.Event()

    def silent(host: str, port: int) -> Sequence[str]:
        forever.wait(30)
        return []

    service = WebService("https://endpoints.test", folder=tmp_path, limits=IMPATIENT, resolve=silent)
    found = looked_at(service, resolve=silent)
    forever.set()
    assert (found["network.dns"].code, found["network.answer"].code) == ("P365-DNS", "P365-TIMEOUT")


def test_the_proxy_is_shown_and_resolves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        Upstream(tls="tls") as server,
        Proxy(user="contoso", password="s3cret", hosts={"localhost": server.server_address}) as proxy,  # type: ignore[dict-item]
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        ca_file = str(tls.write_root(tmp_path))
        found = looked_at(WebService("https://localhost", folder=tmp_path, limits=QUICK, ca_file=ca_file))
        assert {f.verdict for f in found.values()} == {OK}
        assert found["network.proxy"].message.endswith(", with credentials")
        assert "the proxy resolves localhost" in found["network.dns"].message
        assert "s3cret" not in str(found)
        assert "contoso" not in str(found)
        again = looked_at(WebService("https://localhost", folder=tmp_path, limits=QUICK, ca_file=ca_file))
        assert "a connection was opened" in again["network.answer"].message
        proxy.password = "changed"
        wrong = looked_at(WebService("https://localhost", folder=tmp_path, limits=QUICK, ca_file=ca_file))
        assert wrong["network.answer"].code == "P365-PROXY"
    monkeypatch.setenv("NO_PROXY", "localhost")
    found = looked_at(WebService("https://localhost", folder=tmp_path), offline=True)
    assert found["network.proxy"].message == "none (NO_PROXY contains this host)"


def test_a_bundle_that_only_other_programs_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "company.pem"))
    found = looked_at(WebService(folder=tmp_path), offline=True)["network.trust"]
    assert (found.verdict, "REQUESTS_CA_BUNDLE is set but not used" in found.message) == (WARN, True)
    assert "SSL_CERT_FILE" in found.remedy


@pytest.mark.parametrize(
    "proxy", ["http://u:s3cret@[::1", "http://u:s3cret@proxy:99999", "http://", "u:s3cret@two words:80"]
)
def test_an_invalid_proxy_address_is_reported(proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream() as server:
        looked_at(
            WebService(server.url, folder=tmp_path, limits=QUICK)
        )  # a cached response, so the next check only opens a connection
        for folder in (tmp_path, tmp_path / "fresh"):
            monkeypatch.setenv("HTTP_PROXY", proxy)
            found = looked_at(WebService(server.url, folder=folder, limits=QUICK))
            monkeypatch.delenv("HTTP_PROXY")
            assert found["network.proxy"].verdict == FAIL
            assert "HTTPS_PROXY" in found["network.proxy"].remedy
            assert found["network.dns"].message == "not tried: the address of the proxy is not valid"
            assert found["network.answer"].code == "P365-UNREACHABLE"
            assert "s3cret" not in str(found)


def test_a_file_of_logins_that_cannot_be_read_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "nosuch"))
    with Upstream() as server:
        answer = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
        assert server.log == []
    assert (answer.verdict, answer.code, answer.remedy) == (FAIL, "P365-INPUT", "correct the file, or unset NETRC")
