"""Lookup tables: a lookup gives the values of the plan's JSON."""

import configparser
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import MissingExtraError
from perimeter365.plan.plan import Plan
from perimeter365.targets import render
from perimeter365.targets._bases.table import COLUMNS
from tests.consumers import need
from tests.targets.cases import CASES
from tests.targets.netfilter import by_hand, flow, party
from tests.targets.packets import flows, plan, ports

EACH = pytest.mark.parametrize("case", [*CASES, "contoso"])
TABLES = ("mmdb", "splunk-lookup", "clickhouse-dictionary")
ORDER = ("optimize", "allow", "default", "other")
Address = IPv4Address | IPv6Address
Said = dict[str, str] | None


def outside(which: Plan) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for f in flows(which):
        if f["direction"] != "internal":
            yield f, f["source" if f["direction"] == "inbound" else "destination"]


def edges(which: Plan) -> list[Address]:
    """Both ends of each prefix, the middle, and the addresses next to it."""
    found: set[Address] = set()
    for _, end in outside(which):
        for prefix in map(ip_network, end["prefixes"]):
            first, last = int(prefix[0]), int(prefix[-1])
            kind = type(prefix[0])
            found |= {kind(n) for n in (first - 1, first, (first + last) // 2, last, last + 1)}
    return sorted(found, key=lambda a: (a.version, int(a)))


def expected(matching: list[dict[str, Any]]) -> dict[str, set[str] | str] | None:
    """The expected values of a row, from all flows."""
    if not matching:
        return None
    return {
        "requirements": {f["id"] for f in matching},
        "clouds": {f["cloud"] for f in matching},
        "scenarios": {f["scenario"] for f in matching},
        "directions": {f["direction"] for f in matching},
        "category": min((f["category"] or "other" for f in matching), key=ORDER.index),
        "required": "yes" if any(f["required"] for f in matching) else "no",
        "tcp": {str(p) for f in matching for p in _ports(f["tcp"])},
        "udp": {str(p) for f in matching for p in _ports(f["udp"])},
    }


def _ports(text: str) -> Iterator[int]:
    for word in text.split(",") if text else ():
        first, _, last = word.partition("-")
        yield from range(int(first), int(last or first) + 1)


def same(said: Said, wanted: dict[str, set[str] | str] | None) -> bool:
    if said is None or wanted is None:
        return said is wanted
    values: dict[str, set[str] | str] = {
        k: set(said[k].split()) for k in ("requirements", "clouds", "scenarios", "directions")
    }
    values |= {k: {str(p) for p in _ports(said[k])} for k in ("tcp", "udp")}
    return {**values, "category": said["category"], "required": said["required"]} == wanted


# -- readers -------------------------------------------------------------------------------------------------------


def file(which: Plan, target: str, name: str) -> bytes:
    return next(a.content for a in render(which, target).artifacts if a.name == name)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def mmdb(which: Plan, folder: Path) -> Callable[[Address], Said]:
    need("maxminddb")
    import maxminddb

    path = folder / "m365.mmdb"
    path.write_bytes(file(which, "mmdb", "m365.mmdb"))
    reader = maxminddb.open_database(str(path), maxminddb.MODE_MEMORY)
    return reader.get  # type: ignore[return-value]


def splunk(which: Plan, folder: Path) -> Callable[[Address], Said]:
    """The first row whose CIDR contains the address, as in the stanza."""
    stanza = transforms(which)["m365_prefixes"]
    assert (stanza["match_type"], stanza["max_matches"]) == ("CIDR(prefix)", "1")
    table = []
    for row in rows(file(which, "splunk-lookup", f"lookups/{stanza['filename']}")):
        prefix = ip_network(row["prefix"])
        table.append((prefix.version, int(prefix[0]), int(prefix[-1]), row))
    return lambda address: next((r for v, a, b, r in table if v == address.version and a <= int(address) <= b), None)


def transforms(which: Plan) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(file(which, "splunk-lookup", "default/transforms.conf").decode())
    return parser


def clickhouse(which: Plan, folder: Path) -> Callable[[Address], Said]:
    """The longest prefix, as ip_trie finds it."""
    table = {}
    for row in rows(file(which, "clickhouse-dictionary", "m365_prefixes.csv")):
        prefix = ip_network(row["prefix"])
        table[prefix.version, prefix.prefixlen, int(prefix[0]) >> (prefix.max_prefixlen - prefix.prefixlen)] = row

    def find(address: Address) -> Said:
        width = address.max_prefixlen
        keys = ((address.version, length, int(address) >> (width - length)) for length in range(width, -1, -1))
        return next((table[key] for key in keys if key in table), None)

    return find


READERS = {"mmdb": mmdb, "splunk-lookup": splunk, "clickhouse-dictionary": clickhouse}


# -- addresses -----------------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("target", TABLES)
def test_an_address_has_the_values_of_the_plan(case: str, target: str, tmp_path: Path) -> None:
    which = plan(case)
    find = READERS[target](which, tmp_path)
    known = [(f, [ip_network(p) for p in end["prefixes"]]) for f, end in outside(which)]
    spans = [(n, p.version, int(p[0]), int(p[-1])) for n, (_, prefixes) in enumerate(known) for p in prefixes]
    checked: set[str] = set()
    for address in edges(which):
        value = int(address)
        inside = sorted({n for n, version, first, last in spans if version == address.version and first <= value <= last})
        said = find(address)
        if (pair := f"{inside} {said}") not in checked:  # the same result for the same requirements is checked once
            assert same(said, expected([known[n][0] for n in inside])), address
            checked.add(pair)
    assert find(ip_address("192.0.2.1")) is None
    assert find(ip_address("2001:db8::1")) is None


NESTED = by_hand(
    flow("row/6/wide", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14"), tcp="443"),
    flow("row/6/narrow", party("client", "10.0.0.0/8"), party("teams", "52.113.7.0/24"), udp="3478"),
    flow("row/6/one", party("client", "10.0.0.0/8"), party("teams", "52.113.7.9", "2603:1063::/38"), tcp="80"),
    flow("row/6/six", party("client", "10.0.0.0/8"), party("teams", "2603:1063:1::/48"), tcp="80"),
)


@pytest.mark.parametrize("target", TABLES)
@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("52.112.0.1", "wide"),
        ("52.113.7.8", "narrow wide"),
        ("52.113.7.9", "narrow one wide"),
        ("52.113.8.0", "wide"),
        ("2603:1063:1::1", "one six"),
        ("2603:1063:2::1", "one"),
        ("52.116.0.0", ""),
    ],
)
def test_the_narrowest_prefix_wins_and_has_the_wider_ones_requirements(
    target: str, address: str, ids: str, tmp_path: Path
) -> None:
    said = READERS[target](NESTED, tmp_path)(ip_address(address))
    assert sorted((said or {"requirements": ""})["requirements"].split()) == [f"row/6/{i}" for i in ids.split()]


# -- names ---------------------------------------------------------------------------------------------------------


def wildcard(pattern: str, name: str) -> bool:
    """An asterisk matches any characters, or none."""
    return fnmatchcase(name, pattern)


def samples(which: Plan) -> Iterator[str]:
    for _, end in outside(which):
        for host in end["hosts"]:
            if "<" not in host:
                yield from (host.replace("*", word) for word in ("a", "a.b", "x-1"))
                yield from (f"x{host.replace('*', 'a')}", f"y.{host.replace('*', 'a')}", host.lstrip("*").lstrip("."))
    yield from ("example.com", "office.com.example.net")


def matches(pattern: str, name: str) -> bool:
    """By the grammar of model.host, for well-formed names."""
    if "*" not in pattern:
        return pattern == name
    before, after = pattern.split("*")
    return name.startswith(before) and name.endswith(after) and wildcard(pattern, name) and name != after[1:]


@EACH
def test_splunk_finds_a_name_by_the_first_pattern(case: str) -> None:
    stanza = transforms(plan(case))["m365_hosts"]
    assert (stanza["match_type"], stanza["default_match"]) == ("WILDCARD(host)", "none")
    table = rows(file(plan(case), "splunk-lookup", f"lookups/{stanza['filename']}"))
    check_names(plan(case), lambda name: next((row for row in table if wildcard(row["host"], name)), None))


@EACH
def test_clickhouse_finds_a_name_by_the_longest_pattern(case: str) -> None:
    table = rows(file(plan(case), "clickhouse-dictionary", "m365_hosts.csv"))

    def find(name: str) -> Said:
        found = [row for row in table if re.search(row["expression"], name)]
        return max(found, key=lambda row: (row["host"] == name, len(row["host"])), default=None)

    check_names(plan(case), find)


def check_names(which: Plan, find: Callable[[str], Said]) -> None:
    """Check lookups of names, except those that match two independent patterns."""
    known = [(f, end["hosts"]) for f, end in outside(which)]
    every = {h for _, hosts in known for h in hosts}
    for name in dict.fromkeys(samples(which)):
        patterns = {h for h in every if matches(h, name)}
        matching = [f for f, hosts in known if not patterns.isdisjoint(hosts)]
        if any(not h.startswith("*") and "*" in h for h in patterns) and len(patterns) > 1:
            continue
        assert same(find(name), expected(matching)), name


# -- each format ---------------------------------------------------------------------------------------------------


def test_an_mmdb_has_the_time_and_the_texts_of_its_plan(tmp_path: Path) -> None:
    need("maxminddb")
    import maxminddb

    path = tmp_path / "m365.mmdb"
    path.write_bytes(file(plan("contoso"), "mmdb", "m365.mmdb"))
    with maxminddb.open_database(str(path), maxminddb.MODE_MEMORY) as reader:
        about = reader.metadata()
    version = plan("contoso").to_dict()["catalog"]["worldwide"]["version"]
    assert datetime.fromtimestamp(about.build_epoch, UTC).strftime("%Y%m%d") == version[:8]
    assert plan("contoso").profile_hash in about.description["en"]
    assert (about.database_type, about.ip_version) == ("Perimeter365", 6)


def test_clickhouse_names_its_columns_once() -> None:
    sql = file(plan("small"), "clickhouse-dictionary", "m365.sql").decode()
    declared = re.findall(r"^    (\w+) String,?$", sql, re.MULTILINE)
    assert (
        declared == ["prefix", *COLUMNS] == list(rows(file(plan("small"), "clickhouse-dictionary", "m365_prefixes.csv"))[0])
    )
    assert re.findall(r"(\w+) String", sql.partition("'host")[2]) == ["expression", *COLUMNS]


def test_clickhouse_itself_finds_the_addresses(tmp_path: Path) -> None:
    need("chdb")
    from chdb.session import Session  # type: ignore[import-not-found,unused-ignore]

    (tmp_path / "m365_prefixes.csv").write_bytes(file(plan("small"), "clickhouse-dictionary", "m365_prefixes.csv"))
    sql = file(plan("small"), "clickhouse-dictionary", "m365.sql").decode().partition("CREATE OR REPLACE VIEW")[0]
    csv_file = tmp_path / "m365_prefixes.csv"
    with Session(str(tmp_path / "db")) as session:
        session.query("CREATE DATABASE x ENGINE = Atomic")
        session.query("USE x")
        columns = ", ".join(f"{c} String" for c in ("prefix", *COLUMNS))
        session.query(f"CREATE TABLE t ENGINE = Memory AS SELECT * FROM file('{csv_file}', CSVWithNames, '{columns}')")
        session.query(
            re.sub(r"SOURCE\(.*\)", "SOURCE(CLICKHOUSE(TABLE 't' DB 'x'))", sql).replace("m365_prefixes", "x.m365_prefixes")
        )
        find = clickhouse(plan("small"), tmp_path)
        for address in edges(plan("small")):
            function = "toIPv4" if address.version == 4 else "toIPv6"
            asked = f"SELECT dictGetOrDefault('x.m365_prefixes', 'requirements', {function}('{address}'), '')"
            said = find(address)
            assert str(session.query(asked, "CSV")).strip().strip('"') == (said["requirements"] if said else ""), address


@EACH
def test_parquet_contains_the_whole_plan(case: str) -> None:
    import pyarrow.parquet as pq

    which = plan(case)
    made = {
        a.name.removesuffix(".parquet"): pq.read_table(io.BytesIO(a.content)) for a in render(which, "parquet").artifacts
    }
    tables = {name: table.to_pylist() for name, table in made.items()}
    said = which.to_dict()
    for row, f in zip(tables["flows"], said["flows"], strict=True):
        for key in f.keys() - {"source", "destination", "tcp", "udp", "path", "evidence"}:
            assert row[key] == f[key], key
        for side in ("source", "destination"):
            assert {key: row[f"{side}_{key}"] for key in ("role", "hosts", "prefixes")} == f[side]
        for protocol in ("tcp", "udp"):
            assert [(p["first"], p["last"]) for p in row[protocol]] == ports(f[protocol])
        assert ",".join(row["path"]) == (f["path"] or "")
        assert row["evidence"] == [f"{e['document']}|{e['date']}|{e['confidence']}" for e in f["evidence"]]
    for name in ("sites", "records"):
        assert (
            tables[name] == [{key: s[key] for key in tables[name][0]} for s in said[name]]
            if said[name]
            else tables[name] == []
        )
    known: list[tuple[Any, list[Any]]] = [(f, [ip_network(p) for p in end["prefixes"]]) for f, end in outside(which)]
    for row in tables["prefixes"]:
        net = ip_network(row["prefix"])
        mapped = [IPv6Address(f"::ffff:{a}") if net.version == 4 else a for a in (net[0], net[-1])]
        assert [row["first"], row["last"]] == [a.packed for a in mapped]
        assert row["family"] == net.version
        matching = [f for f, prefixes in known if any(p.version == net.version and p.supernet_of(net) for p in prefixes)]
        assert set(row["requirements"]) == {f["id"] for f in matching}
    assert {row["host"] for row in tables["hosts"]} == {h for _, end in outside(which) for h in end["hosts"] if "<" not in h}
    about = json.loads(made["flows"].schema.metadata[b"perimeter365"])
    assert (about["organization"], about["profile"]) == (said["organization"], said["profile"])
    assert render(which, "parquet").details == ()


def test_an_empty_plan_has_tables_of_the_same_columns() -> None:
    import pyarrow.parquet as pq

    for full, empty in zip(
        render(plan("small"), "parquet").artifacts, render(plan("nothing-selected"), "parquet").artifacts, strict=True
    ):
        assert pq.read_schema(io.BytesIO(full.content)).equals(pq.read_schema(io.BytesIO(empty.content)))
        assert empty.entries == 0


@pytest.mark.parametrize(("target", "module"), [("mmdb", "mmdb_writer"), ("parquet", "pyarrow")])
def test_without_its_library_a_target_names_the_extra(target: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=f"the target {target} needs the extra '{target}'") as caught:
        render(plan("small"), target)
    assert (caught.value.extra, caught.value.help) == (target, f"pip install 'perimeter365[{target}]'")


@EACH
@pytest.mark.parametrize("target", TABLES)
def test_what_has_no_row_is_a_loss(case: str, target: str) -> None:
    made = render(plan(case), target)
    lost = {x.id for x in made.details} | {f.id for f in plan(case).flows if not made.report.includes(f)}
    for f in flows(plan(case)):
        end = f["source" if f["direction"] == "inbound" else "destination"]
        absent = not end["prefixes"] and (target == "mmdb" or not end["hosts"])
        if f["direction"] == "internal" or absent:
            assert f["id"] in lost
