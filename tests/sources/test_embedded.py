"""Folders of facts: valid files become values, errors name file and place."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import CatalogError, InputError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.provenance import Provenance
from perimeter365.model.row import Row
from perimeter365.sources import embedded as module
from perimeter365.sources.embedded import FACTS, embedded, read_folder

INSTANCE: dict[str, Any] = {
    "cloud": "worldwide",
    "instance": "Worldwide",
    "version": "2026080200",
    "origin": "recorded",
    "sets": [
        {
            "id": 1,
            "area": "exchange",
            "category": "optimize",
            "required": True,
            "express_route": True,
            "tcp": "80,443",
            "hosts": ["outlook.office.com"],
            "prefixes": ["13.107.6.152/31"],
        },
        {
            "id": 2,
            "area": "teams",
            "category": "allow",
            "required": False,
            "express_route": False,
            "udp": "3478-3481",
            "hosts": ["*.teams.microsoft.com"],
        },
    ],
}

ROW = """\
number = 6
scenario = "mailbox-migration"
title = "Mailbox migration"
purpose = "To move mailboxes."
clouds = ["worldwide", "china"]
defect = "No source."

[evidence.page]
url = "https://learn.microsoft.com/x"
date = "2025-01-08"

[[flow]]
name = "mrs-proxy"
direction = "inbound"
tcp = "443"
path = ["/EWS/mrsproxy.svc"]
confidence = "medium"
evidence = ["page"]
source = { role = "exchange-online", sets = { worldwide = [1], china = [2] } }
destination = { role = "mrs-proxy" }

[[flow]]
name = "old"
clouds = ["china"]
direction = "outbound"
udp = "53"
retired = 2019-11-18
on_request = "History."
evidence = ["page"]
source = { role = "client" }
destination = { role = "teams", hosts = ["b.example.com", "a.example.com"], prefixes = ["192.0.2.0/24"] }

[[site]]
name = "sites"
hosts = ["*.example.com"]
zone = "intranet"
cookies = true
evidence = ["page"]

[[record]]
name = "mx"
owner = "@"
type = "MX"
value = "0 mx.example.com"
ttl = 600
evidence = ["page"]
"""


def read_row(text: str) -> Row:
    return decode("", module._read_row, text, CatalogError)


def test_a_row_becomes_requirements_for_each_of_its_clouds() -> None:
    row = read_row(ROW)
    assert (row.number, row.scenario, row.title, row.purpose, row.defect) == (
        6,
        "mailbox-migration",
        "Mailbox migration",
        "To move mailboxes.",
        "No source.",
    )
    assert [(r.id, r.cloud.value) for r in row.requirements] == [
        ("row/6/mrs-proxy", "worldwide"),
        ("row/6/mrs-proxy", "china"),
        ("row/6/old", "china"),
        ("row/6/sites", "worldwide"),
        ("row/6/sites", "china"),
        ("row/6/mx", "worldwide"),
        ("row/6/mx", "china"),
    ]
    first, second, old = row.flows
    assert (first.source.sets, second.source.sets) == ((1,), (2,))
    assert first.path == ("/EWS/mrsproxy.svc",)
    assert first.confidence == "medium"
    assert first.evidence[0].date == "2025-01-08"
    assert (old.retired, old.on_request, str(old.udp), str(old.tcp)) == (date(2019, 11, 18), "History.", "53", "")
    assert [h.text for h in old.destination.hosts] == ["a.example.com", "b.example.com"]
    assert old.destination.prefixes == PrefixSet.parse(["192.0.2.0/24"])
    assert (row.sites[0].zone, row.sites[0].cookies) == ("intranet", True)
    assert (row.records[0].owner, row.records[0].ttl, row.records[0].duty) == ("@", 600, "publish")


def test_a_retired_row_retires_all_of_it() -> None:
    row = read_row(ROW.replace('defect = "No source."', "retired = 2020-02-28\nretired_note = 'Support ended.'"))
    assert row.retired == date(2020, 2, 28)
    assert row.retired_note == "Support ended."
    assert [f.retired for f in row.flows] == [date(2020, 2, 28), date(2020, 2, 28), date(2019, 11, 18)]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("number = 6", "nummer = 6", "unknown key 'nummer'"),
        ('title = "Mailbox migration"', "", "'title' is missing"),
        ('"worldwide", "china"', '"worldwide", "mars"', "clouds[1]: 'mars' is not a cloud"),
        ('name = "mrs-proxy"\n', "", "flow[0]: 'name' is missing"),
        ('tcp = "443"', 'tcp = "443"\nport = 443', "flow[0] mrs-proxy: unknown key 'port'"),
        ('tcp = "443"', 'tcp = "0"', "flow[0] mrs-proxy.tcp: '0' is not a port"),
        ('tcp = "443"', "tcp = 443", "flow[0] mrs-proxy.tcp: "),
        ('"192.0.2.0/24"', '"192.0.2.1/24"', "flow[1] old.destination.prefixes: '192.0.2.1/24' has host bits set"),
        ('"a.example.com"', "'a\"; accept #'", "flow[1] old.destination.hosts[1]: "),
        ('role = "mrs-proxy"', 'role = "mrs"', "flow[0] mrs-proxy: 'mrs' is not a role"),
        ('role = "mrs-proxy"', 'role = "mrs-proxy", host = []', "flow[0] mrs-proxy.destination: unknown key 'host'"),
        (
            'direction = "inbound"',
            'direction = "outbound"',
            "flow[0] mrs-proxy: row/6/mrs-proxy: outbound does not fit a flow",
        ),
        ('clouds = ["china"]', 'clouds = ["dod"]', "flow[1] old: dod is not a cloud of the row"),
        ("retired = 2019-11-18", 'retired = "2019-11-18"', "flow[1] old.retired: expected a date, got '2019-11-18'"),
        (
            "retired = 2019-11-18",
            "retired = 2019-11-18T00:00:00",
            "flow[1] old.retired: expected a date, got 2019-11-18 00:00:00",
        ),
        ('hosts = ["*.example.com"]', 'hosts = ["*.com"]', "site[0] sites.hosts[0]: '*.com' covers every name"),
        ('hosts = ["*.example.com"]', "", "site[0] sites: row/6/sites: a site needs hosts"),
        ('type = "MX"', 'type = "PTR"', "record[0] mx: row/6/mx: 'PTR' is not a type of record (A, AAAA"),
        ("https://", "http://", "flow[0] mrs-proxy: 'http://learn.microsoft.com/x' is not the https address"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(before: str, after: str, says: str) -> None:
    assert before in ROW
    with pytest.raises(InputError) as caught:
        read_row(ROW.replace(before, after, 1))
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def instance(change: Callable[[dict[str, Any]], object]) -> str:
    data: dict[str, Any] = json.loads(json.dumps(INSTANCE))
    change(data)
    return json.dumps(data)


def test_an_instance_becomes_a_version_and_sets() -> None:
    cloud, version, sets, known = module._read_instance(json.dumps(INSTANCE))
    assert cloud is Cloud.WORLDWIDE
    assert known == Provenance()
    assert (version.version, version.origin) == ("2026080200", "recorded")
    assert [s.key for s in sets] == ["worldwide/1", "worldwide/2"]
    assert sets[0].hosts == (HostPattern("outlook.office.com"),)
    assert (str(sets[0].tcp), str(sets[0].udp), str(sets[1].udp)) == ("80,443", "", "3478-3481")
    assert sets[0].express_route
    assert sets[1].prefixes == PrefixSet()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(extra=1),
        lambda d: d.update(version="2026"),
        lambda d: d.update(origin="guess"),
        lambda d: d.pop("sets"),
        lambda d: d.update(sets=[]),
        lambda d: d["sets"][0].update(ips=[]),
        lambda d: d["sets"][0].pop("area"),
        lambda d: d["sets"][0].update(area="Exchange"),
        lambda d: d["sets"][0].update(id="1"),
        lambda d: d["sets"][0].update(id=True),
        lambda d: d["sets"][0].update(required="yes"),
        lambda d: d["sets"][0].update(prefixes=["10.0.0.0/0.0.0.255"]),
        lambda d: d["sets"][0].update(hosts=["a\n.example.com"]),
        lambda d: d["sets"][0].update(hosts="outlook.office.com"),
        lambda d: d["sets"][0].update(hosts=[None]),
        lambda d: d["sets"][0].update(tcp=443),
        lambda d: d["sets"].insert(0, "set"),
    ],
)
def test_a_wrong_instance_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(CatalogError):
        decode("", module._read_instance, instance(change), CatalogError)


# -- folders -----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(FACTS), tmp_path / "facts", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_a_copy_of_the_facts_is_the_same_catalog(folder: Path) -> None:
    copy = read_folder(folder)
    assert copy.rows == embedded().rows
    assert copy.sets == embedded().sets
    assert copy.versions == embedded().versions
    assert copy.dns == embedded().dns


def test_the_embedded_catalog_is_read_once() -> None:
    assert embedded() is embedded()


def test_the_order_of_reading_has_no_meaning(folder: Path) -> None:
    for number, path in enumerate(sorted(folder.glob("rows/*.toml"), reverse=True)):
        path.rename(path.with_name(f"{number:02}-renamed.toml"))
    assert read_folder(folder).rows == embedded().rows


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("instances/worldwide.json", b"{", "worldwide.json: it is not JSON"),
        ("instances/worldwide.json", b"\xff", "worldwide.json: it is not UTF-8: it is 0xFF at byte 0"),
        ("instances/worldwide.json", b"[" * 100_000, "worldwide.json: it is nested too deeply"),
        ("instances/worldwide.json", b"null", "worldwide.json: expected an object, got null"),
        ("instances/worldwide.json", b"[]", "worldwide.json: expected an object, got a list"),
        ("instances/worldwide.json", b'{"cloud": ' + b"9" * 5000 + b"}", "worldwide.json: it is not JSON"),
        (
            "instances/worldwide.json",
            b'{"cloud": "dod", "cloud": "china"}',
            "worldwide.json: it is not JSON: duplicate key 'cloud'",
        ),
        ("dns.toml", b"scenario =", "dns.toml: it is not TOML"),
        ("dns.toml", b"", "dns.toml: 'scenario' is missing"),
        ("rows/06-mailbox-migration.toml", b"number = 7", "06-mailbox-migration.toml: 'scenario' is missing"),
    ],
)
def test_a_damaged_file_is_named(folder: Path, name: str, content: bytes, says: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(CatalogError) as caught:
        read_folder(folder)
    assert says in str(caught.value)


def test_every_row_is_needed_once(folder: Path) -> None:
    row = folder / "rows" / "06-mailbox-migration.toml"
    shutil.copy(row, folder / "rows" / "06-again.toml")
    with pytest.raises(CatalogError, match="expected rows 1 to 25, each once"):
        read_folder(folder)
    (folder / "rows" / "06-again.toml").unlink()
    row.unlink()
    with pytest.raises(CatalogError, match="expected rows 1 to 25"):
        read_folder(folder)


@pytest.mark.parametrize("kept", [True, False], ids=["an-empty-folder", "no-folder"])
@pytest.mark.parametrize(
    ("name", "says"),
    [("rows", r"expected rows 1 to 25, each once; found \[\]"), ("instances", "instances/ has no list")],
)
def test_a_folder_without_rows_or_lists_is_no_catalog(folder: Path, name: str, says: str, kept: bool) -> None:
    shutil.rmtree(folder / name)
    if kept:
        (folder / name).mkdir()
    with pytest.raises(CatalogError, match=says):
        read_folder(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "dns.toml").unlink()
    with pytest.raises(CatalogError, match=r"dns\.toml: the file does not exist"):
        read_folder(folder)
