"""Lists that lose all entries: their last bytes stay until a person admits it, on every replica and after every restart.

Every step is a list that comes into force in a store, and a look of the service at it.
"""

import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ports import PortSet
from perimeter365.store.store import Store
from perimeter365.web.emptied import MOST, _key, admission, admit, moments
from perimeter365.web.feed_files import FEEDS, HELPERS, Files
from tests.web.feed_store import SPRING, Served, commit, history, pruned, run, serving, sets, without

NAME = "worldwide-teams-outbound-optimize-ip.txt"
TEXT = f"/feeds/text/{NAME}"
WAYS = {
    "text": TEXT,
    "fortigate-feed": "/feeds/fortigate-feed/worldwide-teams-outbound-optimize-udp-3478to3481-address.txt",
    "sonicwall-deag": "/feeds/sonicwall-deag/worldwide-teams-outbound-optimize-udp-3478to3481-ip.txt",
    "cisco-si-feed": "/feeds/cisco-si-feed/worldwide-teams-outbound-optimize-network.txt",
    "url-table-alias": "/feeds/url-table-alias/worldwide-teams-outbound-optimize-udp-3478to3481.txt",
    "paloalto-edl": "/feeds/paloalto-edl/worldwide-m365-outbound-optimize-ip.txt?areas=teams&categories=optimize",
    "csv": "/feeds/csv/flows.csv?areas=teams&categories=optimize",
}
"""A list of the addresses of Teams of some targets."""
ADDRESSES = {"52.112.0.0/14", "52.122.0.0/15", "2603:1063::/38"}
"""Endpoint set 11 of the list of August 2026."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.sqlite"


def addresses(body: bytes) -> set[str]:
    return {line.split()[0] for line in body.decode().splitlines() if line and not line.startswith("#")}


@pytest.mark.parametrize("target", WAYS)
def test_a_list_that_lost_all_entries_keeps_its_last_bytes(store: Path, target: str) -> None:
    server = serving(history(store, sets()))
    before = server.ask(WAYS[target])
    assert before[0] == 200
    assert before[2]["perimeter365-state"] == "current"
    commit(store, without("teams"), SPRING[1])
    server.load()
    for each in (server, serving(store)):  # the same after a restart, and on another replica
        status, body, headers = each.ask(WAYS[target])
        assert (status, body) == (200, before[1])
        assert headers["perimeter365-state"] == "emptied"
        assert headers["perimeter365-lists"] == "worldwide 2025010100"
        assert any(path.startswith(WAYS[target].partition("?")[0]) for path in each.emptied)


@pytest.mark.parametrize("target", WAYS)
def test_an_admitted_list_says_that_it_is_empty_in_the_way_of_its_format(store: Path, target: str) -> None:
    history(store, sets(), without("teams"))
    server = serving(store)
    assert server.ask(WAYS[target])[2]["perimeter365-state"] == "emptied"
    code, said = run(store, "held", "admit-feed", f"http://mirror.example:8365{WAYS[target]}")
    assert code == 0, said
    server.load()
    for each in (server, serving(store)):
        status, body, headers = each.ask(WAYS[target])
        closed = b"192.0.2.255/32\n"
        if target == "csv":
            assert status == 410, "a table has no comments"
            continue
        assert (status, headers["perimeter365-state"]) == (200, "closed")
        assert not each.emptied
        if target in ("text", "cisco-si-feed", "url-table-alias"):
            first, second, *rest = body.splitlines(keepends=True)
            assert first == b"# empty\n"
            assert second.startswith(b"# /feeds/")
            assert b"worldwide 2025020100" in second
            assert rest == ([] if target == "text" else [closed])
        else:
            assert body == closed, "the entry of a closed list: docs/feeds.md"


def test_what_never_held_anything_is_not_found(store: Path) -> None:
    server = serving(history(store, without("teams"), sets()[:-1], without("teams")))
    wanted = {
        "/feeds/text/worldwide-intune-outbound-optimize-ip.txt?areas=intune": 404,
        "/feeds/text/worldwide-teams-inbound-optimize-ip.txt": 404,
        "/feeds/fortigate-feed?areas=intune&categories=optimize": 404,
    }
    assert {url: server.ask(url)[0] for url in wanted} == wanted
    assert not server.emptied


def test_the_embedded_lists_have_no_past() -> None:
    assert serving().ask("/feeds/text/worldwide-teams-outbound-optimize-tcp.txt")[0] == 404


def test_entries_in_their_grace_time_are_current(store: Path) -> None:
    history(store, sets(), without("teams"))
    status, body, headers = serving(store, day=date(2025, 2, 20)).ask(TEXT)
    assert (status, headers["perimeter365-state"]) == (200, "current")
    assert addresses(body) == ADDRESSES
    assert serving(store, day=date(2025, 3, 20)).ask(TEXT)[2]["perimeter365-state"] == "emptied"


def test_the_last_bytes_are_those_of_the_newest_lists_that_had_entries(store: Path) -> None:
    teams = next(each for each in sets() if each.id == 11)
    less = replace(teams, prefixes=teams.prefixes.family(4), listed=tuple(p for p in teams.listed if ":" not in p))
    fewer = tuple(less if each.id == 11 else each for each in sets())
    history(store, sets(), fewer, without("teams"), without("teams", "sharepoint"))
    status, body, headers = serving(store).ask(TEXT)
    assert (status, addresses(body)) == (200, {a for a in ADDRESSES if ":" not in a})
    assert headers["perimeter365-lists"] == "worldwide 2025020100"


def test_a_list_with_entries_again_is_current_and_a_second_loss_needs_a_second_admission(store: Path) -> None:
    history(store, sets(), without("teams"))
    assert run(store, "held", "admit-feed", TEXT)[0] == 0
    assert serving(store).ask(TEXT)[2]["perimeter365-state"] == "closed"
    commit(store, sets(), SPRING[2])
    assert serving(store).ask(TEXT)[2]["perimeter365-state"] == "current"
    commit(store, without("teams"), SPRING[3])
    status, body, headers = serving(store).ask(TEXT)
    assert (status, headers["perimeter365-state"]) == (200, "emptied")
    assert addresses(body) == ADDRESSES


def test_a_rollback_brings_the_entries_back(store: Path) -> None:
    history(store, sets(), without("teams"))
    server = serving(store)
    server.ask(TEXT)
    assert run(store, "rollback", "--cloud", "worldwide")[0] == 0
    server.load()
    assert server.ask(TEXT)[2]["perimeter365-state"] == "current"


def test_an_admission_is_of_one_list_of_one_selection(store: Path) -> None:
    history(store, sets(), without("teams"))
    assert run(store, "held", "admit-feed", f"{TEXT}?categories=optimize")[0] == 0
    server = serving(store)
    states = {query: server.ask(f"{TEXT}{query}")[2]["perimeter365-state"] for query in ("", "?Categories=OPTIMIZE")}
    assert states == {"": "emptied", "?Categories=OPTIMIZE": "closed"}
    assert server.ask(TEXT.replace("-ip.", "-ipv4."))[2]["perimeter365-state"] == "emptied"


def test_a_list_that_is_split_differently_is_said_and_closes_with_an_admission(store: Path) -> None:
    moved = tuple(replace(each, udp=PortSet.parse("3478-3480")) if each.id == 11 else each for each in sets())
    history(store, sets(), moved)
    server = serving(store)
    old, new = (
        f"/feeds/fortigate-feed/worldwide-teams-outbound-optimize-udp-{p}-address.txt" for p in ("3478to3481", "3478to3480")
    )
    assert server.ask(new)[2]["perimeter365-state"] == "current"
    assert server.ask(old)[:2] == (200, server.ask(new)[1])
    assert server.ask(old)[2]["perimeter365-state"] == "emptied"
    manifest = json.loads(server.ask("/feeds/fortigate-feed/manifest.json")[1])
    (gone,) = [each for each in manifest["files"] if each["state"] == "emptied"]
    assert gone["url"] == f"{old}?cloud=worldwide"
    assert new.rpartition("/")[2] in gone["elsewhere"]
    assert run(store, "held", "admit-feed", old)[0] == 0
    server.load()
    assert server.ask(old)[1] == b"192.0.2.255/32\n"
    index = server.ask("/feeds/fortigate-feed/index.txt")[1].decode()
    assert f"{gone['name']}: closed" in index


def members(body: bytes) -> dict[str, list[str]]:
    with tarfile.open(fileobj=BytesIO(body)) as tar:
        return {name: tar.extractfile(name).read().decode().split() for name in tar.getnames()}  # type: ignore[union-attr]


def test_a_list_in_a_bundle_closes_as_in_a_folder(store: Path) -> None:
    history(store, sets(), without("teams"))
    server = serving(store)
    found = members(server.ask("/feeds/srx-feed")[1])
    assert found["worldwide-teams-outbound-optimize-udp-3478to3481"] == ["192.0.2.255/32"]
    objects = {each["name"]: each["ranges"] for each in json.loads(server.ask("/feeds/checkpoint-gdc")[1])["objects"]}
    assert objects["m365-worldwide-teams-outbound-optimize-udp-3478to3481"] == ["192.0.2.255"]


def test_a_bundle_that_lost_everything_keeps_its_last_bytes(store: Path) -> None:
    history(store, sets())
    url = "/feeds/srx-feed?areas=teams&categories=optimize"
    before = serving(store).ask(url)
    commit(store, without("teams"), SPRING[1])
    status, body, headers = serving(store).ask(url)
    assert (status, body, headers["perimeter365-state"]) == (200, before[1], "emptied")
    assert run(store, "held", "admit-feed", url)[0] == 0
    found = members(serving(store).ask(url)[1])
    assert list(found.values()) == [["192.0.2.255/32"]]


def test_a_profile_has_a_past_of_its_own(store: Path, tmp_path: Path) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "contoso.toml").write_text('organization.clouds = ["worldwide"]\n[targets.paloalto-edl]\nsplit = "ports"\n')
    history(store, sets(), without("teams"))
    server = serving(store, profiles=profiles)
    url = "/p/contoso/paloalto-edl/worldwide-teams-outbound-optimize-udp-3478to3481-ip.txt"
    assert server.ask(url)[2]["perimeter365-state"] == "emptied"
    code, out = run(store, "held", "feeds", "--profiles", str(profiles))
    assert code == 4
    assert f"emptied  {url}  " in out
    assert run(store, "held", "admit-feed", url, "--profiles", str(profiles))[0] == 0
    server.load()
    assert server.ask(url)[1] == b"192.0.2.255/32\n"
    (profiles / "contoso.toml").write_text('organization.clouds = ["worldwide"]\nselect.service_areas = ["exchange"]\n')
    assert serving(store, profiles=profiles).ask(url)[0] == 404, (
        "what the owner of the profile took out never was in the profile as it is now"
    )


def test_no_answer_is_ever_200_without_an_entry(store: Path) -> None:
    """Every list of every target over a history that takes the whole cloud away, piece by piece."""
    steps: list[tuple[EndpointSet, ...]] = [sets(), tuple(pruned(e, hosts=False) for e in sets() if e.prefixes)]
    steps.append(tuple(each for each in steps[-1] if each.id == 1))
    urls: set[str] = set()
    server = Served(store)
    for day, found in zip(SPRING, steps, strict=False):
        commit(store, found, day)
        server.load()
        listed = {target: server.get(f"/feeds/{target}/manifest.json").json["files"] for target in FEEDS}
        assert all(listed.values())
        urls |= {each["url"] for files in listed.values() for each in files if each["name"] not in HELPERS}
        for url in urls:
            status, body, headers = server.ask(url)
            assert status == 200, url
            assert headers["perimeter365-state"] in ("current", "emptied")
            assert addresses(body) if not url.partition("?")[0].endswith((".tgz", ".json")) else body
    assert len(urls) > 100
    assert len(server.emptied) > 100


def test_the_past_is_bounded_and_ends_with_what_is_in_force(store: Path) -> None:
    days = [date(2025, 1, 1 + number) for number in range(MOST + 3)]
    for number, day in enumerate(days):
        commit(store, sets()[: 3 + number], day)
    with Store(str(store)) as opened:
        found = moments(opened, (sets()[0].cloud,))
    assert [each.forced[0].version for each in found] == [f"{day:%Y%m%d}00" for day in reversed(days[:-1])][:MOST]
    assert [each.number for each in found] == sorted((each.number for each in found), reverse=True)


def test_a_damaged_store_is_never_an_empty_or_a_missing_list(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history(store, sets(), without("teams"))
    server = serving(store)

    def fail(*given: object) -> Files:
        raise StoreError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr("perimeter365.web.emptied.render_plan", fail)
        assert server.ask(TEXT)[0] == 503
    assert server.ask(TEXT)[0] == 200, "the past is read again from its start"


@pytest.mark.parametrize("change", [lambda n: n | {"moment": -1}, lambda n: n | {"at": "soon"}, lambda n: [], lambda n: {}])
def test_a_damaged_admission_admits_nothing(store: Path, change: Callable[[dict[str, object]], object]) -> None:
    history(store, sets(), without("teams"))
    path = f"{TEXT}?cloud=worldwide"
    with Store(str(store)) as opened:
        (moment,) = moments(opened, (sets()[0].cloud,))
        made = admit(opened, path, moment, datetime(2025, 7, 1, tzinfo=UTC))
        assert admission(opened, path) == made
        assert admission(opened, f"{path}&family=4") is None
        opened.set_note(_key(path), json.dumps(change(made.to_dict())))
    assert serving(store).ask(TEXT)[0] == 503


def test_a_look_at_the_past_that_takes_long_asks_the_others_to_come_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(store, sets(), without("teams"))
    server = serving(store)
    monkeypatch.setattr("perimeter365.web.emptied.PATIENCE", 0.01)
    with server.app.feeds._views._pasts._lock:
        assert server.ask(TEXT)[0] == 503
        assert server.ask("/feeds/text/worldwide-exchange-outbound-optimize-ip.txt")[0] == 200, "it needs no past"
    assert server.ask(TEXT)[0] == 200


def test_what_was_in_force_before_the_store_lost_its_head_is_the_past(store: Path) -> None:
    history(store, sets())
    with Store(str(store)) as opened:
        version = opened.versions()[-1].version
        opened.unpin(sets()[0].cloud)
        assert not moments(opened, (sets()[0].cloud,))
        opened.pin(sets()[0].cloud, version)
        assert not moments(opened, (sets()[0].cloud,))
