"""Plans of single requirements: resolution, own hosts, warnings."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Party, Requirement
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.plan.profile import Profile, RoleHosts
from perimeter365.plan.stored import parse_plan, plan_dict
from tests.model.samples import catalog, endpoint_set, evidence, flow, hosts, inbound, prefixes, record, site
from tests.plan.samples import codes, messages, planned, profile, role

SET_1 = endpoint_set(1, hosts=hosts("outlook.example.com"), prefixes=prefixes("203.0.113.0/25", "2001:db8:1::/48"))
SET_2 = endpoint_set(2, category="allow", hosts=hosts("*.mail.example.com"), prefixes=PrefixSet())
SET_3 = endpoint_set(3, hosts=hosts("v6.example.com"), prefixes=prefixes("2001:db8:3::/48"))
CHINA_1 = endpoint_set(1, cloud=Cloud.CHINA, hosts=hosts("outlook.example.cn"), prefixes=prefixes("198.51.100.0/24"))
SETS = (SET_1, SET_2, SET_3, CHINA_1)
CLIENT = {"client": role("10.0.0.0/8", "2001:db8:c::/48")}


def one(plan: Plan) -> PlanFlow:
    (found,) = plan.flows
    return found


def to(**party: Any) -> Party:
    return Party(role="exchange-online", **party)


def plan_of(*requirements: Any, sets: Any = SETS, **changes: Any) -> Plan:
    """Return the plan of requirements, selected by id."""
    return planned(catalog(*requirements, sets=sets), *{r.id for r in requirements}, **({"roles": CLIENT} | changes))


# -- resolution --------------------------------------------------------------------------------------------


def test_a_reference_becomes_the_sets_hosts_and_prefixes() -> None:
    end = one(
        plan_of(flow(destination=to(sets=(1, 2), hosts=hosts("own.example.com"), prefixes=prefixes("203.0.113.128/25"))))
    ).destination
    assert [h.text for h in end.hosts] == ["*.mail.example.com", "outlook.example.com", "own.example.com"]
    assert [str(p) for p in end.prefixes] == ["203.0.113.0/24", "2001:db8:1::/48"]


def test_a_reference_is_to_the_flows_own_cloud() -> None:
    both = catalog(
        flow(destination=to(sets=(1,))),
        flow(destination=to(sets=(1,)), cloud=Cloud.CHINA),
        sets=SETS,
        row_1={"clouds": (Cloud.WORLDWIDE, Cloud.CHINA)},
    )
    plan = planned(both, "row/1", clouds=(Cloud.CHINA, Cloud.WORLDWIDE), roles=CLIENT)
    assert [(f.cloud, f.sets, [h.text for h in f.destination.hosts]) for f in plan.flows] == [
        (Cloud.WORLDWIDE, ("worldwide/1",), ["outlook.example.com"]),
        (Cloud.CHINA, ("china/1",), ["outlook.example.cn"]),
    ]


def test_a_set_that_is_not_in_the_list_is_reported_and_opens_nothing() -> None:
    plan = plan_of(flow(destination=to(sets=(7,))), site(sets=(8,)))
    assert (one(plan).destination.hosts, one(plan).destination.prefixes) == ((), PrefixSet())
    assert not one(plan).destination.anyone
    assert {("unresolved-reference", "row/1/upload"), ("unresolved-reference", "row/16/teams")} <= codes(plan)


def test_an_endpoint_set_is_a_flow_of_the_plan() -> None:
    plan = planned(catalog(sets=SETS), service_areas=("exchange",), roles=CLIENT)
    assert [f.id for f in plan.flows] == ["ws/worldwide/1", "ws/worldwide/2", "ws/worldwide/3"]
    first = plan.flows[0]
    assert (first.row, first.scenario, first.sets, first.category) == (None, "exchange", ("worldwide/1",), "optimize")
    assert first.destination.prefixes == SET_1.prefixes
    assert first.source.prefixes == CLIENT["client"].prefixes


def test_without_ipv6_no_ipv6_is_planned_on_any_side() -> None:
    plan = planned(
        catalog(inbound(source=to(sets=(1,))), sets=SETS),
        "exchange",
        "row/6",
        ipv6=False,
        roles=CLIENT | {"mrs-proxy": role("2001:db8::7", "192.0.2.7")},
    )
    assert all(not end.prefixes.v6 for f in plan.flows for end in (f.source, f.destination))
    assert any(end.prefixes.v4 for f in plan.flows for end in (f.source, f.destination))


def test_templates_of_sets_are_filled_too() -> None:
    templated = endpoint_set(5, hosts=hosts("<tenant>.sharepoint.example"), prefixes=PrefixSet())
    for tenant, expected in (("contoso", ["contoso.sharepoint.example"]), ("", [])):
        plan = plan_of(flow(destination=to(sets=(5,))), site(hosts=(), sets=(5,)), sets=(templated,), tenant=tenant)
        assert [h.text for h in one(plan).destination.hosts] == expected
        assert [s.host.text for s in plan.sites] == expected
        assert (("template-unfilled", "row/16/teams") in codes(plan)) is not bool(tenant)


# -- own hosts ---------------------------------------------------------------------------------------------


def test_own_ends_have_the_addresses_and_names_of_the_role() -> None:
    end = one(plan_of(inbound(), roles={"mrs-proxy": role("203.0.113.10", "mrs.contoso.com")})).destination
    assert [h.text for h in end.hosts] == ["mrs.contoso.com"]
    assert [str(p) for p in end.prefixes] == ["203.0.113.10/32"]


def test_a_name_of_the_fact_replaces_the_names_of_the_role() -> None:
    requirement = inbound(destination=Party(role="adfs-proxy", hosts=hosts("enterpriseregistration.<email_domain>")))
    roles = {"adfs-proxy": role("203.0.113.10", "sts.contoso.com")}
    end = one(plan_of(requirement, roles=roles, email_domains=("contoso.com",))).destination
    assert [h.text for h in end.hosts] == ["enterpriseregistration.contoso.com"]
    assert [str(p) for p in end.prefixes] == ["203.0.113.10/32"]


def test_a_name_that_cannot_be_filled_does_not_become_another_name() -> None:
    requirement = inbound(destination=Party(role="adfs-proxy", hosts=hosts("enterpriseregistration.<email_domain>")))
    plan = plan_of(requirement, roles={"adfs-proxy": role("203.0.113.10", "sts.contoso.com")})
    assert one(plan).destination.hosts == ()
    assert ("template-unfilled", "row/6/mrs-proxy") in codes(plan)


def test_a_role_without_addresses_keeps_the_flow_and_is_reported() -> None:
    plan = plan_of(inbound(), inbound(id="row/6/other"), roles={})
    assert len(plan.flows) == 2
    assert all(f.destination.role == "mrs-proxy" and not f.destination.prefixes for f in plan.flows)
    assert messages(plan, "role-unset") == ["[roles] mrs-proxy has no address; needed by mailbox-migration"]


def test_a_role_that_several_scenarios_need_is_one_decision() -> None:
    plan = plan_of(inbound(), inbound(id="row/7/x", scenario="exchange-hybrid-coexistence"))
    assert messages(plan, "role-unset") == [
        "[roles] mrs-proxy has no address; needed by exchange-hybrid-coexistence, mailbox-migration"
    ]


def test_a_role_with_names_only_has_no_addresses() -> None:
    plan = plan_of(inbound(), roles={"mrs-proxy": role("mrs.contoso.com")})
    assert ("role-unset", "mrs-proxy") in codes(plan)
    assert [h.text for h in one(plan).destination.hosts] == ["mrs.contoso.com"]


def test_a_role_with_ipv6_only_is_unset_without_ipv6() -> None:
    (message,) = messages(plan_of(inbound(), roles={"mrs-proxy": role("2001:db8::7")}, ipv6=False), "role-unset")
    assert "ipv6 is false" in message


def test_addresses_of_the_fact_itself_are_enough() -> None:
    listed = flow(direction="internal", destination=Party(role="domain-controller", prefixes=prefixes("10.1.0.0/16")))
    assert messages(plan_of(listed), "role-unset") == []


# -- warnings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "bare"),
    [
        ({"hosts": hosts("a.example.com")}, ["a.example.com"]),
        ({"hosts": hosts("a.example.com"), "prefixes": prefixes("192.0.2.0/24")}, []),
        ({"sets": (1,)}, []),
        ({"sets": (2,)}, ["*.mail.example.com"]),
        ({"sets": (1, 2)}, ["*.mail.example.com"]),
        # a host of the fact itself has the addresses of a set with a pattern that covers it
        ({"sets": (1,), "hosts": hosts("outlook.example.com")}, []),
        ({"sets": (1,), "hosts": hosts("other.example.com")}, ["other.example.com"]),
        ({"sets": (2,), "prefixes": prefixes("192.0.2.0/24")}, ["*.mail.example.com"]),
    ],
)
def test_hosts_without_an_address_are_reported(party: dict[str, Any], bare: list[str]) -> None:
    plan = plan_of(flow(destination=to(**party)))
    assert [h.text for h in one(plan).destination.unaddressed] == bare
    assert len(messages(plan, "hosts-without-prefixes")) == bool(bare)


def test_a_set_with_ipv6_only_has_no_address_without_ipv6() -> None:
    assert one(plan_of(flow(destination=to(sets=(3,))))).destination.unaddressed == ()
    without = plan_of(flow(destination=to(sets=(3,))), ipv6=False)
    assert [h.text for h in one(without).destination.unaddressed] == ["v6.example.com"]
    assert messages(without, "hosts-without-prefixes") == ["one host without an address: v6.example.com"]


def test_the_addresses_of_a_name_are_those_of_the_set_that_lists_it_for_the_same_ports() -> None:
    plan = plan_of(flow(destination=to(hosts=hosts("outlook.example.com", "bare.example.net"))))
    assert one(plan).destination.prefixes == SET_1.prefixes
    assert one(plan).destination.unaddressed == hosts("bare.example.net")
    assert one(plan).sets == ("worldwide/1",)
    assert "worldwide/1" in "".join(messages(plan, "assumed"))


def test_a_set_with_the_name_for_other_ports_is_named() -> None:
    plan = plan_of(flow(destination=to(hosts=hosts("outlook.example.com")), tcp=PortSet.parse("8443")))
    assert one(plan).destination.prefixes == PrefixSet()
    (message,) = messages(plan, "hosts-without-prefixes")
    assert message.endswith("outlook.example.com; worldwide/1 has them with addresses for other ports")


def test_own_names_are_never_reported_as_without_address() -> None:
    plan = plan_of(inbound(), roles={"mrs-proxy": role("mrs.contoso.com")})
    assert one(plan).destination.unaddressed == ()
    assert messages(plan, "hosts-without-prefixes") == []


def test_a_flow_without_ports_is_reported() -> None:
    none = PortSet()
    assert ("no-ports", "row/1/upload") in codes(plan_of(flow(tcp=none)))
    assert messages(plan_of(flow(tcp=none, udp=PortSet.parse("53"))), "no-ports") == []


def test_a_synthetic_set_is_reported() -> None:
    ours = endpoint_set(9000, area="intune", tcp=PortSet())
    assert {("synthetic-set", "ws/worldwide/9000"), ("no-ports", "ws/worldwide/9000")} <= codes(
        planned(catalog(sets=(ours,)), "intune")
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"retired": date(2020, 2, 28)}, "retired"),
        ({"evidence": evidence("low")}, "low-confidence"),
        ({"evidence": evidence("medium"), "destination": to(sets=(1,))}, "assumed"),
        ({"edition": "earlier"}, "edition"),
    ],
)
def test_warnings_of_the_catalog_are_reported(changes: dict[str, Any], code: str) -> None:
    assert (code, "row/1/upload") in codes(plan_of(flow(**changes)))
    assert (code, "row/1/upload") not in codes(plan_of(flow()))


def test_an_assumption_is_reported_only_for_flows_with_sets() -> None:
    assert messages(plan_of(flow(evidence=evidence("medium"))), "assumed") == []
    assert messages(plan_of(flow(evidence=evidence("high"), destination=to(sets=(1,)))), "assumed") == []


def test_a_closed_cloud_is_reported_once() -> None:
    gone = endpoint_set(1, cloud=Cloud.GERMANY_2021)
    plan = planned(catalog(sets=(gone,)), "exchange", clouds=(Cloud.GERMANY_2021,))
    assert plan.flows[0].retired == date(2021, 10, 29)
    assert ("closed-cloud", "germany-2021") in codes(plan)
    assert messages(plan, "retired") == []


@pytest.mark.parametrize("number", [16, 17])
def test_the_wrong_number_on_the_page_is_reported_once_per_row(number: int) -> None:
    plan = plan_of(site(id=f"row/{number}/a"), site(id=f"row/{number}/b"))
    assert [w.id for w in plan.warnings if w.code == "row-reference"] == [f"row/{number}"]
    assert "row 14" in messages(plan, "row-reference")[0]
    assert "row 15" in messages(plan, "row-reference")[0]
    assert messages(plan_of(site(id="row/15/a")), "row-reference") == []


# -- whole plans -------------------------------------------------------------------------------------------


def test_a_plan_is_sorted_by_cloud_and_number() -> None:
    made: list[Requirement] = [
        flow(id="row/10/a"),
        flow(id="row/2/a"),
        flow(id="row/2/a", cloud=Cloud.CHINA),
        site(hosts=hosts("b.example.com", "*.a.example.com")),
        record(),
    ]
    both = catalog(*made, sets=(*SETS, endpoint_set(10)))
    plan = planned(
        both,
        "all",
        "exchange",
        clouds=(Cloud.CHINA, Cloud.WORLDWIDE),
        email_domains=("b.example", "a.example"),
        domains=dict.fromkeys(("a.example", "b.example"), Cloud.WORLDWIDE),
    )
    assert [f.id for f in plan.flows] == [
        "row/2/a",
        "row/10/a",
        "ws/worldwide/1",
        "ws/worldwide/2",
        "ws/worldwide/3",
        "ws/worldwide/10",
        "row/2/a",
        "ws/china/1",
    ]
    assert [s.host.text for s in plan.sites] == ["*.a.example.com", "b.example.com"]
    assert [r.name for r in plan.records] == ["autodiscover.a.example", "autodiscover.b.example"]
    assert list(plan.versions) == [Cloud.WORLDWIDE, Cloud.CHINA]


def test_the_same_input_gives_the_same_bytes_whatever_its_order() -> None:
    requirements: list[Requirement] = [
        flow(),
        flow(id="row/1/b"),
        inbound(),
        site(),
        record(),
        record(id="dns/mx", owner="@", type="MX", value="0 <mx-token>.example"),
    ]
    sets = [endpoint_set(1), endpoint_set(2, area="teams")]
    scenarios = ["row/1", "row/6", "row/16", "dns", "teams"]
    domains = ["a.example", "b.example"]
    texts = set()
    for seed in range(5):
        for some in (requirements, sets, scenarios, domains):
            Random(seed).shuffle(some)
        plan = planned(catalog(*requirements, sets=tuple(sets)), *scenarios, email_domains=tuple(domains), roles=CLIENT)
        texts.add(plan.to_json())
    assert len(texts) == 1


def test_a_plan_names_its_organization() -> None:
    wanted: Profile = profile("row/1")
    plan = make_plan(catalog(flow()), wanted)
    assert (plan.organization, plan.profile_hash) == (wanted.name, wanted.hash)


# -- both sides of a NAT -------------------------------------------------------------------------------------


def test_each_side_of_a_nat_has_its_addresses() -> None:
    own = RoleHosts(prefixes=PrefixSet.parse(["203.0.113.10"]), inside=PrefixSet.parse(["10.1.2.10"]))
    plan = plan_of(inbound(), roles={"mrs-proxy": own})
    end = one(plan).destination
    assert (end.prefixes, end.inside) == (own.prefixes, own.inside)
    assert one(plan.seen_from("inside")).destination.prefixes == own.inside
    assert plan.seen_from("public").flows[0].destination.prefixes == own.prefixes
    assert plan.flows[0].to_dict()["destination"]["inside"] == ["10.1.2.10/32"]
    assert decode("plan", parse_plan, plan_dict(plan)) == plan


def test_an_internal_flow_does_not_cross_the_nat() -> None:
    own = RoleHosts(prefixes=PrefixSet.parse(["203.0.113.10"]), inside=PrefixSet.parse(["10.1.2.10"]))
    made = flow(
        id="row/3/x", direction="internal", source=Party(role="entra-connect"), destination=Party(role="adfs-server")
    )
    plan = planned(catalog(made), "row/3", roles={"adfs-server": own})
    assert one(plan).destination.prefixes == own.inside
    assert plan.seen_from("public") is plan


def test_without_a_nat_both_sides_are_the_same_plan() -> None:
    plan = plan_of(inbound(), roles={"mrs-proxy": role("203.0.113.10")})
    assert plan.seen_from("inside") is plan
    assert "inside" not in plan.flows[0].to_dict()["destination"]


@pytest.mark.parametrize(("side", "other"), [("inside", "public"), ("public", "inside")])
def test_one_side_of_a_nat_alone_is_an_assumption(side: Any, other: str) -> None:
    own = replace(role("203.0.113.10"), only_side=side)
    plan = plan_of(inbound(), roles={"mrs-proxy": own})
    (found,) = [w for w in plan.warnings if w.code == "assumed" and w.id == "mrs-proxy"]
    assert (found.level, found.remedy) == ("check", f"[roles.mrs-proxy] {other}")
    assert one(plan).destination.prefixes == own.prefixes
