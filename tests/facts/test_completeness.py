"""Every reference fact is in its row, cloud and direction, or excluded.

For each fact and cloud, the tests compare host names, addresses (covered by the union of the prefixes of the row
and its endpoint sets), ports with protocol, URL paths and DNS records. A host or address must be in a requirement
with the ports and direction of the fact. The data files are read with tomllib and json, without the package: the
tests check the data, not the loader.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "src" / "perimeter365" / "facts"
REFERENCE = ROOT.parent / "shared" / "facts" / "other-endpoints.json"
SUPPLEMENT = REFERENCE.parent / "supplement-2026-11.json"
ROW_OF = {"direct-routing": "14", "cloud-sync": "19", "hybrid-join": "19"}
"""Topic of the supplement -> the row that has its requirements."""

Item = dict[str, Any]
Missing = Callable[[Item, str, Item], Iterator[str]]

RULES: Item = tomllib.loads((Path(__file__).parent / "exclusions.toml").read_text("utf-8"))
RENAMES: dict[str, str] = RULES["renames"]
CARRIERS: dict[str, list[str]] = RULES["carriers"]
DIRECTIONS = {
    "outbound": {"outbound"},
    "inbound": {"inbound"},
    "internal": {"internal"},
    "bidirectional": {"inbound", "outbound"},
    "dns": {"inbound", "outbound", "internal"},
}


def read_facts() -> list[Item]:
    if not REFERENCE.is_file():
        pytest.skip("the reference data folder is missing")
    facts: list[Item] = json.loads(REFERENCE.read_text("utf-8"))
    return facts


def read_supplement() -> list[Item]:
    """Return the facts of the supplement about rows, with the key of their row."""
    if not SUPPLEMENT.is_file():
        pytest.skip("the reference data folder is missing")
    facts: list[Item] = json.loads(SUPPLEMENT.read_text("utf-8"))
    found = [{**fact, "row": ROW_OF.get(fact["row"], str(fact["row"]))} for fact in facts]
    return [fact for fact in found if fact["row"] in ROWS and fact["row"] != "dns"]


def read_rows() -> dict[str, Item]:
    rows: dict[str, Item] = {"dns": tomllib.loads((FACTS / "dns.toml").read_text("utf-8"))}
    for path in FACTS.glob("rows/*.toml"):
        row = tomllib.loads(path.read_text("utf-8"))
        rows[str(row["number"])] = row
    return rows


def read_sets() -> dict[tuple[str, int], Item]:
    states = [json.loads(path.read_text("utf-8")) for path in FACTS.glob("instances/*.json")]
    return {(state["cloud"], item["id"]): item for state in states for item in state["sets"]}


ROWS = read_rows()
SETS = read_sets()
GONE: dict[tuple[str, int], list[str]] = {}
"""Cloud and number of a set -> prefixes that it had until a later list."""
for _path in sorted((FACTS / "instances").glob("*.json")):
    for _entry in json.loads(_path.read_text("utf-8")).get("removed", ()):
        if "/" in _entry["value"]:
            GONE.setdefault((_path.stem, _entry["set"]), []).append(_entry["value"])


def clouds_of(fact: Item, row: Item) -> list[str]:
    """Return the clouds of a fact; for on-premises software, those of its row."""
    found: list[str] = row["clouds"] if fact["cloud"] == ["onpremises"] else fact["cloud"]
    return found


def renamed(text: str) -> str:
    for old, new in RENAMES.items():
        text = text.replace(old, new)
    return text


def port_numbers(text: str) -> set[int]:
    numbers: set[int] = set()
    for token in re.findall(r"\d+(?:-\d+)?", text):
        ends = [int(part) for part in token.split("-")]
        numbers.update(range(ends[0], ends[-1] + 1))
    return numbers


def fact_ports(fact: Item) -> list[tuple[str, str, set[int]]]:
    """Return (`tcp/80`, `tcp`, {80}) for each port or range of a fact."""
    protocols = [p for p in fact.get("protocol", "").lower().split("/") if p in ("tcp", "udp")]
    tokens = re.findall(r"\d+(?:-\d+)?", fact.get("ports", ""))
    return [(f"{protocol}/{token}", protocol, port_numbers(token)) for protocol in protocols for token in tokens]


def fact_paths(fact: Item) -> list[str]:
    """Return URL paths without the host."""
    return [re.sub(r"^[^/]+", "", part.strip()) for part in re.split("[,;]", fact.get("path", "")) if part.strip()]


def here(items: Iterable[Item], row: Item, cloud: str) -> list[Item]:
    everywhere: list[str] = row["clouds"]
    return [item for item in items if cloud in item.get("clouds", everywhere)]


def carried(fact: Item, row: Item, kind: str, cloud: str) -> list[Item]:
    """Return the requirements to compare with a fact: all of a kind, or its carriers."""
    names = CARRIERS.get(fact["id"])
    return [r for r in here(row.get(kind, ()), row, cloud) if names is None or r["name"] in names]


def hosts_of(end: Item, cloud: str) -> set[str]:
    """Return the hosts of an end or site: literal, of sets, and the role template."""
    found = set(end.get("hosts", ()))
    for number in end.get("sets", {}).get(cloud, ()):
        found.update(SETS[cloud, number]["hosts"])
    if "role" in end:
        found.add(f"<{end['role']}>")
    return found


def prefixes_of(end: Item, cloud: str) -> list[str]:
    found = list(end.get("prefixes", ()))
    for number in end.get("sets", {}).get(cloud, ()):
        found.extend(SETS[cloud, number]["prefixes"])
        found.extend(GONE.get((cloud, number), ()))  # a fact may be older than the list
    return found


def covered(text: str, prefixes: Iterable[str]) -> bool:
    """Return True if the union of the prefixes covers a prefix."""
    wanted = ip_network(text)
    networks = [ip_network(p) for p in prefixes]
    if isinstance(wanted, IPv4Network):
        four = collapse_addresses(n for n in networks if isinstance(n, IPv4Network))
        return any(wanted.subnet_of(n) for n in four)
    six = collapse_addresses(n for n in networks if isinstance(n, IPv6Network))
    return any(wanted.subnet_of(n) for n in six)


def missing_of_flows(fact: Item, cloud: str, row: Item) -> Iterator[str]:
    """Yield the missing tokens of a fact about connections, by direction."""
    hosts = [(text, renamed(text)) for text in fact.get("fqdns", ())]
    if cloud in fact.get("national", {}):
        hosts = [(fact["national"][cloud],) * 2]
    ports = fact_ports(fact)
    for direction in DIRECTIONS[fact["direction"]]:
        flows = [flow for flow in carried(fact, row, "flow", cloud) if flow["direction"] == direction]

        def carriers(protocol: str, numbers: set[int], flows: list[Item] = flows) -> list[Item]:
            return [flow for flow in flows if numbers <= port_numbers(flow.get(protocol, ""))]

        found = [(token, carriers(protocol, numbers)) for token, protocol, numbers in ports] or [("", flows)]
        for token, some in found:
            if token and not some:
                yield token
            ends = [end for flow in some for end in (flow["source"], flow["destination"])]
            for text, template in hosts:
                if not any(template in hosts_of(end, cloud) for end in ends):
                    yield text
            for text in fact.get("ips", ()):
                if not covered(text, [p for end in ends for p in prefixes_of(end, cloud)]):
                    yield text
        paths = {path.lower() for flow in flows for path in flow.get("path", ())}
        yield from (path for path in fact_paths(fact) if path.lower() not in paths)


def missing_of_sites(fact: Item, cloud: str, row: Item) -> Iterator[str]:
    """Yield the missing tokens of a fact about browser zones."""
    hosts = {host for site in carried(fact, row, "site", cloud) for host in hosts_of(site, cloud)}
    yield from (text for text in fact["fqdns"] if renamed(text) not in hosts)


def missing_of_records(fact: Item, cloud: str, row: Item) -> Iterator[str]:
    """Yield the missing tokens of a fact about a DNS record."""
    records = here(row.get("record", ()), row, cloud)
    if "record" not in fact:
        yield from (
            token
            for token, protocol, numbers in fact_ports(fact)
            if not any(numbers <= port_numbers(f.get(protocol, "")) for f in here(row["flow"], row, cloud))
        )
        owners = {record["owner"].removesuffix(".") for record in records if record.get("duty") == "resolve"}
        yield from (text for text in fact["fqdns"] if text not in owners)
        values = {record["value"] for record in records if record.get("duty") == "resolve"}
        yield from (text for text in fact["ips"] if text not in values)
        return
    wanted = fact["record"]
    owner = renamed(wanted["name"]).removesuffix(".<email_domain>")
    value = renamed(wanted["value"])
    if wanted["type"] == "SRV":
        value = f"{wanted['priority']} {wanted['weight']} {fact['ports']} {value}"
    if wanted["type"] == "MX":
        value = f"0 {value}"  # the lowest preference: ahead of any other MX, as the documents require
    key = (wanted["type"], owner, value, wanted.get("ttl", 3600))
    if key not in {(r["type"], r["owner"].removesuffix("."), r["value"], r.get("ttl", 3600)) for r in records}:
        yield record_token(wanted)


def record_token(wanted: Item) -> str:
    return f"{wanted['type']} {wanted['name']} {wanted['value']}"


def tokens_of(fact: Item) -> set[str]:
    """Return all tokens that an exclusion may refer to."""
    found = {*fact.get("fqdns", ()), *fact.get("ips", ()), *fact_paths(fact)}
    found |= {token for token, _, _ in fact_ports(fact)} | set(fact.get("national", {}).values())
    return found | ({record_token(fact["record"])} if "record" in fact else set())


def missing(fact: Item, rows: dict[str, Item] = ROWS) -> set[str]:
    """Return the tokens of a fact that are missing in one of its clouds."""
    row = rows[str(fact["row"])]
    kinds: dict[str, Missing] = {"client-zone": missing_of_sites, "dns": missing_of_records}
    check = kinds.get(fact["direction"], missing_of_flows)
    if fact["direction"] == "none" or fact["destination_kind"] in ("none", "physical"):
        return set()  # the fact states that nothing is needed
    clouds = [*clouds_of(fact, row), *fact.get("national", {})]
    return {token for cloud in clouds for token in check(fact, cloud, row)}


def test_every_fact_is_in_its_row_or_excluded() -> None:
    excluded = {(e["fact"], e["token"]) for e in RULES["exclusion"]}
    absent = {(fact["id"], token) for fact in read_facts() for token in missing(fact)}
    assert sorted(absent - excluded) == []


def test_every_host_and_prefix_of_the_supplement_is_in_its_row_cloud_and_direction() -> None:
    facts = {fact["id"]: fact for fact in read_supplement()}
    excluded = {
        each["fact"]: each.get("tokens") or [*facts[each["fact"]].get("fqdns", ()), *facts[each["fact"]].get("ips", ())]
        for each in RULES["supplement"]
    }
    absent = []
    for fact in facts.values():
        directions = {"inbound", "outbound", "internal"} & DIRECTIONS.get(fact["direction"], {"inbound", "outbound"})
        for cloud in fact["cloud"]:
            flows = [
                f for f in here(ROWS[fact["row"]].get("flow", ()), ROWS[fact["row"]], cloud) if f["direction"] in directions
            ]
            ends = [end for flow in flows for end in (flow["source"], flow["destination"])]
            hosts = {host for end in ends for host in hosts_of(end, cloud)}
            absent += [(fact["id"], cloud, text) for text in fact.get("fqdns", ()) if text not in hosts]
            prefixes = [p for end in ends for p in prefixes_of(end, cloud)]
            absent += [(fact["id"], cloud, text) for text in fact.get("ips", ()) if not covered(text, prefixes)]
    assert [(about, cloud, text) for about, cloud, text in absent if text not in excluded.get(about, ())] == []


def test_no_exclusion_is_stale() -> None:
    facts = {fact["id"]: fact for fact in read_facts()}
    for exclusion in RULES["exclusion"]:
        fact = facts[exclusion["fact"]]
        assert exclusion["token"] in tokens_of(fact), f"{exclusion}: the fact has no such token"
        assert exclusion["token"] in missing(fact), f"{exclusion}: the catalog has it"


def test_exclusions_are_unique_and_have_a_reason() -> None:
    keys = [(e["fact"], e["token"]) for e in RULES["exclusion"]]
    assert len(keys) == len(set(keys))
    assert all(len(e["reason"]) > 20 for e in [*RULES["exclusion"], *RULES["addition"]])


def test_every_rename_is_used() -> None:
    text = REFERENCE.read_text("utf-8") if REFERENCE.is_file() else pytest.skip("the reference data folder is missing")
    assert [old for old in RENAMES if old not in text] == []


def test_carriers_exist_in_every_cloud_of_their_fact() -> None:
    facts = {fact["id"]: fact for fact in read_facts()}
    for number, names in CARRIERS.items():
        row = ROWS[str(facts[number]["row"])]
        for cloud in clouds_of(facts[number], row):
            found = {r["name"] for kind in ("flow", "site") for r in here(row.get(kind, ()), row, cloud)}
            assert set(names) <= found, (number, cloud)


def test_every_fact_row_and_cloud_exists_in_the_catalog() -> None:
    for fact in read_facts():
        row = ROWS[str(fact["row"])]
        if fact["direction"] != "none" and fact["destination_kind"] not in ("none", "physical"):
            assert set(clouds_of(fact, row)) <= set(row["clouds"]), fact["id"]


def test_the_check_detects_a_row_without_its_requirements() -> None:
    """Each fact with tokens is reported as missing if the rows are empty."""
    bare = {key: {"clouds": row["clouds"], "flow": []} for key, row in ROWS.items()}
    facts = [fact for fact in read_facts() if tokens_of(fact) and fact["destination_kind"] != "none"]
    assert len(facts) > 180
    assert [fact["id"] for fact in facts if not missing(fact, bare)] == []


def test_every_host_and_prefix_of_a_row_is_in_a_fact() -> None:
    facts = {fact["id"]: fact for fact in read_facts()}
    known: dict[str, set[str]] = {}
    for fact in facts.values():
        found = known.setdefault(str(fact["row"]), set())
        found |= {renamed(text) for text in fact.get("fqdns", ())} | set(fact.get("national", {}).values())
        found |= {str(ip_network(text)) for text in fact.get("ips", ())}
    for fact in read_supplement():
        known[fact["row"]] |= {*fact.get("fqdns", ()), *map(str, map(ip_network, fact.get("ips", ())))}
    used: dict[str, set[str]] = {}
    for key, row in ROWS.items():
        ends = [flow[side] for flow in row.get("flow", ()) for side in ("source", "destination")]
        used[key] = {host for end in [*ends, *row.get("site", ())] for host in end.get("hosts", ())}
        used[key] |= {str(ip_network(prefix)) for end in ends for prefix in end.get("prefixes", ())}
    for addition in RULES["addition"]:
        borrowed = {host for number in addition.get("facts", ()) for host in facts[number]["fqdns"]}
        added = borrowed | set(addition.get("hosts", ()))
        key = str(addition["row"])
        assert added & used[key], f"{addition}: the row has none of them"
        assert set(addition.get("hosts", ())) <= used[key], f"{addition}: the row does not have all of them"
        known[key] |= added
    extra = {key: sorted(texts - known[key]) for key, texts in used.items() if not texts <= known[key]}
    assert extra == {}
