"""Tcp 25 to Exchange Online Protection comes from mail servers, not from the computers of users."""

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.ports import PortSet
from perimeter365.plan.choices import Adjustment, Exclusion
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.plan.profile import RoleHosts
from perimeter365.sources.embedded import embedded
from tests.plan.samples import messages, profile, role

CLIENT = role("10.0.0.0/8")
EXCHANGE = role("203.0.113.20")
RELAY = role("203.0.113.25")


def planned(roles: dict[str, RoleHosts], cloud: Cloud = Cloud.WORLDWIDE, adjust: tuple[Adjustment, ...] = ()) -> Plan:
    return make_plan(embedded(), profile(clouds=(cloud,), service_areas=("exchange",), roles=roles, adjust=adjust))


def flow(plan: Plan, identity: str = "ws/worldwide/10") -> PlanFlow:
    return next(f for f in plan.flows if f.id == identity)


@pytest.mark.parametrize(
    ("roles", "source"),
    [
        ({"client": CLIENT, "exchange-server": EXCHANGE}, "exchange-server"),
        ({"client": CLIENT, "smtp-relay": RELAY}, "smtp-relay"),
        ({"client": CLIENT, "exchange-server": EXCHANGE, "smtp-relay": RELAY}, "smtp-relay"),
    ],
)
def test_a_mail_server_of_the_profile_is_the_source(roles: dict[str, RoleHosts], source: str) -> None:
    plan = planned(roles)
    mail = flow(plan)
    assert (mail.source.role, str(mail.tcp)) == (source, "25")
    assert mail.source.prefixes == roles[source].prefixes
    assert [w.id for w in plan.warnings if w.code == "adjusted"] == ["ws/worldwide/10"]
    assert not [w for w in plan.warnings if w.code == "assumed"]


def test_an_exchange_server_behind_a_relay_is_reported() -> None:
    plan = planned({"client": CLIENT, "exchange-server": EXCHANGE, "smtp-relay": RELAY})
    assert "exchange-server" in messages(plan, "adjusted")[0]


def test_without_a_mail_server_clients_are_an_assumption() -> None:
    plan = planned({"client": CLIENT})
    assert flow(plan).source.role == "client"
    (warning,) = [w for w in plan.warnings if w.code == "assumed"]
    assert (warning.id, warning.remedy) == ("ws/worldwide/10", "[roles] smtp-relay or exchange-server")


@pytest.mark.parametrize("cloud", [Cloud.GCCHIGH, Cloud.DOD])
def test_a_set_with_other_ports_keeps_its_source_and_is_reported(cloud: Cloud) -> None:
    """Set 6 of both clouds has tcp 25 and 443; 443 is for clients."""
    plan = planned({"client": CLIENT, "exchange-server": EXCHANGE}, cloud)
    mail = flow(plan, f"ws/{cloud}/6")
    assert (mail.source.role, str(mail.tcp)) == ("client", "25,443")
    assert [w.id for w in plan.warnings if w.code == "assumed"] == [mail.id]


def test_what_the_warning_proposes_settles_it() -> None:
    wanted = profile(
        "row/7/mail-to-exchange-online-protection",
        clouds=(Cloud.GCCHIGH,),
        service_areas=("exchange",),
        roles={"client": CLIENT, "exchange-server": EXCHANGE},
        exclude=(Exclusion(id="ws/gcchigh/6", tcp=PortSet.parse("25"), reason="mail leaves by Exchange"),),
    )
    plan = make_plan(embedded(), wanted)
    assert str(flow(plan, "ws/gcchigh/6").tcp) == "443"
    mail = flow(plan, "row/7/mail-to-exchange-online-protection")
    assert (mail.source.role, str(mail.tcp), mail.sets) == ("exchange-server", "25", ("gcchigh/6",))
    assert "ws/gcchigh/6" not in {w.id for w in plan.warnings if w.code == "assumed"}


def test_an_adjustment_of_the_profile_wins() -> None:
    chosen = Adjustment(id="ws/worldwide/10", source="exchange-server")
    plan = planned({"client": CLIENT, "exchange-server": EXCHANGE, "smtp-relay": RELAY}, adjust=(chosen,))
    assert flow(plan).source.role == "exchange-server"


def test_other_sets_keep_their_source() -> None:
    plan = planned({"client": CLIENT, "exchange-server": EXCHANGE})
    assert {f.source.role for f in plan.flows if f.id != "ws/worldwide/10"} == {"client"}
