"""The life of files for programs and people: read after each step of the manual, compared with the plan's JSON."""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.since import load_kept
from perimeter365.targets.write import write
from tests.consumers.browser import chromium
from tests.life import tries
from tests.life.models import clickhouse
from tests.life.models.splunk import Splunk
from tests.life.shell import Shell
from tests.targets.netfilter import by_hand, case, flow, party
from tests.targets.packets import collapsed

Read = Callable[[Path], set[tuple[str, str]]]


def plan(*without: str) -> Plan:
    """The example, without some scenarios."""
    whole = case("contoso")
    return replace(whole, flows=tuple(f for f in whole.flows if f.scenario not in without))


SMALL, LARGE, NOTHING = plan("mailbox-migration"), plan(), replace(plan(), flows=(), sites=(), records=())


def pairs(which: Plan) -> set[tuple[str, str]]:
    """Each id with each prefix of its external end, from the plan's JSON."""
    found = set()
    for each in which.to_dict()["flows"]:
        if each["direction"] != "internal":
            end = each["source" if each["direction"] == "inbound" else "destination"]
            found |= {(each["id"], prefix) for prefix in end["prefixes"]}
    return found


def within(one: str, other: str) -> bool:
    """Return whether a network is inside of another one."""
    inner, outer = ip_network(one), ip_network(other)
    first, last = int(inner[0]), int(inner[-1])
    return inner.version == outer.version and int(outer[0]) <= first and last <= int(outer[-1])


def by_prefix(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(need, row["prefix"]) for row in rows for need in row["requirements"]}


def read_csv(folder: Path) -> set[tuple[str, str]]:
    with (folder / "flows.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["direction"] != "internal"]
    ends = [(row, "source" if row["direction"] == "inbound" else "destination") for row in rows]
    return {(row["id"], row[end]) for row, end in ends if row[f"{end}_kind"] == "prefix"}


def read_parquet(folder: Path) -> set[tuple[str, str]]:
    from pyarrow import parquet

    return by_prefix(parquet.read_table(folder / "prefixes.parquet").to_pylist())


def read_mmdb(folder: Path) -> set[tuple[str, str]]:
    import maxminddb

    with maxminddb.open_database(folder / "m365.mmdb") as database:
        return {(need, str(network)) for network, row in database for need in row["requirements"].split()}


def read_text(folder: Path) -> set[tuple[str, str]]:
    ids: dict[str, list[str]] = {}
    listed = ""
    for line in (folder / "index.txt").read_text().splitlines():
        if line and line[0] not in "# ":
            listed = next(iter(re.findall(r"\S+-ip\.txt", line)), "")
        elif line.startswith("    ") and listed and not line.startswith("    #"):
            ids.setdefault(listed, []).append(line.split()[0])
    entries = {name: [e for e in (folder / name).read_text().splitlines() if e[0] != "#"] for name in ids}
    return {(need, entry) for name, needs in ids.items() for need in needs for entry in entries[name]}


READERS: dict[str, Read] = {
    "csv": read_csv,
    "mmdb": read_mmdb,
    "parquet": read_parquet,
}
"""Files that contain each id with its prefixes, as they are."""
EACH = pytest.mark.parametrize("name", READERS)


def published(which: Plan, name: str, folder: Path) -> Path:
    write([render(which, name)], folder, allow_empty=True)
    return folder / name


@tries(["csv", "parquet"], "install", "empty", "again", "grow", "shrink", "back", "remove")
@tries("mmdb", "empty", "again", "grow", "shrink", "back")
@EACH
def test_the_tables_are_those_of_the_present_plan(tmp_path: Path, name: str) -> None:
    read, folder = READERS[name], tmp_path / name
    seen: dict[int, dict[str, bytes]] = {}
    for step, which in enumerate((SMALL, LARGE, NOTHING, SMALL, SMALL)):
        published(which, name, tmp_path)
        found = read(folder)
        expected = pairs(which)
        if name == "csv":
            assert found == expected
        else:  # a row also has the requirements of wider rows
            assert expected <= found
            for need, prefix in found - expected:
                assert any(other == need and within(prefix, wide) for other, wide in expected)
        content = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert seen.setdefault(id(which), content) == content, f"step {step}: yesterday's plan gives yesterday's files"
    with Shell(folder) as shell:
        if name != "mmdb":
            shell.follow(targets[name]().commands("remove"))
            assert {path.name for path in folder.iterdir()} == {".perimeter365.json", "losses.json"}


@tries("mmdb", "install", "interrupted", "neighbors", "remove")
def test_a_database_is_replaced_by_renaming_and_an_open_one_stays_readable(tmp_path: Path) -> None:
    import maxminddb

    folder = published(SMALL, "mmdb", tmp_path)
    with Shell(folder) as shell:
        shell.run("mount -t tmpfs none /usr/share && mkdir /usr/share/GeoIP && echo mine > /usr/share/GeoIP/GeoLite2.mmdb")
        lines = targets["mmdb"]().commands("install")
        shell.follow(lines)
        shell.run("cp /usr/share/GeoIP/m365.mmdb seen")
        old = (folder / "seen").read_bytes()
        with maxminddb.open_database(folder / "m365.mmdb") as database:
            assert database.get("52.112.0.5")
        published(LARGE, "mmdb", tmp_path)
        shell.run(lines[0].partition(" && ")[0])
        shell.run("cp /usr/share/GeoIP/m365.mmdb seen")
        assert (folder / "seen").read_bytes() == old
        shell.follow(lines)
        shell.run("cp /usr/share/GeoIP/m365.mmdb seen")
        assert (folder / "seen").read_bytes() == (folder / "m365.mmdb").read_bytes() != old
        shell.follow(targets["mmdb"]().commands("remove"))
        assert shell.run("ls /usr/share/GeoIP").split() == ["GeoLite2.mmdb"]


@tries("text", "install", "empty", "again", "grow", "shrink", "back", "remove")
def test_lists_and_index_are_those_of_the_present_plan(tmp_path: Path) -> None:
    seen: dict[int, dict[str, bytes]] = {}
    folder = tmp_path / "text"
    for which in (SMALL, LARGE, NOTHING, SMALL, SMALL):
        published(which, "text", tmp_path)
        found = read_text(folder)
        for need, prefix in pairs(which):
            assert any(other == need and within(prefix, wide) for other, wide in found)
        files = [path for path in folder.glob("*.txt") if path.name != "index.txt"]
        lines = {path.name: [e for e in path.read_text().splitlines() if e[0] != "#"] for path in files}
        assert collapsed(e for name in lines if name.endswith("-ip.txt") for e in lines[name]) == collapsed(
            prefix for _, prefix in pairs(which)
        )
        hosts = {h.text for f in which.flows if f.theirs for h in f.theirs.hosts}
        assert {e for name in lines if name.endswith("-hosts.txt") for e in lines[name]} == hosts
        listed = {word for line in (folder / "index.txt").read_text().splitlines() for word in re.findall(r"\S+\.txt", line)}
        assert {path.name for path in folder.glob("*.txt")} - {"index.txt"} == (listed - {"index.txt"}) & {
            p.name for p in folder.iterdir()
        }
        content = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert seen.setdefault(id(which), content) == content
    with Shell(folder) as shell:
        shell.follow(targets["text"]().commands("remove"))
    assert {path.name for path in folder.iterdir()} == {".perimeter365.json", "losses.json"}


@tries("splunk-lookup", "install", "empty", "again", "grow", "shrink", "interrupted", "back", "neighbors", "remove")
def test_an_app_is_found_by_searches_of_other_apps(tmp_path: Path) -> None:
    home = tmp_path / "splunk"
    own = home / "etc" / "apps" / "own" / "default"
    own.mkdir(parents=True)
    (own / "app.conf").write_text("[ui]\nis_visible = true\n")
    (home / "bin").mkdir()
    (home / "bin" / "splunk").write_text("#!/bin/sh\nexit 0\n")
    (home / "bin" / "splunk").chmod(0o755)
    splunk = Splunk(home)

    def carry_out(which: Plan, part: Any, prefix: str = "", stop_after: int | None = None) -> None:
        target = targets["splunk-lookup"](Style(options={"prefix": prefix}))
        write([target.render(which)], tmp_path / f"out{prefix}", allow_empty=True)
        with Shell(tmp_path / f"out{prefix}" / "splunk-lookup", {"SPLUNK_HOME": str(home)}) as shell:
            shell.follow(target.commands(part), stop_after)

    def needs(address: str, prefix: str = "") -> set[str]:
        return set(splunk.look_up(f"m365{prefix}_prefixes", address).get("requirements", "").split())

    def wanted(which: Plan, address: str) -> set[str]:
        return {need for need, prefix in pairs(which) if within(address, prefix)}

    probes: tuple[str, ...] = ("52.112.0.5", "40.92.0.1", "192.0.2.1", "2603:1063::5")
    migration = next(p for need, p in sorted(pairs(LARGE) - pairs(SMALL)))
    probes += (str(ip_network(migration)[0]),)
    for which, part in ((SMALL, "install"), (SMALL, "update"), (LARGE, "update"), (NOTHING, "update"), (SMALL, "update")):
        carry_out(which, part)
        assert {a: needs(a) for a in probes} == {a: wanted(which, a) for a in probes}
    carry_out(LARGE, "update", stop_after=1)
    carry_out(LARGE, "update")
    carry_out(SMALL, "install", "fabrikam")
    assert needs(probes[-1]) == wanted(LARGE, probes[-1]) != wanted(SMALL, probes[-1])
    assert needs(probes[-1], "fabrikam") == wanted(SMALL, probes[-1])
    (home / "etc" / "apps" / "perimeter365" / "metadata" / "default.meta").rename(tmp_path / "meta")
    assert needs(probes[0]) == set(), "without export = system, as the earlier version, no other app sees the lookup"
    (tmp_path / "meta").rename(home / "etc" / "apps" / "perimeter365" / "metadata" / "default.meta")
    carry_out(LARGE, "remove")
    assert sorted(path.name for path in (home / "etc" / "apps").iterdir()) == ["own", "perimeter365fabrikam"]


@tries(
    "clickhouse-dictionary",
    *("install", "empty", "again", "grow", "shrink", "interrupted", "back", "neighbors", "remove"),
)
def test_a_dictionary_has_the_present_plan_and_is_never_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    client = tmp_path / "bin" / "clickhouse-client"
    client.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E {clickhouse.__file__} "$@"\n')
    client.chmod(0o755)
    state = tmp_path / "state.json"
    path = os.pathsep.join([str(client.parent), os.environ["PATH"]])

    def found(own: str = "m365") -> set[tuple[str, str]]:
        table = json.loads(state.read_text())["dictionaries"][f"{own}_prefixes"]["rows"]
        return by_prefix([{**row, "requirements": row["requirements"].split()} for row in table])

    with Shell(tmp_path, {"CLICKHOUSE_STATE": str(state), "PATH": path}) as shell:
        shell.run(f"mount -t tmpfs none /var/lib && mkdir -p {clickhouse.FOLDER} && touch {clickhouse.FOLDER}/own.csv")

        def carry_out(which: Plan, part: Any, prefix: str = "", stop_after: int | None = None) -> None:
            target = targets["clickhouse-dictionary"](Style(options={"prefix": prefix}))
            write([target.render(which)], tmp_path / f"out{prefix}", allow_empty=True)
            folder = tmp_path / f"out{prefix}" / "clickhouse-dictionary"
            shell.follow([f"cd {folder} && {line}" for line in target.commands(part)], stop_after)

        for which, part in (
            (SMALL, "install"),
            (SMALL, "update"),
            (LARGE, "update"),
            (NOTHING, "update"),
            (SMALL, "update"),
        ):
            carry_out(which, part)
            assert pairs(which) <= found()
            assert {prefix for _, prefix in found()} == {prefix for _, prefix in pairs(which)}
            assert {need for need, _ in found()} == {need for need, _ in pairs(which)}
        before = found()
        for stop in range(1, 3):
            carry_out(LARGE, "update", stop_after=stop)
            assert found() == before, "the dictionary changes with the reload, as a whole"
        carry_out(LARGE, "update")
        carry_out(SMALL, "install", "fabrikam")
        assert pairs(LARGE) <= found()
        assert found("m365fabrikam") == before
        carry_out(LARGE, "remove")
        assert sorted(json.loads(state.read_text())["dictionaries"]) == ["m365fabrikam_prefixes"]
        assert shell.run(f"ls {clickhouse.FOLDER}").split() == [
            "m365fabrikam_hosts.csv",
            "m365fabrikam_prefixes.csv",
            "own.csv",
        ]


class Portal:
    """Zscaler's custom URL categories, by help.zscaler.com "About URL Categories" and "URL Format Guidelines".

    A category keeps its URLs until they are replaced; at most 64 categories and 25,000 URLs; changes act when activated.
    """

    def __init__(self) -> None:
        self.saved: dict[str, list[str]] = {}
        self.active: dict[str, list[str]] = {}

    def put(self, name: str, urls: list[str]) -> None:
        assert all(re.fullmatch(r"\.?[a-z0-9._-]+(/[!-~]*)?", url) and len(url) <= 1024 for url in urls)
        self.saved[name] = urls
        assert len(self.saved) <= 64
        assert sum(map(len, self.saved.values())) <= 25_000

    def activate(self) -> None:
        self.active = dict(self.saved)

    def matched(self) -> set[str]:
        return {url for name, urls in self.active.items() if name != "own" for url in urls} - {"closed.invalid"}


@tries(
    "zscaler-url-category",
    *("install", "empty", "again", "grow", "shrink", "interrupted", "unordered", "back", "neighbors", "remove"),
)
def test_categories_are_replaced_list_by_list(tmp_path: Path) -> None:
    portal = Portal()
    portal.put("own", ["www.contoso.com"])
    name, out = "zscaler-url-category", tmp_path / "out"
    small, large = plan("teams-mobile-push"), plan()

    def lists(which: Plan, **options: str) -> dict[str, list[str]]:
        """The lists after a render into the folder: a person sees a category for each."""
        kept = load_kept(out, targets[name])
        write([targets[name](Style(options=options, kept=kept)).render(which)], out, allow_empty=True)
        return {p.stem: p.read_text().splitlines() for p in (out / name).glob("*.txt") if p.name != "index.txt"}

    def wanted(which: Plan) -> set[str]:
        found = set()
        for each in which.to_dict()["flows"]:
            path = each["path"] if each["path"] and each["tcp"] == "80" else ""
            hosts = each["destination"]["hosts"] if each["direction"] == "outbound" else []
            found |= {h.removeprefix("*") + path for h in hosts if "*" not in h.removeprefix("*.")}
        return found

    for which in (small, large, large, small, large):
        for category, urls in lists(which).items():
            portal.put(category, urls)
            assert wanted(small) & wanted(which) <= portal.matched() or not portal.active, "others are active as before"
        portal.activate()
        assert portal.matched() == wanted(which)
    lists(small)  # rendered, and not entered
    for category, urls in lists(plan("teams-mobile-push", "ncsi")).items():
        portal.put(category, urls)
    portal.activate()
    assert portal.matched() == wanted(plan("teams-mobile-push", "ncsi"))
    with pytest.raises(EmptyArtifactError):
        lists(replace(large, flows=()))
    remaining = lists(small, gone="remove")
    for category in list(portal.saved):
        if category != "own" and category not in remaining:
            del portal.saved[category]
    assert {*portal.saved} == {*remaining, "own"} - (remaining.keys() - portal.saved.keys())
    portal.saved = {"own": portal.saved["own"]}
    portal.activate()
    assert portal.active == {"own": ["www.contoso.com"]}


@tries("report", "install", "empty", "again", "grow", "shrink", "back", "remove")
def test_the_report_is_that_of_the_present_plan(tmp_path: Path) -> None:
    seen: dict[int, bytes] = {}
    folder = tmp_path / "report"
    with chromium() as browser:
        page = browser.new_page()
        for which in (SMALL, LARGE, NOTHING, SMALL, SMALL):
            published(which, "report", tmp_path)
            page.goto((folder / "index.html").as_uri())
            shown = page.eval_on_selector_all("[id^=f-]", "all => all.filter(e => e.checkVisibility()).map(e => e.id)")
            assert set(shown) == {f"f-{_anchor(f)}" for f in which.flows}
            content = (folder / "index.html").read_bytes()
            assert seen.setdefault(id(which), content) == content
    with Shell(folder) as shell:
        shell.follow(targets["report"]().commands("remove"))
    assert {path.name for path in folder.iterdir()} == {".perimeter365.json", "losses.json"}


def _anchor(each: Any) -> str:
    slug = each.id.replace("/", "-")
    return slug if each.id.startswith("ws/") else f"{slug}-{each.cloud}"


# -- what the tables say -----------------------------------------------------------------------------------------------


def test_anyone_unknown_and_a_list_are_told_apart_in_csv_and_parquet() -> None:
    from pyarrow import parquet

    known, anyone, unknown = party("client", "10.0.0.0/8"), party("internet"), party("azure")
    which = by_hand(
        flow("row/6/anyone", known, anyone, tcp="443"),
        flow("row/6/unknown", known, unknown, tcp="443"),
        flow("row/6/known", known, party("azure", "52.96.0.0/14"), tcp="443"),
    )
    files = {a.name: a.content for name in ("csv", "parquet") for a in render(which, name).artifacts}
    rows = list(csv.DictReader(io.StringIO(files["flows.csv"].decode(), newline="")))
    assert {row["id"]: (row["source_kind"], row["destination_kind"]) for row in rows} == {
        "row/6/anyone": ("list", "any"),
        "row/6/unknown": ("list", "unknown"),
        "row/6/known": ("list", "prefix"),
    }
    table = parquet.read_table(io.BytesIO(files["flows.parquet"])).to_pylist()
    assert {row["id"]: (row["destination_anyone"], len(row["destination_prefixes"])) for row in table} == {
        "row/6/anyone": (True, 0),
        "row/6/unknown": (False, 0),
        "row/6/known": (False, 1),
    }
    (prefix,) = parquet.read_table(io.BytesIO(files["prefixes.parquet"])).to_pylist()
    assert (prefix["clouds"], prefix["tcp"]) == (["worldwide"], [{"first": 443, "last": 443}])
