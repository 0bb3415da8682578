"""Each oracle detects its violation: in syncs that are broken on purpose, and in modified snapshots."""

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from perimeter365.errors import Perimeter365Error, UpstreamError
from perimeter365.history import sync as module
from perimeter365.history.gates import Verdict
from perimeter365.history.sync import COMMITTED, FAILED, Outcome, sync
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.reliability import promises
from tests.reliability.promises import C, W, grammar, never
from tests.reliability.scene import Routed, Stage


def found(played_problems: Sequence[str]) -> set[str]:
    """Return the violated promises."""
    return {line.partition(":")[0] for line in played_problems if line.startswith("P")}


Broken = Callable[..., Sequence[Outcome]]


def commits_without_a_gate(store: Store, source: Routed, clouds: Sequence[object], **more: object) -> Sequence[Outcome]:
    """Commit without checks."""
    state, _ = source.state(W)
    store.commit(state)
    return (Outcome(cloud=W, status=FAILED, error=UpstreamError("…")), *sync(store, source, [C], base=embedded()))


def test_p1_a_failed_list_that_is_committed(stage: Stage) -> None:
    assert "P1" in found(stage.play(commits_without_a_gate).problems())


def test_p1_a_failure_without_an_alarm(stage: Stage) -> None:
    stage.faulty.case = "503"

    def silent(*args: object, **more: object) -> Sequence[Outcome]:
        outcomes = sync(*args, **more)  # type: ignore[arg-type]
        return (replace(outcomes[0], error=None), outcomes[1])

    assert "P1" in found(stage.play(silent).problems())


def test_p1_a_failure_that_is_reported_as_success(stage: Stage) -> None:
    stage.faulty.case = "503"

    def young(store: Store, source: Routed, *args: object, **more: object) -> Sequence[Outcome]:
        outcomes = sync(store, source, *args, **more)  # type: ignore[arg-type]
        store.set_note("sync.seen.worldwide", store.now())
        return outcomes

    assert "P1" in found(stage.play(young).problems())


def test_p2_a_reader_between_the_list_and_its_head(stage: Stage) -> None:
    """A change in two transactions, between which a reader runs."""

    def torn(store: Store, source: Routed, *args: object, **more: object) -> Sequence[Outcome]:
        old = store.head(W)
        assert old is not None
        with closing(sqlite3.connect(store.place)) as raw:
            raw.execute("DELETE FROM p365_heads WHERE cloud = 'worldwide'")
            raw.commit()
            looks = stage.reader.looks
            while stage.reader.looks < looks + 2:  # a read that began earlier may have seen the old state
                time.sleep(0.01)
            raw.execute("INSERT INTO p365_heads (cloud, version, pinned) VALUES ('worldwide', ?, 0)", [old.version])
            raw.commit()
        return sync(store, source, *args, **more)  # type: ignore[arg-type]

    assert found(stage.play(torn).problems(good=True)) == {"P2"}


def test_p3_a_missing_interval(stage: Stage) -> None:
    def careless(store: Store, *args: object, **more: object) -> Sequence[Outcome]:
        outcomes = sync(store, *args, **more)  # type: ignore[arg-type]
        with closing(sqlite3.connect(store.place)) as raw:
            raw.execute("DELETE FROM p365_intervals WHERE rowid IN (SELECT rowid FROM p365_intervals LIMIT 1)")
            raw.commit()
        return outcomes

    assert "P3" in found(stage.play(careless).problems(good=True))


@pytest.mark.parametrize("bounds", [(61.0, 0.0, 0), (1.0, 11.0, 0), (1.0, 1.0, 300 * 1024 * 1024)])
def test_p4_too_much_of_anything(bounds: tuple[float, float, int]) -> None:
    assert len(promises.bounded(*bounds)) == 1
    assert promises.bounded(59, 9, 200 * 1024 * 1024) == []


@pytest.mark.parametrize(
    "line",
    ["0.0.0.0/0", "::/0", "0.0.0.0/1\n128.0.0.0/1", "52.0.0.0/7", "2600::/19", "127.0.0.1/32", "169.254.169.254/32",
     "239.1.1.1/32", "192.168.0.0/16", "fd00::/8", "*.com", "*.co.uk", "10.0.0.0/7"],
)  # fmt: skip
def test_p5_an_entry_of_the_never_list(line: str) -> None:
    assert never({"paloalto-edl/list-ip.txt": f"{line}\n".encode()}) != []
    assert never({"nftables/x.nft": f"elements = {{ {line.replace(chr(10), ', ')} }}\n".encode()}) != []
    assert never({"paloalto-edl/list-ip.txt": b"52.96.0.0/14\n2603:1006::/40\n10.0.0.0/8\n"}) == []
    assert never({"paloalto-edl/list-url.txt": b"*.microsoft.com/\n*.office.com/\n"}) == []


def test_p5_a_pac_file_that_opens_a_suffix() -> None:
    assert never({"pac/proxy.pac": b'var NAMES = {\n"com":"*",\n};\n'}) != []
    assert never({"pac/proxy.pac": b'var NAMES = {\n"net.cn":"*.partner",\n"lync.com":"*",\n};\n'}) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nftables/perimeter365.nft", b"table inet x {\n\tchain y {\n\t\t$(reboot)\n\t}\n}\n"),
        ("nftables/perimeter365.nft", b"table inet x {\n"),
        ("paloalto-edl/list-url.txt", b"outlook.office.com/\nallow everything\n"),
        ("paloalto-edl/list-ip.txt", b"52.96.0.0/14 ; reboot\n"),
        ("pac/proxy.pac", b"\x1b[31mreturn\n"),
        ("pac/proxy.pac", "…\n".encode()),
    ],
)
def test_p6_free_text_in_an_artifact(name: str, content: bytes) -> None:
    assert grammar({name: content}) != []


def test_p7_a_list_beyond_the_gates(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gates are disabled; nothing else rejects the list."""
    stage.faulty.lists[W] = stage.faulty.lists[W][:20]
    monkeypatch.setattr(module, "judge", lambda *args, **more: Verdict())
    played = stage.play()
    assert played.outcome.status == COMMITTED
    assert "P7" in found(played.problems(good=True))


def test_p8_a_health_file_that_reports_success(stage: Stage) -> None:
    stage.faulty.case = "503"
    played = stage.play()
    assert found(played.problems()) == set()
    health = json.loads(stage.health.read_text("utf-8"))
    health["clouds"]["worldwide"]["success"] = (stage.now + timedelta(days=1)).isoformat()
    health["written"] = (stage.now + timedelta(days=1)).isoformat()
    stage.health.write_text(json.dumps(health), "utf-8")
    assert "P8" in found(played.problems())


def test_p9_a_cloud_that_stops_the_others(stage: Stage) -> None:
    stage.faulty.case = "503"

    def stops(store: Store, source: Routed, *args: object, **more: object) -> Sequence[Outcome]:
        (first,) = sync(store, source, [W], base=embedded())
        return (first, Outcome(cloud=C, status=FAILED, error=UpstreamError("not asked")))

    assert "P9" in found(stage.play(stops).problems())


def test_p10_a_message_with_control_bytes_or_a_path(stage: Stage) -> None:
    stage.faulty.case = "503"

    def talks(text: str) -> Broken:
        def broken(*args: object, **more: object) -> Sequence[Outcome]:
            outcomes = sync(*args, **more)  # type: ignore[arg-type]
            return (replace(outcomes[0], error=UpstreamError(text)), outcomes[1])

        return broken

    assert found(stage.play(talks("\x1b[31mred")).problems()) == {"P10"}
    stage.go_on(hours=0)
    assert "P10" in found(stage.play(talks(f"{stage.folder}/store.sqlite")).problems())


def test_p10_a_connection_that_is_not_configured(stage: Stage) -> None:
    other = stage.honest.server_address[1]

    def dials(*args: object, **more: object) -> Sequence[Outcome]:
        with pytest.raises(OSError, match="refused"), urllib.request.urlopen(f"http://127.0.0.2:{other}/", timeout=5):
            pass
        return sync(*args, **more)  # type: ignore[arg-type]

    assert found(stage.play(dials).problems(good=True)) == {"P10"}


def test_a_correct_sync_violates_no_promise(stage: Stage) -> None:
    assert stage.play().problems(good=True) == []


def test_a_defect_violates_the_promises(stage: Stage) -> None:
    """Exit code 70 is neither 3 nor 4: a crash does not count as a rejection."""
    stage.faulty.case = "503"

    def crashed(*args: object, **more: object) -> Sequence[Outcome]:
        outcomes = sync(*args, **more)  # type: ignore[arg-type]
        return (replace(outcomes[0], error=Perimeter365Error("oops")), outcomes[1])

    assert "P1" in found(stage.play(crashed).problems())
