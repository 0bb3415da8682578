"""Plans as values: JSON, title, ends of flows, warnings and dates."""

import json
import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING, EntryDate, EntryState
from perimeter365.model.requirement import FlowFact, Party
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import (
    DECIDE,
    WARNINGS,
    Plan,
    PlanFlow,
    PlanParty,
    PlanRecord,
    PlanSite,
    PlanWarning,
    WarningCode,
)
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.load import read_catalog
from tests.model.samples import catalog, endpoint_set, hosts, inbound, prefixes, record, site
from tests.plan.samples import planned, role

ROLES = {"mrs-proxy": role("mrs.contoso.com", "203.0.113.10"), "client": role("10.0.0.0/8")}
SET_1 = endpoint_set(1, prefixes=prefixes("13.107.6.152/31", "2603:1006::/40"), hosts=hosts("outlook.example.com"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    source = Party(role="exchange-online", sets=(1,))
    made = catalog(
        inbound(source=source, path=("/EWS/mrsproxy.svc",), condition="While mailboxes move."),
        site(),
        record(),
        sets=(SET_1,),
    )
    return planned(made, "row/6", "row/16", "dns", "exchange", roles=ROLES, email_domains=("contoso.com",))


def test_the_json_of_a_plan_is_as_specified(plan: Plan) -> None:
    found = json.loads(plan.to_json())
    assert found["organization"] == "Contoso"
    assert found["catalog"] == {"worldwide": {"version": "2026080200", "origin": "recorded"}}
    evidence = [{"document": "https://learn.microsoft.com/x", "date": "2025-01-08", "confidence": "high"}]
    # docs/json.md
    assert found["flows"][0] == {
        "id": "row/6/mrs-proxy",
        "cloud": "worldwide",
        "scenario": "mailbox-migration",
        "row": 6,
        "sets": ["worldwide/1"],
        "direction": "inbound",
        "source": {
            "role": "exchange-online",
            "hosts": [],
            "prefixes": ["13.107.6.152/31", "2603:1006::/40"],
        },
        "destination": {"role": "mrs-proxy", "hosts": ["mrs.contoso.com"], "prefixes": ["203.0.113.10/32"]},
        "tcp": "443",
        "udp": "",
        "path": "/EWS/mrsproxy.svc",
        "category": None,
        "required": False,
        "tls_inspection": "unset",
        "condition": "While mailboxes move.",
        "retired": None,
        "evidence": evidence,
    }
    web_service = found["flows"][1]
    assert (web_service["row"], web_service["sets"], web_service["path"]) == (None, ["worldwide/1"], None)
    assert (web_service["category"], web_service["tls_inspection"]) == ("optimize", "off")
    assert web_service["source"] == {"role": "client", "hosts": [], "prefixes": ["10.0.0.0/8"]}
    (one,) = found["sites"]
    assert one == {
        "id": "row/16/teams",
        "cloud": "worldwide",
        "scenario": "teams-sites",
        "row": 16,
        "host": "*.teams.example.com",
        "scheme": "https",
        "zone": "trusted",
        "cookies": False,
        "condition": "",
        "evidence": evidence,
    }
    (entry,) = found["records"]
    assert {key: entry[key] for key in ("id", "cloud", "scenario", "name", "type", "value", "ttl", "condition")} == {
        "id": "dns/autodiscover",
        "cloud": "worldwide",
        "scenario": "dns",
        "name": "autodiscover.contoso.com",
        "type": "CNAME",
        "value": "autodiscover.example.com",
        "ttl": 3600,
        "condition": "",
    }
    assert all(set(w) == {"code", "id", "message", "level", "remedy", "accepted"} for w in found["warnings"])


def test_no_field_of_a_fact_is_left_out_of_the_json() -> None:
    assert {f.name for f in fields(PlanFlow)} | {"row"} == {*PlanFlow.KEYS, "former"}
    assert {f.name for f in fields(PlanSite)} | {"row"} == set(PlanSite.KEYS)
    # Records are of the DNS scope, which is not a row; `zone` is only in the stored plan.
    assert {f.name for f in fields(PlanRecord)} - {"zone"} == set(PlanRecord.KEYS)


def test_items_of_a_plan_have_the_fields_of_requirements() -> None:
    fact = inbound(path=("/EWS/*",), category="allow", tls_inspection="off", required=True, retired=date(2026, 1, 1))
    source, destination = PlanParty(role="exchange-online"), PlanParty(role="mrs-proxy")
    made = PlanFlow.of(fact, sets=(), source=source, destination=destination)
    same = {f.name for f in fields(FlowFact)} - {"source", "destination"}
    assert {name: getattr(made, name) for name in same} == {name: getattr(fact, name) for name in same}
    assert (made.source, made.destination, made.row) == (source, destination, 6)


def test_the_json_is_ascii_and_ends_in_a_newline(plan: Plan) -> None:
    text = replace(plan, organization="Ünïcödé \u202e").to_json()
    assert text.isascii()
    assert text.endswith("}\n")


def test_the_title_names_organization_versions_and_profile(plan: Plan) -> None:
    assert re.fullmatch(r"Contoso: catalog worldwide 2026080200 \(recorded\), profile [0-9a-f]{12}", plan.title())


def test_the_ends_of_a_flow(plan: Plan) -> None:
    incoming, outgoing = plan.flows
    assert incoming.theirs is incoming.source
    assert incoming.ours is incoming.destination
    assert outgoing.theirs is outgoing.destination
    assert outgoing.ours is outgoing.source
    internal = replace(outgoing, direction="internal")
    assert internal.theirs is None
    assert internal.ours is internal.source


@pytest.mark.parametrize(
    ("value", "complete"),
    [("autodiscover.example.com", True), ("0 <mx-token>.example.com", False), ("MS=<verification-token>", False)],
)
def test_a_record_without_unfilled_parts_is_complete(plan: Plan, value: str, complete: bool) -> None:
    assert replace(plan.records[0], value=value).complete is complete


@pytest.mark.parametrize("what", [{"hosts": hosts("a.example.com")}, {"prefixes": prefixes("192.0.2.0/24")}], ids=str)
def test_anyone_has_no_names_and_addresses(what: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="anyone"):
        PlanParty(role="internet", **what)


def test_warnings_have_a_code_that_is_explained() -> None:
    wrong: Any = "typo"
    with pytest.raises(ValueError, match="'typo' is not the code"):
        PlanWarning(code=wrong, id="row/6", message="")
    assert tuple(WARNINGS) == get_args(WarningCode)
    assert all(WARNINGS.values())
    assert set(WARNINGS) > DECIDE


# -- dates -------------------------------------------------------------------------------------------------


def entry(value: str, state: EntryState, day: int) -> EntryDate:
    return EntryDate(day=date(2030, 7, day), cloud=Cloud.WORLDWIDE, id="ws/worldwide/1", value=value, state=state)


def test_a_plan_without_dates_has_no_dates_in_json(plan: Plan) -> None:
    assert "dates" not in plan.to_dict()
    assert plan.differs == ""
    assert plan.without_ahead == plan


def test_dates_are_in_the_json_and_the_title(plan: Plan) -> None:
    dates = (entry("a.example.com", KEPT, 1), entry("b.example.com", KEPT, 2), entry("192.0.2.0/24", WAITING, 3))
    dated = replace(plan, dates=dates)
    assert dated.to_dict()["dates"][2] == {
        "id": "ws/worldwide/1",
        "cloud": "worldwide",
        "value": "192.0.2.0/24",
        "state": "waiting",
        "day": "2030-07-03",
    }
    assert dated.title() == (
        f"{plan.title()}, 2 removed by Microsoft and kept, the first until 2030-07-01; "
        "1 not opened yet, the first from 2030-07-03"
    )


def test_entries_ahead_of_their_day_are_no_difference(plan: Plan) -> None:
    ahead = replace(plan, dates=(entry("192.0.2.0/24", AHEAD, 3),))
    assert ahead.title() == plan.title()
    assert ahead.without_ahead == plan
    assert ahead != plan


# -- decisions of tenants: each is gone when the key that it names is written ------------------------------------------

TENANTS = sorted((Path(__file__).parent / "profiles" / "tenants").glob("*.toml"))

SETTLED_BY = {
    "[roles] adfs-proxy": 'adfs-proxy = ["203.0.113.40", "sts.tenant.example"]',
    "[roles] adfs-server": 'adfs-server = ["10.60.5.41"]',
    "[roles] domain-controller": 'domain-controller = ["10.60.1.10"]',
    "[roles] entra-connect": 'entra-connect = ["10.60.5.10"]',
    "[roles] health-agent": 'health-agent = ["10.60.5.10"]',
    "[roles] load-balancer": 'load-balancer = ["10.60.5.40"]',
    "[roles] pass-through-agent": 'pass-through-agent = ["10.60.5.11"]',
}
"""Remedy of a decision -> the line that is written into [roles]."""


def plan_of_text(text: str) -> Plan:
    return make_plan(read_catalog("embedded"), parse_profile(text))


@pytest.mark.parametrize("path", TENANTS, ids=[p.stem for p in TENANTS])
def test_each_decision_of_a_tenant_is_gone_when_its_key_is_written(path: Path) -> None:
    text = path.read_text("utf-8")
    before = plan_of_text(text)
    remedies = {w.remedy for w in before.decisions}
    assert {"[roles] adfs-proxy", "[roles] entra-connect"} <= remedies <= set(SETTLED_BY)
    for remedy in remedies:
        after = plan_of_text(text + SETTLED_BY[remedy])
        assert after.decisions == tuple(w for w in before.decisions if w.remedy != remedy)
    assert plan_of_text(text + "\n".join(SETTLED_BY[remedy] for remedy in remedies)).decisions == ()
