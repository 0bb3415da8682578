"""Wildcards over shared domains, and the names that take their place."""

from typing import Any

import pytest

from perimeter365.errors import ProfileError
from perimeter365.model.requirement import Party
from perimeter365.plan.choices import Adjustment
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.plan.shared import with_observed
from perimeter365.targets import Style, render
from tests.model.samples import catalog, flow, hosts, inbound
from tests.plan.samples import codes, messages, planned, role

BLOB = "*.blob.core.windows.net"
OWN = "contoso7.blob.core.windows.net"
UPLOAD = flow(destination=Party(role="azure-storage", hosts=hosts(BLOB, "aka.ms")))
ROLES = {"admin-workstation": role("10.0.9.0/24"), "client": role("10.0.0.0/8")}


def plan_of(*names: str, id: str = "row/1/upload", **changes: Any) -> Plan:
    adjust = (Adjustment(id=id, hosts=hosts(*names), reason="our account"),) if names else ()
    return planned(catalog(UPLOAD), "row/1", adjust=adjust, roles=ROLES, **changes)


def texts(plan: Plan) -> list[str]:
    return [host.text for each in plan.flows for host in each.destination.hosts]


@pytest.mark.parametrize("id", ["row/1/upload", "row/1/*"])
def test_names_of_the_profile_take_the_place_of_the_wildcard(id: str) -> None:
    plan = plan_of(OWN, id=id)
    (made,) = plan.flows
    assert texts(plan) == ["aka.ms", OWN]
    assert set(made.destination.unaddressed) <= set(made.destination.hosts)
    assert messages(plan, "adjusted") == [f"{OWN} instead of {BLOB}: our account"]
    assert ("shared-domain", "row/1/upload") not in codes(plan)


def test_without_names_the_wildcard_is_planned_with_a_warning() -> None:
    plan = plan_of()
    assert texts(plan) == [BLOB, "aka.ms"]
    assert ("shared-domain", "row/1/upload") in codes(plan)


@pytest.mark.parametrize("name", ["contoso.servicebus.windows.net", "www.aka.ms", "blob.core.windows.net"])
def test_a_name_that_no_shared_wildcard_matches_is_reported(name: str) -> None:
    alone = plan_of(name)
    assert texts(alone) == [BLOB, "aka.ms"]
    assert len(messages(alone, "no-effect")) == 1
    both = plan_of(name, OWN)
    assert texts(both) == ["aka.ms", OWN]
    assert messages(both, "no-effect") == [f"[[adjust]]: no wildcard of row/1/upload over a shared domain matches {name}"]


def test_names_are_read_from_a_file() -> None:
    text = 'organization.clouds = ["worldwide"]\n[[adjust]]\nid = "row/1/*"\nhosts = [{}]\n'
    (read,) = parse_profile(text.format(f'"{OWN}", "B.blob.core.windows.net"')).adjust
    assert [host.text for host in read.hosts] == ["b.blob.core.windows.net", OWN]
    for wrong in ("", f'"{BLOB}"', '"co.uk"', "7"):
        with pytest.raises(ProfileError):
            parse_profile(text.format(wrong))


def test_observed_names_take_the_place_of_the_wildcard_in_every_target() -> None:
    seen = parse_observed(f"{OWN} 12\nx.aka.ms 9\nother.example 3\n")
    plan, named = with_observed(plan_of(), seen)
    assert texts(plan) == ["aka.ms", OWN]
    assert [(each.flow.id, each.host.text, [n.host.text for n in each.names]) for each in named] == [
        ("row/1/upload", BLOB, [OWN])
    ]
    for target in ("squid", "paloalto-edl", "bind-rpz", "fortigate", "nftables"):
        result = render(plan_of(), target, Style(observed=seen, allow_empty=True))
        files = "".join(each.content.decode() for each in result.artifacts)
        assert ("contoso7" in files) is (target != "nftables"), target
        assert "*.blob" not in files.replace("\\", ""), target
        lost = {(x.code, str(x.host)) for x in result.details if x.code == "observed-only"}
        assert lost == ({("observed-only", BLOB)} if target != "nftables" else set()), target


def test_without_a_matching_name_the_plan_is_the_same() -> None:
    plan = plan_of()
    assert with_observed(plan, parse_observed("www.aka.ms\nblob.core.windows.net\n")) == (plan, ())


def test_only_outbound_flows_have_names_in_place_of_wildcards() -> None:
    wide = inbound(source=Party(role="exchange-online", hosts=hosts(BLOB)))
    plan = planned(catalog(wide), "row/6", roles={"mrs-proxy": role("203.0.113.10")})
    assert with_observed(plan, parse_observed(OWN))[0] is plan
