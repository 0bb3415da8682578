"""The client of the web service with the faulty test server: accepted responses, and the error of each fault."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from perimeter365.errors import InputError, RateLimitedError, UpstreamDataError, UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.reading import HELP
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources.web_service import WebService, installation_id
from perimeter365.wire.read import UnknownSet
from tests.upstream.answers import CASES, JUDGED, TOLERATED
from tests.upstream.bodies import FAULTY_BODIES
from tests.upstream.server import VERSION, Upstream

QUICK = FetchLimits(deadline=20, connect=10, read=10, attempts=2, wait=0.02)
"""For immediate responses, also on a busy machine."""
IMPATIENT = FetchLimits(deadline=1.5, connect=0.5, read=0.5, attempts=2, wait=0.02)
"""For responses that never arrive."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def service(upstream: Upstream, tmp_path: Path) -> WebService:
    return WebService(upstream.url, folder=tmp_path, limits=QUICK)


def test_version_list_and_changes_match_the_server(service: WebService, upstream: Upstream) -> None:
    upstream.changes = [{"id": 1, "endpointSetId": 31, "disposition": "Add", "version": "2018062700"}]
    state, unknown = service.state(Cloud.WORLDWIDE)
    assert (state.version, state.origin, len(state.sets), unknown) == (VERSION, "live", len(upstream.items), {})
    assert [c.endpoint_set for c in service.changes(Cloud.WORLDWIDE, "2018062000")] == [31]
    assert upstream.log[-1].startswith("/changes/Worldwide/2018062000?")


def test_version_is_asked_once_an_hour_across_processes(upstream: Upstream, tmp_path: Path) -> None:
    now = [1000.0]

    def made() -> WebService:
        return WebService(upstream.url, folder=tmp_path, limits=QUICK, clock=lambda: now[0])

    for at, asked in ((1000.0, 1), (4000.0, 1), (4700.0, 2), (500.0, 3)):  # the last: a clock that was set back
        now[0] = at
        assert made().version(Cloud.WORLDWIDE) == VERSION
        assert len(upstream.log) == asked


def test_an_unchanged_document_is_not_sent_again(service: WebService, upstream: Upstream) -> None:
    first = service.endpoints(Cloud.WORLDWIDE)
    for kept in service.folder.glob("answers/*.json"):
        assert "ClientRequestId" not in kept.read_text("utf-8")
    upstream.items = list(upstream.items)
    assert service.endpoints(Cloud.WORLDWIDE) == first
    upstream.items = upstream.items[:-1]
    assert len(service.endpoints(Cloud.WORLDWIDE).sets) == len(first.sets) - 1


@pytest.mark.parametrize(
    "part",
    [
        {"body": 7},
        {"body": "[]"},
        {"at": 1e999},
        {"etag": None},
        {"etag": 'a"\r\nX-Injected: b'},
        {"etag": "\u4e2d"},
        {"modified": "\x00"},
        {"skew": "now"},
        {"sha256": ""},
    ],
)
def test_a_damaged_cached_response_is_requested_again(
    service: WebService, upstream: Upstream, part: dict[str, object]
) -> None:
    first = service.endpoints(Cloud.WORLDWIDE)
    (kept,) = service.folder.glob("answers/*.json")
    kept.write_text(json.dumps(json.loads(kept.read_text("utf-8")) | part), "utf-8")
    assert service.endpoints(Cloud.WORLDWIDE) == first
    assert len(upstream.log) == 2


def test_an_installation_has_one_client_id(service: WebService, upstream: Upstream, tmp_path: Path) -> None:
    service.endpoints(Cloud.WORLDWIDE)
    WebService(upstream.url, folder=tmp_path, limits=QUICK).endpoints(Cloud.CHINA)
    ids = {path.partition("ClientRequestId=")[2] for path in upstream.log}
    assert ids == {installation_id(tmp_path)}
    (tmp_path / "client-id").write_text("damaged")
    assert installation_id(tmp_path) == installation_id(tmp_path) not in ids


TOLD = {
    "drip": "P365-TIMEOUT",
    "drip-head": "P365-TIMEOUT",
    "silence": "P365-TIMEOUT",
    "continue-forever": "P365-TIMEOUT",
    "endless": "P365-DATA",
    "header-flood": "P365-DATA",
    "header-long": "P365-DATA",
    "gzip-bomb": "P365-DATA",
    "gzip-damaged": "P365-TRUNCATED",
    "gzip-cut": "P365-TRUNCATED",
    "nested-encodings": "P365-DATA",
    "many-encodings": "P365-DATA",
    "encoding-not-asked-for": "P365-DATA",
    "redirect-loop": "P365-DATA",
    "redirect-to-another-host": "P365-DATA",
    "redirect-to-a-file": "P365-DATA",
    "redirect-to-loopback": "P365-DATA",
    "redirect-to-loopback-ipv6": "P365-DATA",
    "redirect-to-another-port": "P365-DATA",
    "redirect-to-credentials": "P365-DATA",
    "redirect-to-link-local": "P365-DATA",
    "redirect-to-nowhere": "P365-DATA",
    "redirect-port-too-large": "P365-DATA",
    "redirect-port-not-a-number": "P365-DATA",
    "redirect-unclosed-bracket": "P365-DATA",
    "redirect-zone-id": "P365-DATA",
    "redirect-empty-label": "P365-DATA",
    "redirect-long-label": "P365-DATA",
    "redirect-bytes-in-the-name": "P365-DATA",
    "redirect-bytes-in-the-path": "P365-DATA",
    "redirect-bad-punycode": "P365-DATA",
    "redirect-control-bytes": "P365-DATA",
    "redirect-folded": "P365-DATA",
    "redirect-endless": "P365-DATA",
    "429": "P365-RATE",
    "503": "P365-UPSTREAM",
    "500-json": "P365-UPSTREAM",
    "400": "P365-DATA",
    "401": "P365-DATA",
    "404": "P365-DATA",
    "204": "P365-DATA",
    "206": "P365-DATA",
    "304-not-asked": "P365-DATA",
    "407": "P365-PROXY",
    "html-with-200": "P365-HTML",
    "html-as-json": "P365-HTML",
    "captive-portal": "P365-HTML",
    "block-page": "P365-HTML",
    "cut": "P365-TRUNCATED",
    "length-too-short": "P365-TRUNCATED",
    "cut-with-etag": "P365-TRUNCATED",
    "cut-chunks": "P365-TRUNCATED",
    "bad-chunks": "P365-TRUNCATED",
    "reset": "P365-UNREACHABLE",
    "closed": "P365-UNREACHABLE",
    "not-http": "P365-DATA",
    "status-nonsense": "P365-DATA",
    "http-0.9": "P365-DATA",
    "http-3": "P365-DATA",
    "status-superscript": "P365-DATA",
    "length-negative": "P365-DATA",
    "length-huge": "P365-DATA",
    "length-of-5000-digits": "P365-DATA",
    "length-superscript": "P365-DATA",
    "length-not-a-number": "P365-DATA",
    "length-twice": "P365-DATA",
    "length-of-gigabytes": "P365-DATA",
    "chunk-negative": "P365-DATA",
    "chunk-negative-and-huge": "P365-DATA",
    "chunk-huge": "P365-TRUNCATED",
    "chunks-of-one-byte": "P365-DATA",
    "trailers-without-end": "P365-DATA",
    "unknown-area-everywhere": "P365-DATA",
    "unknown-area-empty": "P365-DATA",
    "version-fast-forward": "P365-DATA",
    "version-not-a-day": "P365-DATA",
    "version-null": "P365-DATA",
    "version-empty": "P365-TRUNCATED",
    "version-list": "P365-DATA",
    "version-missing": "P365-DATA",
    "version-latest-is-a-number": "P365-DATA",
    "version-latest-is-null": "P365-DATA",
    "version-latest-twice": "P365-DATA",
    "version-of-another-cloud": "P365-DATA",
    "version-has-unicode-digits": "P365-DATA",
    "mix-and-match": "P365-DATA",
}
"""Case of the test server -> the code of the expected error."""


def test_every_case_is_an_error_or_accepted_or_tested_elsewhere() -> None:
    waits = {case for case in CASES if case.startswith("429-")}  # see the tests of wait times
    assert set(TOLD) == CASES.keys() - TOLERATED - JUDGED - waits


@pytest.mark.parametrize("case", TOLD)
def test_each_failure_has_its_error_within_the_time_limit(upstream: Upstream, tmp_path: Path, case: str) -> None:
    def service(folder: str, limits: FetchLimits) -> WebService:
        return WebService(upstream.url, folder=tmp_path / folder, limits=limits)

    upstream.case = case
    limits = IMPATIENT if TOLD[case] == "P365-TIMEOUT" else QUICK
    started = time.monotonic()
    with pytest.raises(UpstreamError) as caught:
        service("a", limits).state(Cloud.WORLDWIDE)
    assert time.monotonic() - started < limits.deadline + 10  # a margin for other tests at the same time
    assert caught.value.code == TOLD[case]
    assert caught.value.exit_code == 3
    assert caught.value.message.isprintable()
    assert caught.value.help != HELP  # a reader foresaw it
    upstream.case = "honest"
    if not case.startswith("429"):
        assert service("a", QUICK).state(Cloud.WORLDWIDE)[0].version == VERSION  # the fault was not cached


@pytest.mark.parametrize("case", sorted(TOLERATED))
def test_harmless_deviations_are_accepted(service: WebService, upstream: Upstream, case: str) -> None:
    upstream.case = case
    state, unknown = service.state(Cloud.WORLDWIDE)
    assert len(state.sets) == len(upstream.items)
    assert unknown == ({"color": len(upstream.items)} if case == "unknown-keys" else {})


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [
        ("429", 3600, 3600),
        ("429-a-day", 86400, 86400),
        ("429-a-month", 86400, 86400),
        ("429-negative", 3600, 3600),
        ("429-words", 3600, 3600),
        ("429-date", 500, 600),
    ],
)
def test_the_wait_time_of_a_429_is_respected(
    service: WebService, upstream: Upstream, case: str, low: float, high: float
) -> None:
    upstream.case = case
    with pytest.raises(RateLimitedError) as caught:
        service.endpoints(Cloud.WORLDWIDE)
    assert low <= caught.value.retry_after <= high
    with pytest.raises(RateLimitedError):
        service.endpoints(Cloud.WORLDWIDE)
    assert len(upstream.log) == 1  # the second request was not sent


def test_the_wait_time_applies_to_every_process(upstream: Upstream, tmp_path: Path) -> None:
    now = [1_000_000.0]

    def ask(folder: Path = tmp_path, url: str = upstream.url) -> WebService:
        made = WebService(url, folder=folder, limits=QUICK, clock=lambda: now[0])
        made.version(Cloud.CHINA, fresh=True)
        return made

    upstream.case = "429-date"
    with pytest.raises(RateLimitedError) as first:
        ask()
    upstream.case = "honest"
    asked = len(upstream.log)
    for later, left in ((0, first.value.retry_after), (5, first.value.retry_after - 5)):
        now[0] = 1_000_000 + later
        with pytest.raises(RateLimitedError) as caught:
            ask()
        assert caught.value.retry_after == pytest.approx(left)
    assert len(upstream.log) == asked
    assert ask(tmp_path / "other").seconds_to_wait == 0  # another installation
    assert ask(url=upstream.url.replace("127.0.0.1", "localhost")).seconds_to_wait == 0  # another upstream
    for at in (1_000_000 + first.value.retry_after + 1, 1_000_000 - 90_000):  # the time is over, or the clock was set back
        now[0] = at
        assert ask().seconds_to_wait == 0
    for kept in tmp_path.glob("answers/*.json"):
        kept.write_text('{"until": "soon"}')
    now[0] = 1_000_001
    assert ask().seconds_to_wait == 0  # the file is damaged


def test_the_clock_skew_of_upstream_is_measured(service: WebService, upstream: Upstream) -> None:
    service.version(Cloud.WORLDWIDE)
    assert service.skew == pytest.approx(0, abs=60)
    upstream.skew = 86_400
    service.version(Cloud.WORLDWIDE, fresh=True)
    assert service.skew == pytest.approx(86_400, abs=60)


def test_every_process_knows_the_time_of_the_last_version_request(upstream: Upstream, tmp_path: Path) -> None:
    now = [1000.0]
    service = WebService(upstream.url, folder=tmp_path, limits=QUICK, clock=lambda: now[0])
    assert service.seconds_since_answer(Cloud.WORLDWIDE) == float("inf")
    service.check_connection()
    assert (service.seconds_since_answer(Cloud.WORLDWIDE), upstream.log) == (float("inf"), [])  # no request is sent
    service.version(Cloud.WORLDWIDE)
    now[0] = 1060.0
    assert service.seconds_since_answer(Cloud.WORLDWIDE) == 60
    now[0] = 900.0
    assert service.seconds_since_answer(Cloud.WORLDWIDE) == float("inf")


def test_a_name_with_a_local_address_is_refused(upstream: Upstream, tmp_path: Path) -> None:
    def here(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    url = upstream.url.replace("127.0.0.1", "endpoints.test")
    with pytest.raises(UpstreamDataError, match=r"resolves to 127\.0\.0\.1"):
        WebService(url, folder=tmp_path, limits=QUICK, resolve=here).version(Cloud.WORLDWIDE)
    assert upstream.log == []


@pytest.mark.parametrize("case", sorted(case for case in CASES if case.startswith("changes-")))
def test_invalid_change_records_are_refused(service: WebService, upstream: Upstream, case: str) -> None:
    upstream.case = case
    with pytest.raises(UpstreamError):
        service.changes(Cloud.WORLDWIDE)


@pytest.mark.parametrize("case", sorted(FAULTY_BODIES)[::9])
def test_an_invalid_body_is_refused_over_http_too(service: WebService, upstream: Upstream, case: str) -> None:
    upstream.case = case
    with pytest.raises(UpstreamError):
        service.state(Cloud.WORLDWIDE)


def test_a_refused_connection_is_an_error(tmp_path: Path) -> None:
    with Upstream() as server:
        url = server.url
    with pytest.raises(UpstreamError, match="refused") as caught:
        WebService(url, folder=tmp_path, limits=QUICK).version(Cloud.WORLDWIDE)
    assert caught.value.code == "P365-UNREACHABLE"


def test_a_folder_that_cannot_be_written_does_not_matter(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert WebService(upstream.url, folder=tmp_path / "file", limits=QUICK).version(Cloud.WORLDWIDE) == VERSION


@pytest.mark.parametrize("url", ["endpoints.office.com", "file:///etc", "https://user:secret@endpoints.office.com", ""])
def test_an_invalid_address_is_refused_without_its_secret(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not url:
        assert WebService().base_url == "https://endpoints.office.com"
        return
    with pytest.raises(InputError) as caught:
        WebService(url)
    assert "secret" not in str(caught.value)


def test_changes_since_nothing_are_refused(service: WebService) -> None:
    with pytest.raises(UpstreamDataError, match="is not a version"):
        service.changes(Cloud.WORLDWIDE, "yesterday")


def test_sets_with_an_unknown_area_are_reported_for_the_last_list(service: WebService, upstream: Upstream) -> None:
    assert service.unreadable(Cloud.WORLDWIDE) == ()
    upstream.case = "unknown-area"
    state, _ = service.state(Cloud.WORLDWIDE)
    unknown = (UnknownSet(id=7777, key="serviceArea", word="Gaming"),)
    assert 7777 not in state.by_id
    assert (service.unreadable(Cloud.WORLDWIDE), service.unreadable(Cloud.CHINA)) == (unknown, ())
    assert service.endpoints(Cloud.WORLDWIDE).unreadable == unknown  # also from the cached response (304)
    upstream.case = "honest"
    service.state(Cloud.WORLDWIDE)
    assert service.unreadable(Cloud.WORLDWIDE) == ()


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"at": ' + b"9" * 5000 + b"}", b"\xff\x00", b'{"etag": "\\ud800"}', b""]
)
def test_a_hostile_cache_costs_only_a_request(service: WebService, upstream: Upstream, content: bytes) -> None:
    service.version(Cloud.WORLDWIDE)
    for kept in service.folder.glob("answers/*.json"):
        kept.write_bytes(content)
    service._wait_file.write_bytes(content)
    assert service.seconds_to_wait == 0
    assert service.version(Cloud.WORLDWIDE) == VERSION
    assert len(upstream.log) == 2


def test_a_cached_page_is_requested_again(service: WebService, upstream: Upstream) -> None:
    """A cache whose sum is correct and whose body an earlier release accepted."""
    service.version(Cloud.WORLDWIDE)
    (kept,) = service.folder.glob("answers/*.json")
    body = "<html>"
    changed = {"body": body, "sha256": hashlib.sha256(body.encode()).hexdigest()}
    kept.write_text(json.dumps(json.loads(kept.read_text("utf-8")) | changed | {"etag": ""}), "utf-8")
    assert service.version(Cloud.WORLDWIDE) == VERSION
    assert len(upstream.log) == 2


def test_a_defect_of_a_parser_is_an_error_of_upstream_and_not_cached(
    service: WebService, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise AttributeError("s3cret")

    with monkeypatch.context() as patch:
        patch.setattr("perimeter365.sources.web_service.parse_version", broken)
        with pytest.raises(UpstreamDataError) as caught:
            service.version(Cloud.WORLDWIDE)
    assert caught.value.help == HELP
    assert "AttributeError in perimeter365.sources.web_service:" in caught.value.message
    assert "s3cret" not in caught.value.message
    assert service.version(Cloud.WORLDWIDE) == VERSION
