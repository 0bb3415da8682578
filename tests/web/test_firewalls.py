"""No minute of an open or a cut perimeter, whatever happens to the service: tests.web.firewalls over every case of serving.

The needed entries come from the endpoint sets of the lists, not from the service.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.cli import main
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.targets import targets
from tests.web import servers
from tests.web.feed_store import SPRING, Served, commit, history, serving, sets, without
from tests.web.firewalls import CLOSED, TLS_FAILED, UNREACHABLE, Firewall, FortiGate, HungError, PanOs, Perimeter

SELECTION = "areas=teams&categories=optimize"
LISTS: dict[type[Firewall], str] = {
    PanOs: f"/feeds/paloalto-edl/worldwide-m365-outbound-optimize-ip.txt?{SELECTION}",
    FortiGate: f"/feeds/fortigate-feed/worldwide-teams-outbound-optimize-udp-3478to3481-address.txt?{SELECTION}",
}
EACH = pytest.mark.parametrize("kind", LISTS)


def needed(found: Iterable[EndpointSet]) -> frozenset[str]:
    """The addresses of Teams' Optimize sets."""
    space = PrefixSet()
    for each in found:
        if each.area == "teams" and each.category == "optimize":
            space |= each.prefixes
    return frozenset(map(str, space))


def grown(number: int) -> tuple[EndpointSet, ...]:
    """The sets with more addresses of Teams."""
    more = [f"13.107.{third}.0/24" for third in range(64, 64 + 2 * number, 2)]
    return tuple(
        replace(each, prefixes=each.prefixes | PrefixSet.parse(more), listed=(*more, *each.listed))
        if each.id == 11
        else each
        for each in sets()
    )


class Case:
    """A firewall, a store with one list in force, and the service over it."""

    def __init__(self, kind: type[Firewall], store: Path, server: Served | None = None) -> None:
        self.store, self.url = store, LISTS[kind]
        self.server = server or serving(history(store, sets()))
        self.perimeter = Perimeter(kind())
        self.entries = needed(sets())
        self.poll()
        assert self.perimeter.firewall.allows == self.entries

    def poll(self, permitted: Iterable[str] = (), times: int = 3) -> list[int]:
        """Let some minutes pass, with a look of the service at its store in each; return the statuses."""
        seen = []
        for _ in range(times):
            self.server.load()
            status, body, _ = self.server.ask(self.url)
            seen.append(status)
            self.perimeter.minute((status, body), self.entries, {*self.entries, *permitted})
        return seen

    def holds(self) -> None:
        """Assert that the perimeter never was open or cut."""
        assert not self.perimeter.cut
        assert not self.perimeter.open


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.sqlite"


@EACH
def test_a_start_without_data(store: Path, kind: type[Firewall]) -> None:
    case = Case(kind, store)
    store.write_bytes(b"not a store")
    case.server = serving(store)
    assert set(case.poll()) == {503}
    case.holds()
    store.unlink()
    case.server = Served(store)
    status, _, _ = case.server.ask(case.url)
    assert status == 503, "it has not looked at the store yet"


@EACH
@pytest.mark.parametrize("what", ["vanishes", "is damaged", "is truncated", "cannot be opened"])
def test_a_store_that_fails_while_it_serves(store: Path, kind: type[Firewall], what: str) -> None:
    case = Case(kind, store)
    content = store.read_bytes()
    failures: dict[str, Callable[[], object]] = {
        "vanishes": store.unlink,
        "is damaged": lambda: store.write_bytes(content[:3000] + b"\xff" * 9000 + content[12000:]),
        "is truncated": lambda: store.write_bytes(content[: len(content) // 2]),
        "cannot be opened": lambda: store.rename(store.with_suffix(".gone")).parent.joinpath(store.name).mkdir(),
    }
    failures[what]()
    assert set(case.poll()) == {200}, "the last bytes"
    case.url = f"{case.url}&family=4"  # a list that nobody has asked for before
    assert set(case.poll()) <= {200, 503}
    case.holds()
    assert case.server.get("/readyz").json["status"] == "degraded"
    if store.is_dir():
        store.rmdir()
    store.write_bytes(content)
    case.url = LISTS[kind]
    assert set(case.poll()) == {200}
    case.holds()


@EACH
def test_a_list_that_loses_all_entries(store: Path, kind: type[Firewall]) -> None:
    case = Case(kind, store)
    commit(store, without("teams"), SPRING[1])
    before, case.entries = case.entries, frozenset()
    assert set(case.poll(permitted=before)) == {200}
    assert case.perimeter.firewall.allows == before, "until a person admits it"
    assert list(case.server.emptied.values()) == ["worldwide 2025010100"]
    assert main(["--store", str(store), "--quiet", "held", "admit-feed", case.url]) == 0
    assert set(case.poll(permitted=[CLOSED])) == {200}
    assert case.perimeter.firewall.allows == {CLOSED}, "no copy stays open"
    commit(store, sets(), SPRING[2])
    case.entries = before
    assert set(case.poll()) == {200}
    case.holds()


@EACH
def test_an_unknown_selection_and_a_list_that_does_not_exist(store: Path, kind: type[Firewall]) -> None:
    case = Case(kind, store)
    right = case.url
    for wrong in (
        right.replace("teams", "temas"),
        right.replace("-optimize-", "-optimise-"),
        right.replace("categories", "kategorien"),
        right.replace("/feeds/", "/feed/"),
        f"{right}&cloud=newland",
        f"{right}&at=1999-01-01",
    ):
        case.url = wrong
        assert {400, 404, 422}.issuperset(case.poll(times=1)), wrong
    case.holds()


@EACH
def test_lists_that_exceed_the_device_or_the_operator_s_constraints(
    store: Path, tmp_path: Path, kind: type[Firewall], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = targets["paloalto-edl" if kind is PanOs else "fortigate-feed"]
    case = Case(kind, store)
    before = case.entries
    monkeypatch.setattr(target, "limits", {**target.limits, "ip_entries" if kind is PanOs else "entries": 6})
    case.perimeter.firewall.most = 6
    commit(store, grown(10), SPRING[1])
    assert len(needed(grown(10))) > 6
    assert set(case.poll()) == {422}
    assert case.perimeter.firewall.allows == before, "the whole old list, not the start of the new one"
    monkeypatch.undo()
    bound = tmp_path / "constraints.toml"
    bound.write_text('never = ["13.107.64.0/24"]')
    case.server = serving(store, constraints=str(bound))
    assert set(case.poll()) == {422}
    case.holds()


@EACH
def test_lists_that_are_too_old_when_the_operator_prefers_none(store: Path, kind: type[Firewall]) -> None:
    case = Case(kind, store)
    case.server.service.options = replace(case.server.service.options, on_stale="503")
    from perimeter365.store.store import Store

    with Store(str(store)) as opened:
        opened.set_note("sync.seen.worldwide", "2025-01-01T00:00:00+00:00")
    assert 503 in case.poll()
    case.holds()


@EACH
def test_swaps_under_load(store: Path, kind: type[Firewall]) -> None:
    """A real server, readers that poll without a pause, and a list that grows in ten steps."""
    history(store, grown(0))
    known = [needed(grown(number)) for number in range(11)]
    perimeters, problems = [Perimeter(kind()) for _ in range(4)], []
    with servers.served("--store", str(store)) as server:
        done = threading.Event()

        def read(perimeter: Perimeter) -> None:
            while not done.is_set():
                reply = server.get(LISTS[kind])
                perimeter.firewall.poll((reply.status, reply.body))
                if reply.status == 200 and perimeter.firewall.allows not in known:
                    problems.append(reply.body)
                perimeter.minutes += 1

        threads = [threading.Thread(target=read, args=(each,)) for each in perimeters]
        for thread in threads:
            thread.start()
        for number in range(1, 11):
            commit(store, grown(number), SPRING[1].replace(day=1 + number))
            done.wait(0.3)
        while server.get(LISTS[kind]).headers["perimeter365-lists"] != "worldwide 2025021100":
            done.wait(0.2)
        done.wait(0.5)
        done.set()
        for thread in threads:
            thread.join()
    assert not problems
    assert all(each.firewall.allows == known[-1] for each in perimeters)
    assert min(each.minutes for each in perimeters) > 20


def test_the_models_do_what_the_vendors_say() -> None:
    """The counter-example: a service that fails in the wrong way opens or cuts."""
    entries = {"192.0.2.0/24"}
    good = (200, b"192.0.2.0/24\n")
    for kind, reply, cut in (
        (PanOs, (UNREACHABLE, b""), False),
        (PanOs, (503, b""), False),
        (PanOs, (404, b"no"), False),
        (PanOs, (401, b""), True),
        (PanOs, (TLS_FAILED, b""), True),
        (PanOs, (200, b""), True),
        (PanOs, (200, b'{"error": 1}\n'), True),
        (FortiGate, (503, b""), False),
        (FortiGate, (401, b""), False),
        (FortiGate, (200, b""), True),
        (FortiGate, (200, b"# empty\n"), True),
    ):
        perimeter = Perimeter(kind())
        perimeter.minute(good, entries, entries)
        perimeter.minute(reply, entries, entries)
        assert bool(perimeter.cut) == cut, (kind, reply)
    small = Perimeter(FortiGate(most=1))
    small.minute((200, b"192.0.2.0/25\n192.0.2.128/25\n"), ["192.0.2.0/25"], ["192.0.2.0/25", "192.0.2.128/25"])
    assert small.cut, "entries beyond the capacity"
    with pytest.raises(HungError):
        PanOs().poll((200, b"# a comment line\n"))
