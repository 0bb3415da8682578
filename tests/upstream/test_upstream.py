"""Tests of the faulty upstream itself: a case without a fault would let every client pass."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.sources.embedded import embedded
from perimeter365.sources.page.compare import compare_page
from perimeter365.sources.page.copy import fetch_page
from perimeter365.sources.page.reader import extract
from perimeter365.wire.read import parse_changes, parse_endpoints
from tests.upstream import pages
from tests.upstream.answers import CASES, JUDGED, TOLERATED
from tests.upstream.bodies import FAULTY_BODIES, encode, grown, honest
from tests.upstream.pages import ATTACKER, PAGES
from tests.upstream.replay import changes, recorded
from tests.upstream.server import ALL, VERSION, Upstream
from tests.upstream.tls import TLS

ROOT = Path(__file__).resolve().parents[2]
SERIES = ROOT / "tests" / "history" / "data" / "series"
REFERENCE = ROOT.parent / "shared" / "data" / "web-service"

RELIABILITY = {
    "drip feed": ("drip", "drip-head"),
    "endless body": ("endless",),
    "gzip and nested encodings": ("gzip-bomb", "nested-encodings", "many-encodings"),
    "redirects": ("redirect-loop", "redirect-to-another-host", "redirect-to-a-file", "redirect-to-loopback"),
    "redirect to link-local": ("redirect-to-link-local",),
    "429": ("429-a-day", "429-negative", "429-date"),
    "503 flapping": ("503-flapping",),
    "versions": ("version-rollback", "version-freeze", "version-fast-forward", "mix-and-match"),
    "JSON": ("truncated-json", "depth", "million-digit-number", "lone-surrogate", "byte-order-mark", "nul", "duplicate-key"),
    "fields": ("field-id-missing", "field-id-is-null", "field-id-is-a-list-of-null", "duplicate-urls", "id-reused"),
    "prefixes": (
        "prefix-dotted-wildcard-mask",
        "prefix-zone-id",
        "prefix-mapped",
        "prefix-host-bits",
        "prefix-unicode-digits",
    ),
    "everything": ("prefix-halves-in-one-set", "prefix-halves-of-ipv6", "prefix-everything", "prefix-parts-over-sets"),
    "names": (
        "host-star",
        "host-star-com",
        "host-homoglyph",
        "host-254-characters",
        "host-crlf",
        "host-comment",
        "host-quotes",
    ),
    "not data": ("html-with-200", "captive-portal", "empty-list", "null", "204"),
    "pages": ("page-quadratic", "page-hidden-row"),
    "growth": ("slow-growth",),
    "TLS": tuple(name for name, way in TLS.items() if not way.tolerated),
}
"""Topic of docs/reliability -> its cases."""


def get(url: str) -> Any:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.read()


def post(url: str) -> int:
    request = urllib.request.Request(url, method="POST")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_every_attack_has_its_case() -> None:
    known = {*ALL, *TLS}
    for attack, cases in RELIABILITY.items():
        assert set(cases) <= known, attack
    assert sum(not way.tolerated for way in TLS.values()) >= 10


def test_every_case_has_a_meaning_and_a_unique_name() -> None:
    assert set(ALL) == {*CASES, *FAULTY_BODIES, *PAGES}
    assert len(ALL) == len(CASES) + len(FAULTY_BODIES) + len(PAGES)
    for name, meaning in {**ALL, **{name: way.meaning for name, way in TLS.items()}}.items():
        assert meaning, name
        assert meaning.isprintable(), name
    assert CASES.keys() >= TOLERATED | JUDGED
    assert not TOLERATED & JUDGED


def test_every_faulty_body_differs_from_the_correct_one() -> None:
    truth = encode(honest())
    assert [name for name, make in FAULTY_BODIES.items() if make(honest()) == truth] == []


def test_the_correct_page_has_the_25_rows_and_faulty_pages_differ() -> None:
    text = pages.page()
    found = extract(text)
    assert set(found.rows) == set(embedded().rows)
    assert not found.unknown_rows
    graph = compare_page(found, embedded())[23]
    assert (graph.added, len(graph.removed)) == ((), 0)
    assert len(graph.tokens.prefixes) > 20
    assert [name for name, make in PAGES.items() if make(text) == text.encode()] == []


HIDDEN = [name for name in PAGES if name.endswith(("-row", "-row-for-machines"))]


@pytest.mark.parametrize("case", HIDDEN)
def test_a_hidden_row_is_ignored(case: str) -> None:
    body = PAGES[case](pages.page())
    assert ATTACKER.encode() in body
    assert ATTACKER not in [token for row in extract(body).rows.values() for token in row.prefixes]


@pytest.mark.parametrize("case", PAGES)
def test_a_faulty_page_is_rejected_or_read_without_the_fault(case: str) -> None:
    with Upstream(case) as server:
        try:
            copy = fetch_page(f"{server.url}/en-us{pages.PATH}")
            found = extract(copy.body, charset=copy.charset)
        except UpstreamError:
            assert case not in HIDDEN
        else:
            assert ATTACKER not in [token for row in found.rows.values() for token in row.prefixes]
            assert not found.unknown_rows


def test_growth_is_exponential() -> None:
    items = honest()
    count = [sum(len(i.get("urls", [])) + len(i.get("ips", [])) for i in grown(items, cycle)) for cycle in (0, 1, 100, 1000)]
    assert [round(n / count[0], 1) for n in count] == [1.0, 1.0, 1.5, 54.2]
    assert count[1] - count[0] == round(count[0] * 0.004)
    assert grown(items, 0) == items
    with Upstream("slow-growth") as server:
        server.cycle = 30
        assert json.loads(get(f"{server.url}/version/Worldwide"))["latest"] == "2026080306"
        want = parse_endpoints(encode(grown(items, 30)), Cloud.WORLDWIDE)
        assert parse_endpoints(get(f"{server.url}/endpoints/Worldwide"), Cloud.WORLDWIDE) == want


# --- replay


def test_recorded_states_are_replayed_in_order_with_their_records() -> None:
    states = recorded(SERIES)
    assert [s.version for s in states] == sorted(s.version for s in states)
    with Upstream(history=states) as server:
        for state in states:
            url = f"{server.url}/endpoints/{state.cloud.instance}"
            assert json.loads(get(url)) == state.items
            assert json.loads(get(f"{server.url}/version/{state.cloud.instance}"))["latest"] == state.version
            last = state is states[-1]
            assert post(f"{server.url}/control?next=1") == (404 if last else 200)
        records = parse_changes(get(f"{server.url}/changes/Worldwide/0000000000"), Cloud.WORLDWIDE)
        assert records
        assert get(f"{server.url}/changes/Worldwide/{states[-1].version}") == b"[]"


def test_the_records_of_two_states_list_the_changes() -> None:
    folder = REFERENCE / "history"
    if not folder.is_dir():
        pytest.skip("the reference data folder is not here")
    old, new = (next(s for s in recorded(folder) if s.version == v) for v in ("2023080600", "2023090300"))
    found = changes([old, new], old.version)
    # version 2023082900 in Microsoft's own feed: 5 changes, 4 addresses in and 4 out, 1 name out
    assert len(found) == 5
    assert sum(len(r.get("add", {}).get("ips", [])) for r in found) == 4
    assert sum(len(r.get("remove", {}).get("ips", [])) for r in found) == 4
    assert [len(r["remove"]["urls"]) for r in found if "urls" in r.get("remove", {})] == [1]
    assert [r["disposition"] for r in found].count("Remove") == 1


def test_a_freeze_ignores_later_states() -> None:
    states = recorded(SERIES)
    with Upstream("version-freeze", history=states) as server:
        frozen = get(f"{server.url}/version/Worldwide")
        for _ in range(3):
            assert post(f"{server.url}/control?next=1") == 200
        assert get(f"{server.url}/version/Worldwide") == frozen
        assert post(f"{server.url}/control?case=honest&next=1") == 200
        assert server.cycle == 1


def test_a_silent_upstream_sends_nothing() -> None:
    import socket

    with Upstream("silence") as server, socket.create_connection(server.server_address, timeout=1) as sock:  # type: ignore[arg-type]
        sock.sendall(b"GET /version/Worldwide HTTP/1.1\r\nHost: x\r\n\r\n")
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            sock.recv(1)  # neither data nor end of file
        assert time.monotonic() - started >= 0.9


def test_control_accepts_only_known_cases() -> None:
    with Upstream() as server:
        assert post(f"{server.url}/control?case=429") == 200
        assert post(f"{server.url}/control?case=no-such-case") == 404
        assert server.case == "429"


# --- the program


def test_the_program_lists_its_cases() -> None:
    command = [sys.executable, "-m", "tests.upstream", "--cases"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [*ALL, *TLS]


def test_the_program_serves_each_cloud_until_its_input_ends(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>a page</p>")
    command = [sys.executable, "-m", "tests.upstream", "--page", str(page)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        url = program.stdout.readline().strip()
        for cloud in (Cloud.WORLDWIDE, Cloud.CHINA):
            assert parse_endpoints(get(f"{url}/endpoints/{cloud.instance}"), cloud)
            assert json.loads(get(f"{url}/version/{cloud.instance}"))["latest"] == VERSION
        assert get(f"{url}/en-us/x{pages.PATH}") == b"<p>a page</p>"
        assert len(json.loads(get(f"{url}/log"))) == 5
        program.stdin.close()
        assert program.wait(20) == 0
