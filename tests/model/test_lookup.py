"""Lookups, compared with the files of the facts by `ipaddress` and regular expressions."""

import ipaddress
import json
import random
import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache

import pytest

from perimeter365.errors import HostPatternError, InputError, PortError, PrefixError
from perimeter365.model.lookup import Index
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.query import IndexEntry, Query, mismatch, parse_query
from perimeter365.sources.embedded import FACTS

INDEX = Index.embedded()
SETS = [
    (data["cloud"], item)
    for path in sorted((FACTS / "instances").iterdir(), key=str)
    for data in [json.loads(path.read_text(encoding="utf-8"))]
    for item in data["sets"]
] + [
    (item["cloud"], {"prefixes": [], **item})
    for item in tomllib.loads((FACTS / "intune.toml").read_text(encoding="utf-8"))["set"]
]
PREFIXES = [
    (f"ws/{cloud}/{item['id']}", cloud, [ipaddress.ip_network(text) for text in item["prefixes"]]) for cloud, item in SETS
]


def ids(value: str, *clouds: str) -> set[tuple[str, str]]:
    return {(m.entry.id, m.entry.cloud) for m in INDEX.lookup(value, clouds).matches}


def by_address(value: str) -> set[tuple[str, str]]:
    """Return the sets whose published prefixes contain an address or prefix, by `ipaddress`."""
    network = ipaddress.ip_network(value)
    return {
        (name, cloud)
        for name, cloud, prefixes in PREFIXES
        for listed in prefixes
        if listed.version == network.version and network.subnet_of(listed)  # type: ignore[arg-type]
    }


def by_name(name: str) -> set[tuple[str, str]]:
    """Return the sets with a published pattern that matches a name."""
    return {
        (f"ws/{cloud}/{item['id']}", cloud)
        for cloud, item in SETS
        if any(regex(pattern).fullmatch(name) for pattern in item["hosts"])
    }


@cache
def regex(pattern: str) -> re.Pattern[str]:
    """Convert a pattern to a regular expression, by the grammar of `model.host`."""
    whole = pattern.startswith("*.") or ".*." in pattern
    return re.compile(re.escape(pattern).replace(r"\*", ".+" if whole else ".*"))


def addresses() -> list[str]:
    """Return addresses inside of and next to some published prefixes."""
    source = random.Random(1)
    found = []
    for _, item in SETS:
        for text in source.sample(item["prefixes"], min(2, len(item["prefixes"]))):
            network = ipaddress.ip_network(text)
            first, last = int(network[0]), int(network[-1])
            kind = type(network[0])
            found += [str(kind(n)) for n in (first - 1, first, (first + last) // 2, last, last + 1)]
    return found


def test_addresses_are_in_the_sets_that_list_them() -> None:
    values = addresses()
    assert len(values) > 200
    for value in values:
        assert {i for i in ids(value) if i[0].startswith("ws/")} == by_address(value), value


def test_names_are_in_the_sets_that_list_them() -> None:
    patterns = {host for _, item in SETS for host in item["hosts"]}
    names = {p.replace("*", "x") for p in patterns} | {p.replace("*", "a.b") for p in patterns}
    names |= {p.removeprefix("*.") for p in patterns if p.count(".") > 1 and "*" not in p[1:]}
    assert len(names) > 500
    for name in sorted(names):
        assert {i for i in ids(name) if i[0].startswith("ws/")} == by_name(name), name


@pytest.mark.parametrize("cloud", ["worldwide", "gcchigh", "dod", "china", "germany"])
def test_one_cloud_only(cloud: str) -> None:
    value = next(item["prefixes"][0] for c, item in SETS if c == cloud and item["prefixes"])
    assert {c for _, c in ids(value, cloud)} == {cloud}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("52.112.0.5", "address"),
        ("2603:1006::1", "address"),
        ("52.112.0.5:443", "address"),
        ("[2603:1006::1]:443", "address"),
        ("52.112.0.0/14", "prefix"),
        ("2603:1006::/40", "prefix"),
        ("aka.ms", "host"),
        ("AKA.MS.", "host"),
        ("*.sharepoint.com", "host"),
        ("smtp.office365.com:587", "host"),
        ("https://aka.ms/hybridwizard", "url"),
        ("aka.ms/hybridwizard", "url"),
        ("https://user:secret@aka.ms:443/x?y#z", "url"),
        ("https://52.112.0.5/", "url"),
        ("https://[2603:1006::1]:443/", "url"),
    ],
)
def test_the_kind_of_a_value(value: str, kind: str) -> None:
    assert parse_query(value).kind == kind


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("", InputError),
        ("teams", InputError),
        ("row/6", InputError),
        ("300.1.1.1", PrefixError),
        ("10.0.0.1/24", PrefixError),
        ("fe80::1%eth0", PrefixError),
        ("::ffff:10.0.0.1", PrefixError),
        ("[2603:1006::1", PrefixError),
        ("a b.example", HostPatternError),
        ("bücher.example", HostPatternError),
        ("*.com", HostPatternError),
        ("http://", InputError),
        ("aka.ms:0", PortError),
        ("aka.ms:99999", PortError),
        ("aka.ms:1-5", PortError),
        ("aka.ms:", PortError),
        ("aka.ms\n", InputError),
        ("https://aka.ms/\x1b[31m", InputError),
        ("x" * 9000 + ".example.com", InputError),
    ],
)
def test_other_values_are_rejected(value: str, error: type[InputError]) -> None:
    with pytest.raises(error):
        parse_query(value)


def test_the_name_of_a_scenario_leads_to_show() -> None:
    with pytest.raises(InputError) as caught:
        parse_query("row/6")
    assert "perimeter365 show row/6" in caught.value.help


def test_ports_are_compared_if_the_value_has_one() -> None:
    # Set 2 of Worldwide: IMAP, POP and submission; set 1: HTTPS
    assert ("ws/worldwide/2", "worldwide") in ids("outlook.office365.com:993")
    assert ("ws/worldwide/1", "worldwide") not in ids("outlook.office365.com:993")
    assert ("ws/worldwide/1", "worldwide") in ids("https://outlook.office365.com/mail")
    assert ids("outlook.office365.com:8443") == set()


def test_paths_are_compared_if_the_entry_has_them() -> None:
    # row 9: aka.ms/hybridwizard is a host with a path
    def row9(value: str) -> bool:
        return any(m.entry.scenario == "hybrid-configuration-wizard" for m in INDEX.lookup(value, ["worldwide"]).matches)

    assert row9("https://aka.ms/hybridwizard")
    assert row9("aka.ms/HybridWizard?x=1")
    assert not row9("https://aka.ms/other")
    assert row9("aka.ms")  # no path: it may be the one
    assert mismatch(next(e for e in INDEX.entries if e.paths == ["/hybridwizard"]), parse_query("https://aka.ms/other"))


def test_a_row_has_the_addresses_of_its_sets() -> None:
    # row 6: Exchange Online (set 1) connects to the MRS proxy; row 18: the hosts of set 117 are sites
    sources = [m for m in INDEX.lookup("40.96.0.1", ["worldwide"]).matches if m.entry.scenario == "mailbox-migration"]
    assert [(m.entry.role, m.entry.direction, m.matched) for m in sources] == [("source", "inbound", "40.96.0.0/13")]
    sites = [m for m in INDEX.lookup("www.yammer.com", ["worldwide"]).matches if m.entry.role == "site"]
    assert [(m.entry.scenario, m.entry.direction) for m in sites] == [("yammer-sites", None)]


def test_sources_match_by_address_not_by_name() -> None:
    assert not [m for m in INDEX.lookup("outlook.office365.com").matches if m.entry.scenario == "mailbox-migration"]


def test_the_most_specific_pattern_is_reported() -> None:
    (match,) = [m for m in INDEX.lookup("smtp.office365.com", ["worldwide"]).matches if m.entry.id == "ws/worldwide/2"]
    assert match.matched == "smtp.office365.com"
    (one,) = [m for m in INDEX.lookup("contoso-my.sharepoint.com", ["worldwide"]).matches if m.entry.role == "site"]
    assert one.matched == "<tenant>-my.sharepoint.com"


@pytest.mark.parametrize(
    ("name", "matched"),
    [
        ("contoso.sharepoint.com", True),
        ("contoso-my.sharepoint.com", True),
        ("a.b.sharepoint.com", False),  # a tenant's name has no dot
        ("sharepoint.com", False),
    ],
)
def test_a_template_matches_the_names_of_any_tenant(name: str, matched: bool) -> None:
    found = [m for m in INDEX.lookup(name, ["worldwide"]).matches if m.entry.scenario == "sharepoint-sites"]
    assert bool(found) is matched


def test_a_template_of_a_mail_domain_matches_nothing() -> None:
    # autodiscover.<email_domain> could be any organization's name
    assert ids("autodiscover.example.org") == set()


def test_a_record_matches_its_target() -> None:
    found = INDEX.lookup("sipdir.online.lync.com", ["worldwide"]).matches
    assert "dns/sip" in {m.entry.id for m in found if m.entry.role == "record"}
    # row 24: the address that Windows expects for dns.msftncsi.com
    assert "record" in {m.entry.role for m in INDEX.lookup("131.107.255.255").matches}


def test_a_prefix_matches_fully_partially_or_not() -> None:
    whole = INDEX.lookup("52.112.4.0/24", ["worldwide"])
    part = INDEX.lookup("52.112.0.0/13", ["worldwide"])
    assert ("ws/worldwide/11", "52.112.0.0/14") in [(m.entry.id, m.matched) for m in whole.matches]
    assert not whole.partial
    assert not part.matches
    (eleven,) = [m for m in part.partial if m.entry.id == "ws/worldwide/11"]
    assert eleven.parts == ["52.112.0.0/14"]
    assert part.to_dict()["partial"][0]["matched"] == ["52.112.0.0/14"]
    assert not INDEX.lookup("192.0.2.0/24").partial


def test_a_pattern_matches_patterns_that_cover_it() -> None:
    assert ("ws/worldwide/31", "worldwide") in ids("*.sharepoint.com")
    assert ("ws/worldwide/31", "worldwide") in ids("*-my.sharepoint.com")
    assert ids("*.contoso.com") == set()


def test_json_leaves_out_empty_parts() -> None:
    answer = INDEX.lookup("192.0.2.1").to_dict()
    assert set(answer) == {"value", "kind", "matches", "notes"}
    match = INDEX.lookup("52.112.0.5", ["worldwide"]).matches[0].to_dict()
    assert set(match) == {"id", "cloud", "scenario", "direction", "category", "matched", "as"}
    limited = next(m for m in INDEX.lookup("40.96.0.1").matches if m.entry.scenario == "mailbox-migration").to_dict()
    assert limited["path"] == ["/EWS/mrsproxy.svc"]
    retired = next(m for m in INDEX.lookup("52.112.0.5").matches if m.entry.scenario == "skype-hybrid").to_dict()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", retired["retired"])


def test_a_query_without_a_prefix_overlaps_nothing() -> None:
    assert list(INDEX.overlapping(Query("x", "host"))) == []


def _mixed() -> list[str]:
    """Return addresses around listed prefixes, and prefixes that end inside, at and beyond their ends."""
    found = addresses()
    found += [f"{a}/{31 if ':' not in a else 127}" for a in found[2::5] if int(ipaddress.ip_address(a)) % 2 == 0]
    found += ["0.0.0.0", "0.0.0.0/0", "255.255.255.255", "::/0", "52.112.0.0/13", "2603:1000::/24", "10.1.2.3", "::1"]
    random.Random(3).shuffle(found)
    return found


@pytest.mark.parametrize("clouds", [[], ["worldwide"], ["china", "dod"]], ids="-".join)
def test_an_answer_does_not_depend_on_the_values_before_it(clouds: list[str]) -> None:
    used = Index.embedded()
    for value in (*_mixed(), *reversed(_mixed())):
        used.lookup(value, clouds)
    for value in _mixed()[::10]:
        assert used.lookup(value, clouds).to_dict() == Index.embedded().lookup(value, clouds).to_dict(), value


def test_thousands_of_addresses_need_few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = []
    whole = Index.addresses

    def counted(self: Index, clouds: Collection[str] = ()) -> Iterator[tuple[IndexEntry, list[PrefixSet]]]:
        searches.append(clouds)
        return whole(self, clouds)

    monkeypatch.setattr(Index, "addresses", counted)
    index = Index.embedded()
    for number in range(5000):
        assert index.lookup(f"52.{112 + number % 4}.{number // 256}.{number % 256}", ["worldwide"]).matches
        assert not index.lookup(f"16.0.{number // 256}.{number % 256}", ["worldwide"]).matches
    assert len(searches) < 30


def test_the_nearest_prefix_is_that_of_ipaddress() -> None:
    index = Index.embedded()
    entries = [e for e in Index.embedded_data()["entries"] if e["cloud"] == "worldwide"]
    listed = [ipaddress.ip_network(text) for e in entries for text in e.get("prefixes", ())]
    checked = 0
    for value in addresses():
        note = next(iter(index.lookup(value, ["worldwide"]).notes), "")
        if "nearest listed prefix" not in note:
            continue
        address = ipaddress.ip_address(value)
        distances = [
            max(int(n[0]) - int(address), int(address) - int(n[-1])) for n in listed if n.version == address.version
        ]
        shown = ipaddress.ip_network(note.split("prefix, ")[1].split(" ")[0])
        assert max(int(shown[0]) - int(address), int(address) - int(shown[-1])) == min(distances), value
        assert ("above" in note) == (int(shown[0]) > int(address))
        checked += 1
    assert checked > 20
