"""What is known about entries besides the list: assigned, removed, and differences between documents."""

import json
from datetime import date

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.compiled import compile_catalog
from perimeter365.model.lookup import Index
from perimeter365.model.provenance import Provenance
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded

# The scheduled copies of the web service by service area, of 2026-02-27 (China), 2026-06-30 (DoD), 2026-07-01 (GCC High):
# what they have and the list with set ids had not.
ASSIGNED = {
    Cloud.CHINA: {
        1: {"40.73.132.0/22", "40.73.164.0/22", "2406:e500:4010::/44", "2406:e500:4030::/44", "2406:e500:4040::/44",
            "2406:e500:4110::/44", "2406:e500:4210::/44", "2406:e500:4310::/44"},
    },
    Cloud.GCCHIGH: {16: {"20.35.0.0/22"}},
    Cloud.DOD: {15: {"20.35.4.0/22"}},
}  # fmt: skip
REMOVED = {
    (Cloud.CHINA, 7): {"*.chinacloudapp.cn": "2025-12-30", "*.chinacloudsites.cn": "2025-12-30"},
    (Cloud.GCCHIGH, 18): {
        "ocsa.officeapps.live.com": "2026-06-30", "officecdn.microsoft.com.edgesuite.net": "2026-05-29",
    },
    (Cloud.DOD, 17): {"ocsa.officeapps.live.com": "2026-06-30", "officecdn.microsoft.com.edgesuite.net": "2026-05-29"},
    (Cloud.DOD, 15): {"52.127.72.42/32": "2026-06-30", "52.127.76.42/32": "2026-06-30"},
}  # fmt: skip
# Service area -> number of names and prefixes in those copies, without Intune, whose own pages are the source of its sets.
COUNTS = {
    Cloud.CHINA: {"common": 67, "exchange": 31, "sharepoint": 6, "teams": 12},
    Cloud.GCCHIGH: {"common": 72, "exchange": 31, "sharepoint": 9, "teams": 9},
    Cloud.DOD: {"common": 74, "exchange": 24, "sharepoint": 9, "teams": 11},
}


@pytest.mark.parametrize("cloud", COUNTS, ids=str)
def test_each_area_has_as_many_entries_as_the_copy_by_area(cloud: Cloud) -> None:
    entries: dict[str, set[str]] = {}
    for each in (s for s in embedded().endpoint_sets(cloud) if s.area != "intune"):
        entries.setdefault(each.area, set()).update(each.listed, (host.text for host in each.hosts))
    assert {area: len(found) for area, found in sorted(entries.items())} == dict(sorted(COUNTS[cloud].items()))


def test_assigned_entries_are_named_with_their_document() -> None:
    for cloud, sets in ASSIGNED.items():
        known = embedded().provenance[cloud]
        for number, values in sets.items():
            assert set(known.assigned[number]) == values
            flow = embedded().flow(embedded().endpoint_set(f"{cloud}/{number}"))
            assert [e.confidence for e in flow.evidence] == ["high", "medium"]
    assert embedded().provenance[Cloud.CHINA].assigned[20] == embedded().provenance[Cloud.CHINA].assigned[1]
    assert {c for c, known in embedded().provenance.items() if known.assigned} == set(ASSIGNED)
    assert set(embedded().provenance[Cloud.DOD].assigned) == {15}


def test_what_is_gone_has_its_day_and_is_in_no_set_any_more() -> None:
    for (cloud, number), values in REMOVED.items():
        found = {entry.value: entry.by.isoformat() for entry in embedded().provenance[cloud].removed_from(number)}
        assert found == values
        own = embedded().endpoint_set(f"{cloud}/{number}")
        assert not found.keys() & {*own.listed, *(host.text for host in own.hosts)}


def test_no_assigned_entry_is_a_source_of_an_inbound_flow_of_the_us_government() -> None:
    """China's follow from the same group of prefixes in both sets; the other two could belong to any set of their area."""
    numbers = {(c, n) for c in (Cloud.GCCHIGH, Cloud.DOD) for n in embedded().provenance[c].assigned}
    for req in embedded().row_requirements():
        source = getattr(req, "source", None)
        assert not {(req.cloud, n) for n in getattr(source, "sets", ())} & numbers, req.id


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("40.73.134.1", {"ws/china/1", "ws/china/20"}),
        ("20.35.0.1", {"ws/gcchigh/16"}),
        ("20.35.4.1", {"ws/dod/15"}),
    ],
)
def test_lookup_says_that_an_entry_is_assigned(value: str, found: set[str]) -> None:
    matches = [m for m in Index.embedded().lookup(value).matches if m.assigned]
    assert {m.entry.id for m in matches} == found
    assert {(m.to_dict()["confidence"], m.to_dict()["assigned"]) for m in matches} == {("medium", True)}


def test_lookup_says_nothing_of_it_about_other_entries() -> None:
    for match in Index.embedded().lookup("52.112.0.5").matches:
        assert match.confidence == "high"
        assert not {"confidence", "assigned"} & match.to_dict().keys()


@pytest.mark.parametrize(
    ("value", "cloud", "note"),
    [
        ("ocsa.officeapps.live.com", "gcchigh", "ocsa.officeapps.live.com was in ws/gcchigh/18, and was gone by 2026-06-30"),
        ("a.chinacloudapp.cn", "china", "*.chinacloudapp.cn was in ws/china/7, and was gone by 2025-12-30"),
    ],
)
def test_lookup_names_the_day_by_which_an_entry_was_gone(value: str, cloud: str, note: str) -> None:
    result = Index.embedded().lookup(value, [cloud])
    assert not [m for m in result.matches if m.entry.id.startswith("ws/")]
    assert note in result.notes
    assert note not in Index.embedded().lookup(value, ["worldwide"]).notes


# The web service's generated table has *.identity-sovcloud.fr; Microsoft's Exchange scripts sign in at
# login.sovcloud-identity.fr, which is not under it (supplement, fact 11 on sovereign clouds).
@pytest.mark.parametrize(("cloud", "tld", "number"), [("france", "fr", 3), ("germany", "de", 38)])
def test_the_conflict_of_names_is_shown_and_opens_nothing(cloud: str, tld: str, number: int) -> None:
    index = Index.embedded()
    (note,) = [n for n in index.lookup(f"login.sovcloud-identity.{tld}", [cloud]).notes if n.startswith(f"ws/{cloud}/")]
    assert f"*.identity-sovcloud.{tld}" in note
    assert not [m for m in index.lookup(f"login.sovcloud-identity.{tld}").matches if m.entry.id.startswith("ws/")]
    listed = index.lookup(f"login.identity-sovcloud.{tld}", [cloud])
    assert ([m.entry.id for m in listed.matches], note in listed.notes) == ([f"ws/{cloud}/{number}"], True)
    plan = make_plan(embedded(), Profile(clouds=(Cloud(cloud),)))
    assert f"*.identity-sovcloud.{tld}" in {h.text for f in plan.flows for h in f.destination.hosts}
    assert not [h for f in plan.flows for h in f.destination.hosts if "sovcloud-identity" in h.text]
    assert {w.id for w in plan.warnings if w.code == "assumed"} == {f.id for f in plan.flows}


def test_provenance_needs_a_document() -> None:
    with pytest.raises(CatalogError):
        Provenance(assigned={1: ("192.0.2.0/24",)})


def test_the_index_carries_the_removed_entries() -> None:
    data = json.loads(json.dumps(compile_catalog(embedded())))
    days = {remark.get("removed") for remark in data["remarks"] if remark["cloud"] == "china"}
    assert days == {"2025-12-30", date(2026, 2, 27).isoformat()}
