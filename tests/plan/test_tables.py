"""Plans as tables: each requirement and warning has a row."""

from dataclasses import replace
from datetime import date

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, EntryDate, EntryState
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import PlanParty
from perimeter365.plan.profile import Profile
from perimeter365.plan.tables import SHOWN, end_text, tables
from perimeter365.show.tables import Table
from perimeter365.sources.load import read_catalog

CATALOG = read_catalog("embedded")


def plan_tables(*clouds: Cloud) -> dict[str, Table]:
    plan = make_plan(CATALOG, Profile(clouds=clouds, scenarios=("all",), tenant="contoso", email_domains=("contoso.com",)))
    found = {t.title.rpartition(" (")[0]: t for t in tables(plan)}
    assert sum(len(t.rows) for t in found.values()) == len(plan.flows) + len(plan.sites) + len(plan.records) + len(
        plan.warnings
    )
    return found


def test_each_kind_and_direction_has_its_table() -> None:
    found = plan_tables(Cloud.WORLDWIDE)
    kinds = ["Outbound flows", "Inbound flows", "Internal flows", "Browser sites", "DNS records", "Warnings"]
    assert list(found) == kinds
    assert all(len(row) == len(t.columns) for t in found.values() for row in t.rows)


def test_several_clouds_have_a_column() -> None:
    assert "cloud" not in plan_tables(Cloud.WORLDWIDE)["Outbound flows"].columns
    assert "cloud" in plan_tables(Cloud.WORLDWIDE, Cloud.CHINA)["Outbound flows"].columns


@pytest.mark.parametrize(
    ("party", "text"),
    [
        (PlanParty(role="internet"), "anyone"),
        (PlanParty(role="client"), "client (no address)"),
        (PlanParty(role="client", prefixes=PrefixSet.parse(["10.0.0.0/8"])), "client 10.0.0.0/8"),
        (
            PlanParty(
                role="teams",
                hosts=(HostPattern("a.example.com"),),
                prefixes=PrefixSet.parse(["192.0.2.0/24", "198.51.100.0/24"]),
            ),
            "teams a.example.com, 192.0.2.0/24 +1",
        ),
        (
            PlanParty(role="client", hosts=(HostPattern("a.example.com"),), prefixes=PrefixSet.parse(["10.0.0.0/8"])),
            "client 10.0.0.0/8, a.example.com",
        ),
    ],
)
def test_an_end_shows_its_first_values(party: PlanParty, text: str) -> None:
    assert end_text(party) == text
    assert SHOWN == 2


def test_a_source_shows_its_addresses_first() -> None:
    party = PlanParty(role="teams", hosts=(HostPattern("a.example.com"),), prefixes=PrefixSet.parse(["192.0.2.0/24"]))
    assert end_text(party, source=True) == "teams 192.0.2.0/24, a.example.com"
    assert end_text(party) == "teams a.example.com, 192.0.2.0/24"


def test_dated_entries_are_counted_at_their_flow_and_listed() -> None:
    plan = make_plan(CATALOG, Profile(clouds=(Cloud.WORLDWIDE,)))
    states: dict[str, EntryState] = {"192.0.2.0/24": KEPT, "new.example.com": AHEAD}
    one, other = (
        EntryDate(day=date(2030, 7, 1), cloud=Cloud.WORLDWIDE, id="ws/worldwide/11", value=value, state=state)
        for value, state in states.items()
    )
    found = {t.title: t for t in tables(replace(plan, dates=(one, other)))}
    assert found["Effective dates (2)"].rows == (
        ("ws/worldwide/11", "192.0.2.0/24", "kept until 2030-07-01"),
        ("ws/worldwide/11", "new.example.com", "in use from 2030-07-01, opened already"),
    )
    remarks = {row[0]: row[-1] for t in found.values() if t.title.startswith("Outbound") for row in t.rows}
    assert remarks["ws/worldwide/11"].endswith(", 1 kept, 1 ahead")
    assert not [key for key, text in remarks.items() if "kept" in text and key != "ws/worldwide/11"]
