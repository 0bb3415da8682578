"""Conditions of requirements: their evaluation, and what a plan does with them."""

from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition
from perimeter365.plan._conditions import Conditions
from perimeter365.plan.choices import DnsSettings
from perimeter365.plan.plan import Plan
from tests.model.samples import catalog, flow, record, site
from tests.plan.samples import codes, planned, profile, role


@pytest.mark.parametrize(
    ("text", "domain", "holds"),
    [
        ("scenario:federation-sts", "", True),
        ("scenario:skype-hybrid", "", False),
        ("scenario:skype-hybrid | role:sbc", "", True),
        ("role:sbc", "", True),
        ("role:mfa-server", "", False),
        ("cloud:worldwide", "", True),
        ("cloud:china", "", False),
        ("dns:autodiscover=cloud", "a.example", True),
        ("dns:autodiscover=cloud", "b.example", False),
        ("dns:autodiscover=on-premises", "b.example", True),
        ("dns:autodiscover", "b.example", True),
        ("dns:autodiscover=on-premises", "", True),  # without a domain: one of them
        ("dns:mx_token", "a.example", False),
        ("dns:spf_senders", "a.example", True),  # no senders is a value
        ("dns:sip=cloud", "a.example", True),  # the value for all domains
    ],
)
def test_each_term_is_evaluated(text: str, domain: str, holds: bool) -> None:
    wanted = profile(
        email_domains=("a.example", "b.example"),
        roles={"sbc": role("192.0.2.1"), "mfa-server": role()},
        dns={
            "": DnsSettings(autodiscover="on-premises", sip="cloud"),
            "a.example": DnsSettings(autodiscover="cloud", spf_senders=()),
        },
    )
    conditions = Conditions(wanted, lambda cloud, name: (cloud, name) == (Cloud.WORLDWIDE, "federation-sts"))
    assert conditions.holds(Condition.parse(text), Cloud.WORLDWIDE, domain) is holds


@pytest.mark.parametrize(
    ("scenario", "dns", "value"),
    [
        ("exchange-hybrid-coexistence", {}, "on-premises"),
        ("row/6", {}, "on-premises"),
        ("china:row/6", {}, "on-premises"),
        ("row/6/mrs-proxy", {}, "on-premises"),
        ("all", {}, "on-premises"),
        ("ncsi", {}, None),
        ("row/6", {"": DnsSettings(autodiscover="cloud")}, "cloud"),
    ],
)
def test_autodiscover_is_on_premises_by_default_while_a_hybrid_scenario_is_on(scenario: str, dns: Any, value: Any) -> None:
    wanted = profile(scenario, email_domains=("a.example",), dns=dns)
    assert wanted.dns_value("autodiscover", "a.example") == value


IN_CLOUD = (Condition.parse("dns:autodiscover=on-premises"),)


def of(*selected: str, **changes: Any) -> Plan:
    made = catalog(
        flow(needs=(Condition.parse("role:sbc"),), condition="Only with a controller."),
        site(unless=(Condition.parse("scenario:pst-import"),)),
        record(unless=IN_CLOUD, condition="Only without Exchange."),
    )
    return planned(made, *selected, **{"email_domains": ("a.example", "b.example")} | changes)


def test_what_a_condition_rules_out_is_noted_and_not_planned() -> None:
    plan = of("row/1", "row/16", "dns", "row/6", dns={"b.example": DnsSettings(autodiscover="cloud")})
    assert (plan.flows, plan.sites) == ((), ())
    assert [r.name for r in plan.records] == ["autodiscover.b.example"]
    notes = {w.id: w.message for w in plan.warnings if w.code == "not-needed"}
    assert notes == {
        "row/1/upload": "not planned, because [roles] sbc is not set: Only with a controller.",
        "row/16/teams": "not planned, because the scenario pst-import is selected",
        "dns/autodiscover": "autodiscover.a.example CNAME (dns/autodiscover) is not planned, "
        "because [dns] autodiscover is on-premises: Only without Exchange.",
    }


def test_without_the_condition_all_is_planned() -> None:
    plan = of("row/16", "dns", "row/1/upload", roles={"sbc": role("192.0.2.1")})
    assert (len(plan.flows), len(plan.records)) == (1, 2)


def test_a_flow_that_is_selected_by_its_id_is_planned_and_a_record_is_a_decision() -> None:
    plan = of("row/1/upload", "dns/autodiscover", "row/6")
    assert [f.id for f in plan.flows] == ["row/1/upload"]
    assert ("not-needed", "row/1/upload") in codes(plan)
    assert plan.records == ()
    assert [(w.code, w.id) for w in plan.decisions if w.code != "role-unset"] == [
        ("record-conflict", "autodiscover.a.example"),
        ("record-conflict", "autodiscover.b.example"),
    ]
