"""A device that denies by default is never given files that permit nothing, of all traffic or of one IP version."""

from dataclasses import replace

import pytest

from perimeter365 import load_catalog, make_plan, render
from perimeter365.errors import EmptyArtifactError
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style, targets
from perimeter365.targets.many import Styles, render_many

DENY = [name for name in targets if targets[name].denies_by_default != "no"]
FILTERS = [name for name in DENY if targets[name].kind in ("firewall", "cloud") and targets[name].capabilities.ports]
BY_FAMILY = ["aerleon", "cisco-asa", "cisco-ios", "ipset", "iptables", "nftables"]
"""Their files also refuse an IP version for which they have no entry."""


def plan(roles: str, select: str = 'scenarios = ["all"]') -> Plan:
    given = "\n".join(f"{role} = {roles}" for role in OUR_ROLES) if roles else ""
    text = f'organization.clouds = ["worldwide"]\n[select]\n{select}\n[roles]\n{given}'
    return make_plan(load_catalog("embedded"), parse_profile(text))


NAMES = plan('["host.contoso.com"]')
SIX, FOUR = plan('["2001:db8::/48"]'), plan('["10.0.0.0/8"]')
BOTH = plan('["10.0.0.0/8", "2001:db8::/48"]')
NOTHING = plan("", "service_areas = []")


def test_firewalls_and_feeds_deny_by_default() -> None:
    expected = {n for n in targets if targets[n].kind in ("firewall", "feed")} - {"cisco-si-feed", "text"}
    assert expected <= set(DENY)
    assert sorted(n for n in targets if targets[n].denies_by_default == "family") == BY_FAMILY
    assert not {"cisco-si-feed", "azure-udr", "pac", "csv", "frr"} & set(DENY)


@pytest.mark.parametrize("name", sorted({*DENY} - {"squid"}))
def test_a_plan_without_flows_is_refused_unless_it_is_allowed(name: str) -> None:
    with pytest.raises(EmptyArtifactError, match=f"^{name}: the plan has nothing") as caught:
        render(NOTHING, name)
    assert "[select]" in caught.value.help
    assert render(NOTHING, name, Style(allow_empty=True)).target == name


@pytest.mark.parametrize("name", sorted({*FILTERS} - {"kubernetes-networkpolicy", "cilium-networkpolicy"}))
def test_roles_with_names_only_are_refused_with_the_role_to_fill(name: str) -> None:
    with pytest.raises(EmptyArtifactError, match="refuse everything") as caught:
        render(NAMES, name)
    assert "[roles] adfs-proxy" in caught.value.help
    assert render(BOTH, name).artifacts


def test_pods_are_selected_by_label_so_names_are_sufficient() -> None:
    assert render(NAMES, "kubernetes-networkpolicy").artifacts


@pytest.mark.parametrize("name", BY_FAMILY)
@pytest.mark.parametrize(("which", "gone"), [(SIX, 4), (FOUR, 6)], ids=["only-ipv6", "only-ipv4"])
def test_one_ip_version_without_an_entry_is_refused(name: str, which: Plan, gone: int) -> None:
    with pytest.raises(EmptyArtifactError, match=f"no IPv{gone} entry") as caught:
        render(which, name)
    assert f"add IPv{gone} addresses to the roles" in caught.value.help
    assert ("select.ipv6 = false" in caught.value.help) == (gone == 6)


def test_an_ip_version_that_the_plan_does_not_need_may_be_refused() -> None:
    four = plan('["10.0.0.0/8"]', 'scenarios = ["all"]\nipv6 = false')
    assert render(four, "nftables").artifacts
    assert render(FOUR, "fortigate").artifacts, "its files do not refuse IPv6"


def test_a_filter_that_passes_the_rest_may_be_empty() -> None:
    assert render(NOTHING, "nftables", Style(options={"refuse": "pass"})).artifacts
    assert render(NOTHING, "squid").artifacts
    with pytest.raises(EmptyArtifactError):
        render(NOTHING, "squid", Style(options={"refuse": "yes"}))


def test_of_several_targets_the_others_are_rendered() -> None:
    batch = render_many(NAMES, ["nftables", "csv"], Styles())
    assert [each.target for each in batch.rendered] == ["csv"]
    assert isinstance(batch.failures["nftables"], EmptyArtifactError)


def test_one_entry_is_sufficient() -> None:
    one = next(f for f in BOTH.flows if f.direction == "outbound" and f.destination.prefixes.v4 and f.tcp)
    assert render(replace(BOTH, flows=(one,)), "fortigate").artifacts
