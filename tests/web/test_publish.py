"""`publish`: the service as files, the version after its data."""

import gzip
import json
import os
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.errors import OutputError
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.version import Version
from perimeter365.web import generations
from perimeter365.web import publish as module
from perimeter365.web.edition import Edition, ServedCloud, load_edition
from perimeter365.web.paths import CLIENT, PublishedPath
from perimeter365.web.phases import advance
from perimeter365.web.publish import Publication, publish
from perimeter365.web.service import Options
from perimeter365.web.versions import ServedVersion
from perimeter365.workspace import Workspace
from tests.web.nginx import Nginx, nginx
from tests.web.servers import in_process

EMBEDDED = Workspace(catalog="embedded")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
VERSION, ENDPOINTS = f"/version/worldwide?{CLIENT}", f"/endpoints/worldwide?{CLIENT}"


@dataclass
class Clock:
    """A clock that only moves when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Upstream:
    """Lists of one cloud, each of which contains its own version as a host name."""

    edition: Edition = field(default_factory=lambda: load_edition(EMBEDDED))
    number: int = 2030010100
    versions: tuple[ServedVersion, ...] = ()

    def load(self, *_: object, **__: object) -> Edition:
        """Stand in for `load_edition`."""
        number = Version(f"{self.number:010}")
        if not self.versions or self.versions[-1].number != number:
            version = ServedVersion(number=number, upstream=Version("2026080200"), hash=number, at=NOW)
            self.versions = (*self.versions[-20:], version)
        (one, *_rest) = self.edition.clouds[Cloud.WORLDWIDE].sets
        one = replace(one, hosts=(HostPattern(f"v{self.number}.contoso.com"),))
        served = ServedCloud(cloud=Cloud.WORLDWIDE, versions=self.versions, sets=(one,))
        return replace(self.edition, clouds={Cloud.WORLDWIDE: served}, max_age=1)


class Cache:
    """A cache between clients and the server, which keeps answers as long as they allow."""

    def __init__(self, server: Nginx, clock: Clock) -> None:
        self.server, self.clock = server, clock
        self.kept: dict[str, tuple[datetime, bytes]] = {}

    def get(self, target: str) -> bytes:
        """Return a body."""
        if target in self.kept and self.clock() < self.kept[target][0]:
            return self.kept[target][1]
        found = self.server.get(target)
        assert found.status == 200
        seconds = int(found.headers["cache-control"].partition("max-age=")[2])
        self.kept[target] = self.clock() + timedelta(seconds=seconds), found.body
        return found.body


class SampleClient:
    """A client in the manner of Microsoft's sample: it stores the version, and then fetches the list."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.version = self.data = "0000000000"

    def poll(self) -> bool:
        """Return False if the list is older than the version that was stored before it was fetched."""
        latest = json.loads(self.cache.get(VERSION))["latest"]
        if latest == self.version:
            return True
        self.version = latest
        self.data = json.loads(self.cache.get(ENDPOINTS))[0]["urls"][0][1:11]
        return self.data >= self.version


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Upstream:
    """Few files and no waiting for the disk: these tests are about the order."""
    upstream = Upstream()
    monkeypatch.setattr(module, "load_edition", upstream.load)
    paths = [
        PublishedPath(file="version/worldwide.json", path="/version/worldwide", query=CLIENT),
        PublishedPath(file="endpoints/worldwide.json", path="/endpoints/worldwide", query=CLIENT),
    ]
    monkeypatch.setattr(module, "published_paths", lambda *_: paths)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(generations, "GRACE", timedelta())
    return upstream


def play(folder: Path, upstream: Upstream, swaps: int) -> tuple[int, int]:
    """Let versions, runs and clients take turns by chance; return the number of fetches and of those that were too old."""
    chance, clock, fetched, wrong = random.Random(365), Clock(), 0, 0  # the same order each time
    publication = Publication(max_age=1, keep=2)
    publish(EMBEDDED, folder, publication, clock=clock)
    with nginx(folder) as server:
        shared = Cache(server, clock)
        clients = [SampleClient(shared) for _ in range(3)] + [SampleClient(Cache(server, clock))]
        done = 0
        while done < swaps:
            clock.forward(chance.choice((0.3, 0.6, 0.9, 7)))
            if chance.random() < 0.7:
                shared.get(ENDPOINTS)  # a device that does not look at the version
            for client in chance.sample(clients, 1):
                before = client.version
                wrong += not client.poll()
                fetched += client.version != before
            if chance.random() < 0.3:
                upstream.number += 1
            done += publish(EMBEDDED, folder, publication, clock=clock).written
    return fetched, wrong


@pytest.mark.timeout(300)
def test_whatever_version_a_client_stored_its_data_is_of_that_version_or_newer(tmp_path: Path, few: Upstream) -> None:
    fetched, wrong = play(tmp_path / "m365", few, 1000)
    assert wrong == 0
    assert fetched > 200


def test_a_version_that_is_announced_with_its_data_is_found(
    tmp_path: Path, few: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(last: object, edition: Edition, now: datetime) -> object:
        made = advance(last, edition, now)  # type: ignore[arg-type]
        return {name: replace(each, announced=each.version, pending=()) for name, each in made.items()}

    monkeypatch.setattr(module, "advance", at_once)
    _, wrong = play(tmp_path / "m365", few, 60)
    assert wrong > 0


def test_a_second_publication_of_the_same_lists_is_the_same(tmp_path: Path) -> None:
    clock = Clock()
    for name in ("one", "two"):
        publish(EMBEDDED, tmp_path / name, Publication(), clock=clock)
    one, two = (tmp_path / name / "current" for name in ("one", "two"))
    names = sorted(str(path.relative_to(one.resolve())) for path in one.resolve().rglob("*") if path.is_file())
    assert names == sorted(str(path.relative_to(two.resolve())) for path in two.resolve().rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)
    clock.forward(3600)
    assert not publish(EMBEDDED, tmp_path / "one", Publication(), clock=clock).written


def test_compressed_files_have_the_bytes_of_the_file_and_no_time(tmp_path: Path) -> None:
    brotli = pytest.importorskip("brotli")
    publish(EMBEDDED, tmp_path / "m365", Publication())
    root = tmp_path / "m365/current"
    body = (root / "endpoints/worldwide.json").read_bytes()
    packed = (root / "endpoints/worldwide.json.gz").read_bytes()
    assert gzip.decompress(packed) == brotli.decompress((root / "endpoints/worldwide.json.br").read_bytes()) == body
    assert packed[4:8] == bytes(4)  # RFC 1952: MTIME


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "contoso.toml").write_bytes(EXAMPLE.read_bytes())
    return folder


def test_what_belongs_to_a_profile_has_the_bytes_of_the_service(profiles: Path, tmp_path: Path) -> None:
    publish(EMBEDDED, tmp_path / "m365", Publication(profiles=str(profiles)))
    options = Options(profiles=str(profiles))
    with nginx(tmp_path / "m365") as static, in_process(EMBEDDED, options) as client:
        targets = ["/p/contoso/manifest.json", "/pac/contoso.pac", "/pac/nobody.pac", "/p/contoso/text/", "/p/nobody/text/"]
        targets += [f"{base}/extended/{rest}?{CLIENT}" for base in ("", "/p/contoso") for rest in EXTENDED]
        for found in client.get("/p/contoso/manifest.json").json["targets"]:
            targets += [each["url"] for each in found["files"]]
        assert len(targets) > 40
        for target in targets:
            live, got = client.get(target), static.get(target)
            assert (got.status == 200) is (live.status == 200), target  # a cloud that a profile does not have: 404, not 400
            if live.status == 200:
                assert got.body == live.body, target
                for name in ("content-type", "cache-control"):
                    assert got.headers[name] == live.headers[name], (target, name)
        for host in ("wpad.contoso.com", "WPAD.contoso.com:80", "wpad.fabrikam.com", "proxy.contoso.com"):
            live, got = client.get("/wpad.dat", {"host": host}), static.get("/wpad.dat", {"host": host})
            assert got.status == live.status, host
            assert got.status != 200 or got.body == live.body
        for path in ("/manifest.json", "/SHA256SUMS", "/./manifest.json", "/p", "/p/", "/pac/", "/feeds/../p/"):
            assert b"contoso" not in static.get(path).body, path  # the names of profiles are not public
        assert static.get("/manifest.json").status == 404
        for query in ("Scenarios=row/6", "NoIPv6", "ServiceAreas=MEM", "format=csv"):
            assert static.get(f"/extended/endpoints/worldwide?{CLIENT}&{query}").status == 404


def test_a_mistake_in_a_profile_or_its_folder_removes_nothing(tmp_path: Path) -> None:
    folder, root = tmp_path / "profiles", tmp_path / "m365"
    folder.mkdir()
    for name in ("contoso", "fabrikam"):
        (folder / f"{name}.toml").write_text(f"[organization]\nname = '{name}'\nclouds = ['france']\n")
    publication = Publication(profiles=str(folder))
    publish(EMBEDDED, root, publication)
    generation = (root / "current").readlink()
    (folder / "contoso.toml").write_text("[organization\n")
    with pytest.raises(OutputError, match=r"contoso\.toml"):
        publish(EMBEDDED, root, publication)
    (folder / "contoso.toml").unlink()
    (folder / "fabrikam.toml").rename(tmp_path / "fabrikam.toml")  # such as a disk that is not mounted
    with pytest.raises(OutputError, match="no profiles any more"):
        publish(EMBEDDED, root, publication)
    folder.rmdir()
    with pytest.raises(OutputError, match="cannot be published"):
        publish(EMBEDDED, root, publication)
    assert (root / "current").readlink() == generation
    folder.mkdir()
    (tmp_path / "fabrikam.toml").rename(folder / "fabrikam.toml")
    publish(EMBEDDED, root, publication)
    assert [each.name for each in (root / "current/p").iterdir()] == ["fabrikam"], "one that is removed is gone"


EXTENDED = (
    "version",
    "version/China",
    "endpoints/Worldwide",
    "endpoints/usgovdod/",
    "changes/worldwide/0000000000",
    "version/x",
)


def test_lists_that_a_limit_of_a_device_forbids_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    text = 'organization.clouds = ["worldwide"]\n[select]\nscenarios = ["all"]\n'  # PAN-OS takes 30 lists
    (folder / "fabrikam.toml").write_text(text, "utf-8")
    report = publish(EMBEDDED, tmp_path / "m365", Publication(profiles=str(folder), dry_run=True))
    named = [each for each in report.problems if each.startswith("/p/fabrikam/paloalto-edl")]
    assert named
    assert not [each for each in report.files if each.path.startswith("p/fabrikam/paloalto-edl/")]


def test_a_published_profile_that_is_not_a_profile_stops_the_run_or_is_left_out_as_in_the_service(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "broken.toml").write_text("clouds = 1", "utf-8")
    report = publish(EMBEDDED, tmp_path / "m365", Publication(profiles=str(folder)))
    assert not (tmp_path / "m365/current/p").exists()
    assert "broken" in report.problems[0]
