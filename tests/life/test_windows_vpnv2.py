"""The life of the exclusion routes in the ProfileXML of an organization."""

from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets.windows_vpnv2 import WindowsVpnv2
from tests.life import tries
from tests.life.models import vpnv2
from tests.life.models.powershell import PowerShellError, Windows
from tests.targets import cases
from tests.targets.netfilter import HOSTILE, by_hand, flow, party

NAME = "windows-vpnv2"
MARK = "perimeter365 routes"
PROFILE = """<VPNProfile>
  <AlwaysOn>true</AlwaysOn>
  <NativeProfile>
    <Servers>vpn.contoso.com</Servers>
    <RoutingPolicyType>ForceTunnel</RoutingPolicyType>
  </NativeProfile>
  <!-- our own -->
  <Route>
    <Address>10.0.0.0</Address>
    <PrefixSize>8</PrefixSize>
  </Route>
  <Route>
    <Address>198.51.100.0</Address>
    <PrefixSize>24</PrefixSize>
    <ExclusionRoute>true</ExclusionRoute>
  </Route>
</VPNProfile>
"""
OWN = ({"10.0.0.0/8"}, {"198.51.100.0/24"})
BEFORE = by_hand(
    flow("row/6/x", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14", "2603:1063::/38"), udp="3478")
)
AFTER = by_hand(flow("row/6/x", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14", "52.122.0.0/15"), udp="3478"))


def made(plan: Plan, **options: str) -> str:
    (file,) = render(plan, NAME, Style(options={"categories": "all", **options})).artifacts
    return file.content.decode()


def around(plan: Plan) -> set[str]:
    """The prefixes that a plan excludes, with those of the organization."""
    return {
        str(prefix) for each in plan.flows if each.direction == "outbound" for prefix in each.destination.prefixes
    } | OWN[1]


@tries(NAME, "install", "again")
@pytest.mark.parametrize("plan", [BEFORE, cases.plan("small")])
def test_an_install_adds_the_routes_of_the_plan_and_keeps_the_profile(plan: Plan) -> None:
    profile = vpnv2.install(PROFILE, made(plan), MARK)
    assert vpnv2.device_routes(profile) == (OWN[0], around(plan))
    assert vpnv2.update(profile, made(plan), MARK) == profile
    optimize = vpnv2.update(profile, made(plan, categories="optimize"), MARK)
    assert OWN[1] <= vpnv2.device_routes(optimize)[1] <= around(plan)
    assert plan is not BEFORE or vpnv2.device_routes(optimize) == OWN


@pytest.mark.parametrize("name", [*HOSTILE, "Contoso -- ]]> <!-- --> &amp; -"])
def test_no_name_of_an_organization_ends_the_comment(name: str) -> None:
    profile = vpnv2.install(PROFILE, made(replace(BEFORE, organization=name)), MARK)
    assert vpnv2.device_routes(profile) == (OWN[0], around(BEFORE))
    assert vpnv2.device_routes(made(replace(BEFORE, organization=name))) == (set(), around(BEFORE) - OWN[1])


@tries(NAME, "empty")
def test_a_plan_without_a_route_excludes_nothing() -> None:
    assert vpnv2.device_routes(vpnv2.install(PROFILE, made(by_hand()), MARK)) == OWN


@tries(NAME, "grow", "shrink", "back", "unordered")
def test_an_update_replaces_all_routes_of_the_earlier_plan() -> None:
    first = vpnv2.install(PROFILE, made(BEFORE), MARK)
    second = vpnv2.update(first, made(AFTER), MARK)
    assert vpnv2.device_routes(second) == (OWN[0], around(AFTER))
    assert vpnv2.update(second, made(BEFORE), MARK) == first
    made(BEFORE)  # a file says everything, whatever was rendered before
    assert vpnv2.update(first, made(AFTER), MARK) == second


@tries(NAME, "neighbors", "remove")
def test_two_organizations_in_one_profile_do_not_meet_and_a_removal_leaves_the_profile_as_it_was() -> None:
    theirs = "perimeter365fabrikam routes"
    both = vpnv2.install(vpnv2.install(PROFILE, made(BEFORE), MARK), made(AFTER, prefix="fabrikam"), theirs)
    assert vpnv2.device_routes(both) == (OWN[0], around(BEFORE) | around(AFTER))
    other = by_hand(flow("row/6/y", party("client", "10.0.0.0/8"), party("exchange-online", "40.96.0.0/13"), tcp="443"))
    both = vpnv2.update(both, made(other, prefix="fabrikam"), theirs)
    assert vpnv2.device_routes(both) == (OWN[0], around(BEFORE) | around(other))
    left = vpnv2.remove(both, MARK)
    assert vpnv2.device_routes(left) == (OWN[0], around(other))
    assert vpnv2.remove(left, theirs) == PROFILE


def test_the_manual_names_the_comments_of_the_file() -> None:
    target = WindowsVpnv2(Style(options={"prefix": "fabrikam"}))
    text = made(BEFORE, prefix="fabrikam")
    for name in ("install", "update", "remove"):
        line = target.commands(name)[0]
        for mark in ("perimeter365fabrikam routes", "end of perimeter365fabrikam routes"):
            assert f"'{mark}'" in line
            assert f"<!-- {mark} -->" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ExclusionRoute>true</ExclusionRoute>", ""),
        ("<ExclusionRoute>true", "<ExclusionRoute>True"),
        ("<PrefixSize>14</PrefixSize>", "<PrefixSize>13</PrefixSize>"),
        ("  <!-- end of perimeter365 routes -->\n", ""),
    ],
)
def test_a_damaged_file_is_noticed(old: str, new: str) -> None:
    assert old in made(BEFORE)
    try:
        found = vpnv2.device_routes(vpnv2.install(PROFILE, made(BEFORE).replace(old, new), MARK))
    except vpnv2.ProfileError:
        return
    assert found != (OWN[0], around(BEFORE))


def test_the_profile_model_refuses_routes_before_other_elements() -> None:
    with pytest.raises(vpnv2.ProfileError, match="last"):
        vpnv2.device_routes(
            PROFILE.replace("  <AlwaysOn>true</AlwaysOn>\n", "").replace("</VPNProfile>", "<AlwaysOn/></VPNProfile>")
        )


def test_the_model_refuses_the_parameter_that_add_vpnconnectionroute_does_not_have() -> None:
    machine = Windows(vpn={"Contoso VPN": []})
    script = (Path(__file__).parent / "faults" / NAME / "routes.ps1").read_text("utf-8")
    with pytest.raises(PowerShellError, match="matches the name 'ExclusionRoute'"):
        machine.run(script)
    assert machine.vpn == {"Contoso VPN": []}
    machine.run(script.replace(" -ExclusionRoute", ""))  # these routes would lead into the tunnel
    assert machine.vpn == {"Contoso VPN": ["52.112.0.0/14", "52.122.0.0/15"]}
