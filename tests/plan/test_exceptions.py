"""What a profile excludes, adjusts and acknowledges."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perimeter365.errors import ProfileError
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.requirement import Party
from perimeter365.plan.choices import Acceptance, Adjustment, Exclusion
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from tests.model.samples import catalog, endpoint_set, flow, hosts, inbound, prefixes, site
from tests.plan.samples import profile, role

CATALOG = catalog(
    flow(id="row/1/a", destination=Party(role="azure", hosts=hosts("a.example.com", "*.b.example.com"))),
    flow(id="row/1/no-port", tcp=PortSet()),
    inbound(),
    site(hosts=hosts("a.example.com", "c.example.com")),
    sets=(
        endpoint_set(1, hosts=hosts("a.example.com", "d.example.com"), prefixes=prefixes("198.51.100.0/24")),
        endpoint_set(2, hosts=hosts("e.example.com"), prefixes=prefixes("203.0.113.0/25"), tcp=PortSet.parse("25,443")),
    ),
)


def plan(*, today: date = date(2026, 11, 30), **changes: Any) -> Plan:
    own = profile("row/1", "row/6", "row/16", "exchange", roles={"client": role("10.0.0.0/8")}, **changes)
    return make_plan(CATALOG, own, today=today)


def one(found: Plan, identity: str) -> PlanFlow:
    (flow,) = [f for f in found.flows if f.id == identity]
    return flow


def excluding(identity: str, **parts: Any) -> Plan:
    return plan(exclude=(Exclusion(id=identity, reason="because", **parts),))


def notes(found: Plan, code: str) -> list[tuple[str, str]]:
    return [(w.id, w.message) for w in found.warnings if w.code == code]


def test_a_whole_requirement_is_excluded_and_listed() -> None:
    found = excluding("ws/worldwide/2")
    assert "ws/worldwide/2" not in [f.id for f in found.flows]
    assert notes(found, "excluded") == [("ws/worldwide/2", "not planned: because")]


def test_a_wildcard_excludes_all_ids_below_it() -> None:
    assert [f.id for f in excluding("ws/worldwide/*").flows if f.scenario == "exchange"] == []


def test_hosts_prefixes_and_ports_are_excluded() -> None:
    found = excluding("ws/worldwide/1", hosts=hosts("a.example.com"), prefixes=prefixes("198.51.100.0/25"))
    end = one(found, "ws/worldwide/1").destination
    assert [h.text for h in end.hosts] == ["d.example.com"]
    assert [str(p) for p in end.prefixes] == ["198.51.100.128/25"]
    without = one(excluding("ws/worldwide/2", tcp=PortSet.parse("25")), "ws/worldwide/2")
    assert str(without.tcp) == "443"
    assert [s.host.text for s in excluding("row/16/teams", hosts=hosts("a.example.com")).sites] == ["c.example.com"]


def test_a_flow_without_ports_or_ends_that_are_left_is_not_planned() -> None:
    assert "ws/worldwide/2" not in [f.id for f in excluding("ws/worldwide/2", tcp=PortSet.parse("25,443")).flows]
    parts = {"hosts": hosts("e.example.com"), "prefixes": prefixes("203.0.113.0/25")}
    assert "ws/worldwide/2" not in [f.id for f in excluding("ws/worldwide/2", **parts).flows]


def test_a_host_that_another_flow_still_opens_is_reported() -> None:
    found = excluding("ws/worldwide/1", hosts=hosts("a.example.com"))
    text = "a.example.com is excluded from ws/worldwide/1, but row/1/a still opens it for client"
    assert notes(found, "still-open") == [("ws/worldwide/1", text)]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (Exclusion(id="row/1/a", hosts=hosts("x.b.example.com")), r"x.b.example.com stays open through \*.b.example.com"),
        (Adjustment(id="row/6/mrs-proxy", source="sbc"), "is inbound"),
    ],
)
def test_what_would_close_nothing_or_cannot_be_is_an_error(statement: Any, says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        plan(**own(statement))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (Exclusion(id="row/1/a", hosts=hosts("other.example")), "is not selected, or does not have it"),
        (Exclusion(id="ws/worldwide/2", tcp=PortSet.parse("80")), "is not selected, or does not have it"),
        (Exclusion(id="ws/worldwide/99"), "is not the id of a requirement"),
        (Exclusion(id="ws/worldwid/2"), "did you mean ws/worldwide/2?"),
        (Exclusion(id="row/23/*"), "is not the id of a requirement"),
        (Adjustment(id="ws/worldwide/1", tcp=PortSet.parse("8443")), "ports of ws/worldwide/1 are published"),
    ],
)
def test_a_statement_without_effect_is_a_decision(statement: Any, says: str) -> None:
    found = plan(**own(statement))
    (decision,) = [w for w in found.decisions if w.code == "no-effect"]
    assert says in decision.message
    assert (found.flows, found.sites) == (plan().flows, plan().sites)


def own(statement: Any) -> dict[str, Any]:
    return {"exclude": (statement,)} if isinstance(statement, Exclusion) else {"adjust": (statement,)}


def test_another_source_takes_its_addresses_from_its_role() -> None:
    own = profile(
        "exchange",
        roles={"client": role("10.0.0.0/8"), "exchange-server": role("192.0.2.9")},
        adjust=(Adjustment(id="ws/worldwide/2", source="exchange-server", reason="mail"),),
    )
    found = make_plan(CATALOG, own)
    source = one(found, "ws/worldwide/2").source
    assert (source.role, list(map(str, source.prefixes))) == ("exchange-server", ["192.0.2.9/32"])
    assert one(found, "ws/worldwide/1").source.role == "client"
    assert notes(found, "adjusted") == [("ws/worldwide/2", "from exchange-server instead of client: mail")]


def test_ports_are_given_where_none_are_published() -> None:
    found = plan(adjust=(Adjustment(id="row/1/no-port", tcp=PortSet.parse("8443")),))
    assert str(one(found, "row/1/no-port").tcp) == "8443"
    assert [w.id for w in found.warnings if w.code == "no-ports"] == []


ROLE = Acceptance(code="role-unset", id="mrs-proxy", reason="not yet", expires=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("accept", "today", "open_", "others"),
    [
        ((), date(2026, 11, 30), 1, []),
        ((ROLE,), date(2026, 12, 1), 0, []),  # the last day counts
        ((ROLE,), date(2026, 12, 2), 1, ["accept-expired"]),
        ((replace(ROLE, id="sbc"),), date(2026, 11, 30), 1, ["accept-unused"]),
        ((replace(ROLE, code="no-ports"),), date(2026, 11, 30), 1, ["accept-unused"]),
        ((Acceptance(loss="nftables/unaddressed-hosts", id="row/1/*", reason="x"),), date(2026, 11, 30), 1, []),
    ],
)
def test_an_acknowledged_warning_is_no_decision_until_it_expires(
    accept: Any, today: date, open_: int, others: list[str]
) -> None:
    found = plan(accept=accept, today=today)
    (warning,) = [w for w in found.warnings if w.code == "role-unset"]
    assert [w.code for w in found.decisions].count("role-unset") == open_
    assert warning.accepted == ("" if open_ else "not yet")
    assert [w.code for w in found.warnings if w.code.startswith("accept-")] == others


def test_acknowledged_losses_are_handed_to_the_targets() -> None:
    loss = Acceptance(loss="nftables/unaddressed-hosts", id="row/1/*", reason="x", expires=date(2026, 12, 1))
    assert plan(accept=(loss,)).accept == (loss,)
    assert plan(accept=(loss,), today=date(2026, 12, 2)).accept == ()


def test_an_error_has_the_place_of_the_id() -> None:
    from perimeter365.plan.profile import parse_profile

    text = """
[organization]
clouds = ["worldwide"]
[select]
scenarios = ["row/1"]
[[exclude]]
id = "row/1/a"
hosts = ["x.b.example.com"]
reason = "x"
"""
    with pytest.raises(ProfileError, match=r"(?s)p.toml:7:6: x.b.example.com stays open.*\^{9}"):
        make_plan(CATALOG, parse_profile(text, "p.toml"))


def test_hosts_of_an_exclusion_are_patterns() -> None:
    found = excluding("row/1/a", hosts=(HostPattern("*.b.example.com"),))
    assert [h.text for h in one(found, "row/1/a").destination.hosts] == ["a.example.com"]


def test_an_excluded_host_takes_its_assumed_addresses_with_it() -> None:
    named = flow(id="row/2/a", destination=Party(role="azure", hosts=hosts("a.example.com", "d.example.com")))
    only = flow(id="row/2/b", destination=Party(role="azure", hosts=hosts("a.example.com")))
    made = catalog(named, only, sets=(endpoint_set(1, hosts=hosts("a.example.com"), prefixes=prefixes("198.51.100.0/24")),))
    gone = Exclusion(id="row/2/*", hosts=hosts("a.example.com"), reason="because")
    with_them = make_plan(made, profile("row/2"))
    assert {f.id for f in with_them.flows if f.destination.prefixes} == {"row/2/a", "row/2/b"}
    (left,) = make_plan(made, profile("row/2", exclude=(gone,))).flows
    assert (left.id, left.destination.hosts, list(left.destination.prefixes)) == ("row/2/a", hosts("d.example.com"), [])


def test_a_wildcard_passes_over_flows_that_it_cannot_be_about() -> None:
    ends = {"source": Party(role="entra-connect"), "destination": Party(role="adfs-server")}
    internal = flow(id="row/3/x", direction="internal", **ends)
    outbound = flow(id="row/3/y", destination=Party(role="azure", hosts=hosts("a.example.com", "b.example.net")))
    made = catalog(internal, outbound, inbound(id="row/3/z"))
    gone = Exclusion(id="row/3/*", hosts=hosts("a.example.com"), reason="because")
    moved = Adjustment(id="row/3/*", source="sbc")
    found = make_plan(made, profile("row/3", exclude=(gone,), adjust=(moved,)))
    assert {f.id: f.source.role for f in found.flows} == {
        "row/3/x": "sbc", "row/3/y": "sbc", "row/3/z": "exchange-online",
    }  # fmt: skip
    assert [h.text for h in one(found, "row/3/y").destination.hosts] == ["b.example.net"]
