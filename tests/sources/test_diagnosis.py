"""What stands in the way is found step by step, against the lying upstream and a proxy."""

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources import diagnosis
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis, network
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
    return {finding.id: finding for finding in network(service, **more)}  # type: ignore[arg-type]


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
def test_each_obstacle_is_told_apart(case: str, tmp_path: Path) -> None:
    with Upstream(case) as server:
        limits = IMPATIENT if case == "silence" else QUICK
        found = looked_at(WebService(server.url, folder=tmp_path, limits=limits))["network.answer"]
    assert (found.verdict, found.code) == (FAIL, OBSTACLES[case])
    assert found.message.startswith(f"{OBSTACLES[case]}: ")
    assert found.remedy


def test_an_inspected_connection_is_told_with_issuer_and_store(tmp_path: Path) -> None:
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
    assert "in step" in found["network.clock"].message


def test_the_hour_between_two_questions_holds(tmp_path: Path) -> None:
    with Upstream() as server:
        service = WebService(server.url, folder=tmp_path, limits=QUICK)
        service.version(Cloud.WORLDWIDE)
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        assert len(server.log) == 1
        assert "came 0 minutes ago and is not asked for again; a connection was made" in found["network.answer"].message
        assert "in step" in found["network.clock"].message  # as measured then
    away = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
    assert (away.verdict, away.code) == (FAIL, "P365-UNREACHABLE")


def test_what_the_doctor_asked_counts_for_the_hour_of_others(tmp_path: Path) -> None:
    with Upstream() as server:
        looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        assert WebService(server.url, folder=tmp_path, limits=QUICK).version(Cloud.WORLDWIDE) == VERSION
        assert len(server.log) == 1


def test_nothing_is_dialed_while_a_wait_is_not_over(tmp_path: Path) -> None:
    with Upstream("429") as server:
        looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))
        server.case = "honest"
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
        assert (found.code, len(server.log)) == ("P365-RATE", 1)
        assert "seconds from now" in found.message


def test_offline_nothing_is_dialed(tmp_path: Path) -> None:
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
        (0, OK, "in step"),
        (-200, OK, "ahead of"),
        (1000, WARN, "behind"),
        (-100_000, FAIL, "ahead of"),
        (200_000, FAIL, "behind"),
    ],
)
def test_a_wrong_clock_is_told(ahead: float, verdict: str, words: str, tmp_path: Path) -> None:
    with Upstream() as server:
        server.skew = ahead
        found = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.clock"]
    assert (found.verdict, words in found.message) == (verdict, True)
    assert bool(found.remedy) == (verdict != OK)
    assert found.limit


def test_a_name_that_does_not_resolve_or_leads_to_this_machine_is_told(tmp_path: Path) -> None:
    service = WebService("https://endpoints.test", folder=tmp_path, limits=QUICK)

    def none(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    for resolve, code in ((none, "P365-DNS"), (lambda host, port: ["127.0.0.1"], "P365-DATA")):
        service = WebService("https://endpoints.test", folder=tmp_path, limits=QUICK, resolve=resolve)
        found = looked_at(service, resolve=resolve)
        assert (found["network.dns"].verdict, found["network.dns"].code) == (FAIL, code)
        assert found["network.answer"].code == code


def test_a_name_server_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
        assert "a connection was made" in again["network.answer"].message
        proxy.password = "changed"
        wrong = looked_at(WebService("https://localhost", folder=tmp_path, limits=QUICK, ca_file=ca_file))
        assert wrong["network.answer"].code == "P365-PROXY"
    monkeypatch.setenv("NO_PROXY", "localhost")
    found = looked_at(WebService("https://localhost", folder=tmp_path), offline=True)
    assert found["network.proxy"].message == "none (NO_PROXY spares this host)"


def test_a_bundle_that_only_other_programs_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "company.pem"))
    found = looked_at(WebService(folder=tmp_path), offline=True)["network.trust"]
    assert (found.verdict, "REQUESTS_CA_BUNDLE is set, and not read" in found.message) == (WARN, True)
    assert "SSL_CERT_FILE" in found.remedy


@pytest.mark.parametrize(
    "proxy", ["http://u:s3cret@[::1", "http://u:s3cret@proxy:99999", "http://", "u:s3cret@two words:80"]
)
def test_a_proxy_whose_address_cannot_be_read_is_told(proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream() as server:
        looked_at(
            WebService(server.url, folder=tmp_path, limits=QUICK)
        )  # an answer is kept, so that next time only a line is tried
        for folder in (tmp_path, tmp_path / "fresh"):
            monkeypatch.setenv("HTTP_PROXY", proxy)
            found = looked_at(WebService(server.url, folder=folder, limits=QUICK))
            monkeypatch.delenv("HTTP_PROXY")
            assert found["network.proxy"].verdict == FAIL
            assert "HTTPS_PROXY" in found["network.proxy"].remedy
            assert found["network.dns"].message == "not tried: the address of the proxy cannot be read"
            assert found["network.answer"].code == "P365-UNREACHABLE"
            assert "s3cret" not in str(found)


def test_a_file_of_logins_that_cannot_be_read_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "nosuch"))
    with Upstream() as server:
        answer = looked_at(WebService(server.url, folder=tmp_path, limits=QUICK))["network.answer"]
        assert server.log == []
    assert (answer.verdict, answer.code, answer.remedy) == (FAIL, "P365-INPUT", "correct the file, or unset NETRC")
