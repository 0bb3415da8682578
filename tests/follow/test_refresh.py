"""A newer witness from the operator's places: when it is read, what is taken, and that nothing stops a sync."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from perimeter365.errors import InputError
from perimeter365.follow.refresh import LIMITS, check_place, problem_of, refresh
from perimeter365.follow.round import SyncJob
from perimeter365.history.sync import COMMITTED
from perimeter365.model.cloud import Cloud
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.witness import PUBLIC, AddressSource
from perimeter365.sources.witness import NOTE, embedded_witness, witness_of
from perimeter365.store.store import Store
from tests.follow.test_round import Recorder, known
from tests.history.upstream import MemoryUpstream

START = datetime(2027, 1, 10, 12, tzinfo=UTC)
NEW = "9.9.0.0/16"
"""Not Microsoft's in the embedded witness."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def local(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(str(tmp_path / "store.sqlite"), clock=clock) as store:
        yield store


def source(kind: str) -> AddressSource:
    found = embedded_witness().source(kind)
    assert found
    return found


def csv(*more: str, without: Sequence[str] = ()) -> bytes:
    space = (source(PUBLIC).own | PrefixSet.parse(more)) - PrefixSet.parse(without)
    return "\r\n".join(["Prefix,Type", *(f"{prefix}, MSFT Public IP Address Block" for prefix in space)]).encode()


class Mirror:
    """A web server on loopback with one file."""

    def __init__(self) -> None:
        self.asked = 0
        self.status, self.body = 200, csv(NEW)
        self.headers = {"Last-Modified": "Fri, 01 Jan 2027 08:00:00 GMT"}
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.asked += 1
                self.send_response(mirror.status)
                for name, value in {**mirror.headers, "Content-Length": str(len(mirror.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(mirror.body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/MSFT_PublicIPs.csv"


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Mirror()
    thread = Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def write(folder: Path, data: bytes, name: str = "MSFT_PublicIPs_20270101.csv") -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_a_newer_file_is_in_use_from_then_on(place: str, tmp_path: Path, clock: Clock) -> None:
    file = write(tmp_path, csv(NEW, without=["52.96.0.0/14"]))
    with Store(place, clock=clock) as store:
        (note,) = refresh(store, [file])
        assert "MSFT_PublicIPs_20270101.csv of 2027-01-01 is in use" in note
        assert f"({NEW}) more" in note
        assert "fewer" in note
        found = witness_of(store)
        assert refresh(store, [file]) == ()
    assert found.day == date(2027, 1, 1)
    assert NEW in found.space(Cloud.WORLDWIDE)
    assert "52.96.0.0/14" not in found.space(Cloud.FRANCE)  # given away


def test_an_older_file_changes_nothing(local: Store, tmp_path: Path) -> None:
    assert refresh(local, [write(tmp_path, csv(NEW), "MSFT_PublicIPs_20260806.csv")]) == ()
    assert refresh(local, [write(tmp_path, csv(NEW), "MSFT_PublicIPs_20200101.csv")]) == ()
    assert witness_of(local) == embedded_witness()
    assert not local.note(NOTE)


def test_each_kind_has_its_own_newest_file(local: Store, tmp_path: Path) -> None:
    tags = b"""{"changeNumber": 999, "cloud": "AzureGermany", "values": [
     {"name": "AzureCloud", "properties": {"region": "", "addressPrefixes": [%s]}},
     {"name": "AzureActiveDirectory", "properties": {"region": "", "addressPrefixes": [%s]}}]}"""
    old = source("AzureGermany")
    lists = [", ".join(f'"{p}"' for p in space).encode() for space in (old.datacenters, old.own)]
    places = [
        write(tmp_path, tags % tuple(lists), "ServiceTags_AzureGermany_20270105.json"),
        write(tmp_path, csv(NEW)),
    ]
    assert len(refresh(local, places)) == 2
    found = witness_of(local)
    kinds = {each.kind: each.day for each in found.sources}
    assert kinds["AzureGermany"] == date(2027, 1, 5)
    assert kinds[PUBLIC] == date(2027, 1, 1)
    assert kinds["China"] == source("China").day


def test_an_address_is_read_once_a_week(local: Store, clock: Clock, mirror: Mirror) -> None:
    assert "of 2027-01-01 is in use" in refresh(local, [mirror.url])[0]
    assert NEW in witness_of(local).space(Cloud.DOD)
    clock.now += timedelta(days=7, seconds=-1)
    assert refresh(local, [mirror.url]) == ()
    assert mirror.asked == 1
    refresh(local, [mirror.url], now=True)
    assert mirror.asked == 2
    clock.now += timedelta(days=7)
    refresh(local, [mirror.url])
    assert mirror.asked == 3
    clock.now -= timedelta(days=300)  # a clock that was wrong does not end the refresh
    refresh(local, [mirror.url])
    assert mirror.asked == 4


def test_an_address_that_failed_is_read_again_after_a_day(local: Store, clock: Clock, mirror: Mirror) -> None:
    mirror.status = 404
    (note,) = refresh(local, [mirror.url])
    assert "404" in note
    assert refresh(local, [mirror.url]) == ()
    clock.now += timedelta(days=1)
    assert refresh(local, [mirror.url]) == (note,)
    assert mirror.asked == 2


def test_an_attempt_that_is_killed_counts(local: Store, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(place: str) -> AddressSource:
        raise KeyboardInterrupt

    monkeypatch.setattr("perimeter365.follow.refresh._read_address", kill)
    with pytest.raises(KeyboardInterrupt):
        refresh(local, [mirror.url])
    monkeypatch.undo()
    assert refresh(local, [mirror.url]) == ()
    assert mirror.asked == 0


def test_a_defect_in_reading_is_a_note(local: Store, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(place: str) -> AddressSource:
        raise ValueError("Port out of range\x1b[2J")

    monkeypatch.setattr("perimeter365.follow.refresh._read_address", fail)
    (note,) = refresh(local, [mirror.url])
    assert note == "witness: ValueError: 'Port out of range\\x1b[2J'; the one in use stays"


def test_an_address_without_a_day_is_a_note(local: Store, mirror: Mirror) -> None:
    mirror.headers = {}
    (note,) = refresh(local, [mirror.url])
    assert "neither the name nor Last-Modified has the day" in note
    mirror.headers = {"Last-Modified": "yesterday"}
    assert refresh(local, [mirror.url], now=True) == (note,)


def test_a_file_that_cannot_be_read_is_a_note(local: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe_20270101.csv")
    link = tmp_path / "zero_20270101.csv"
    link.symlink_to("/dev/zero")
    tags = "ServiceTags_Public_20270101.json"
    cases = {
        str(tmp_path / "missing_20270101.csv"): "the file does not exist",
        str(tmp_path / "pipe_20270101.csv"): "not a regular file",
        str(link): "not a regular file",
        str(tmp_path): "the name has no day",
        write(tmp_path, csv(NEW), "undated.csv"): "the name has no day",
        write(tmp_path, b"x" * (LIMITS.largest + 1), "large_20270101.csv"): f"more than {LIMITS.largest} bytes",
        write(tmp_path, b"Prefix,Type\n" + b"x" * 200_000, "wide_20270101.csv"): "the file is not CSV",
        write(tmp_path, b"Prefix,Type\n\xff", "latin_20270101.csv"): "not UTF-8",
        write(tmp_path, b"{" + b"[" * 200_000, tags): "ServiceTags_Public_20270101.json: ",
    }
    for place, reason in cases.items():
        (note,) = refresh(local, [place])
        assert reason in note
        assert note.startswith("witness: ")
        assert note.endswith("; the one in use stays")
    assert witness_of(local) == embedded_witness()


def test_a_damaged_note_is_written_again(local: Store, tmp_path: Path) -> None:
    local.set_note(NOTE, "[{}]")
    assert refresh(local, [write(tmp_path, csv(NEW))])
    assert NEW in witness_of(local).space(Cloud.CHINA)


def test_a_round_refreshes_first_and_a_failure_does_not_stop_it(local: Store, tmp_path: Path, clock: Clock) -> None:
    upstream, reporter = MemoryUpstream(), Recorder()
    upstream.publish(known())
    clock.now = datetime(2026, 8, 11, tzinfo=UTC)
    bad = tmp_path / "missing_20260810.csv"
    job = SyncJob(
        source=lambda: upstream,
        clouds=[Cloud.CHINA],
        witness=[str(bad), write(tmp_path, csv(NEW), "MSFT_PublicIPs_20260810.csv")],
    )
    (outcome,) = job.run(local, reporter)
    assert outcome.status == COMMITTED
    assert ["does not exist" in note for note in reporter.notes] == [True, False]
    assert NEW in witness_of(local).space(Cloud.CHINA)


def newer(kind: str, more: str = "", fewer: str = "", **changes: Any) -> AddressSource:
    old = source(kind)
    own = (old.own | PrefixSet.parse(more.split())) - PrefixSet.parse(fewer.split())
    made = replace(old, day=date(2027, 1, 1), change=old.change and old.change + 1, own=own)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        pytest.param(newer(PUBLIC, day=date(2027, 1, 12)), "2027-01-12, is in the future", id="future"),
        pytest.param(newer("China", change=1), "went back from 405 to 1", id="went back"),
        pytest.param(newer(PUBLIC, "10.1.0.0/16"), "private space", id="private"),
        pytest.param(newer(PUBLIC, "127.1.0.0/16"), "loopback", id="loopback"),
        pytest.param(newer(PUBLIC, "4.0.0.0/7"), "wider than /8", id="wide"),
        pytest.param(newer(PUBLIC, "2600::/19"), "wider than /20", id="wide IPv6"),
        pytest.param(newer(PUBLIC, "16.0.0.0/8"), "19% more IPv4 addresses", id="growth"),
        pytest.param(newer(PUBLIC, "2600::/26"), "24% more IPv6 addresses", id="growth of IPv6"),
        pytest.param(newer(PUBLIC, fewer="20.0.0.0/8"), "fewer IPv4 addresses", id="shrinks"),
        pytest.param(newer(PUBLIC, fewer="2600::/8"), "fewer IPv6 addresses", id="shrinks in IPv6"),
        pytest.param(newer("Public", "17.0.0.0/16"), "17.0.0.0/16 is new and outside", id="beyond Microsoft"),
        pytest.param(newer("Public", "2a01:b740::/64"), "is new and outside", id="beyond Microsoft in IPv6"),
        pytest.param(
            newer("Public", own=source("Public").own | source("Public").datacenters),
            "100% fewer rented IPv4 addresses",
            id="nothing is rented any more",
        ),
        pytest.param(
            newer("AzureGermany", own=PrefixSet.parse(f"51.4.{i >> 7}.{i % 128 * 2}" for i in range(8192))),
            "ranges, 4 times as many",
            id="many ranges",
        ),
    ],
)
def test_a_hostile_file_is_not_taken(new: AddressSource, reason: str) -> None:
    """The sizes in the reasons: /8 of 87.4 million IPv4 addresses, /26 of 261.3 /32s."""
    found = problem_of(new, embedded_witness(), embedded_witness(), START.date())
    assert reason in found


def test_what_microsoft_does_is_taken() -> None:
    """A /12 bought, a /16 sold, a new region within the public ranges."""
    used = embedded_witness()
    for new in (
        newer(PUBLIC, "11.16.0.0/12 2a0f:4000::/29", "1.186.0.0/16"),
        newer("Public", "20.20.32.0/19 204.79.181.0/24"),
        newer("China"),
        newer("AzureGovernment"),
    ):
        assert problem_of(new, used, used, START.date()) == ""


def test_many_small_steps_do_not_pass_the_bound_of_size(local: Store, tmp_path: Path, clock: Clock) -> None:
    """Each file has 0.45 % more than the one before it."""
    grown: list[str] = []
    for step in range(30):
        clock.now += timedelta(days=7)
        first = (11 << 24) + (3 * step << 17)
        grown += [str(Prefix(4, first + (each << 17), 15)) for each in range(3)]
        refresh(local, [write(tmp_path, csv(*grown), f"MSFT_PublicIPs_{clock.now:%Y%m%d}.csv")])
    before, after = (each.space(Cloud.FRANCE).size(4) for each in (embedded_witness(), witness_of(local)))
    assert 1.09 < after / before <= 1.1


def test_a_place_is_checked_before_a_sync() -> None:
    assert check_place(" /srv/file.csv ") == "/srv/file.csv"
    assert check_place("https://mirror.example/x.json") == "https://mirror.example/x.json"
    for text in (" ", "ftp://mirror.example/x", "https://user:secret@mirror.example/x"):
        with pytest.raises(InputError, match="witness") as caught:
            check_place(text)
        assert "secret" not in caught.value.message
        assert "Download Center" in caught.value.help


def test_the_embedded_witness_does_not_have_the_prefixes_of_these_tests() -> None:
    space = embedded_witness().space(Cloud.WORLDWIDE)
    assert not [text for text in (NEW, "17.0.0.0/16", "16.0.0.0/8", "11.0.0.0/8") if space.overlaps(Prefix.parse(text))]
