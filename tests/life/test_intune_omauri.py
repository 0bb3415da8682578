"""The life of the list of zones as an Intune setting, next to other configurations of a tenant."""

import json
from pathlib import Path

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets.intune_omauri import IntuneOmauri
from tests.life import tries
from tests.life.models.intune import GraphError, Tenant
from tests.targets.test_trusted_sites_reg import of, site

NAME = "intune-omauri"
BEFORE = of(site("contoso.sharepoint.com"), site("*.yammer.com"), site("sso.contoso.com", "intranet"))
AFTER = of(site("contoso.sharepoint.com"), site("contoso-my.sharepoint.com"))
OTHER = {"@odata.type": "#microsoft.graph.windows10CustomConfiguration", "displayName": "VPN", "omaSettings": []}


def wanted(plan: Plan) -> dict[str, str]:
    zones = {"trusted": "2", "intranet": "1"}
    return {f"{s['scheme']}://{s['host']}": zones[s["zone"]] for s in plan.to_dict()["sites"]}


def files(plan: Plan, empty: bool = False, **options: str) -> dict[str, bytes]:
    return {a.name: a.content for a in render(plan, NAME, Style(options=options, allow_empty=empty)).artifacts}


def follow(tenant: Tenant, plan: Plan, part: str) -> Tenant:
    tenant.follow(IntuneOmauri().commands(part), files(plan, empty=True), "id-1")  # type: ignore[arg-type]
    return tenant


def tenant_with_others() -> Tenant:
    return Tenant(configurations={"other": OTHER})


@tries(NAME, "install", "again", "grow", "shrink", "back", "remove")
def test_the_list_of_a_device_is_that_of_the_plan_from_the_install_to_the_removal() -> None:
    tenant = follow(tenant_with_others(), BEFORE, "install")
    assert tenant.zones() == wanted(BEFORE)
    for plan in (BEFORE, AFTER, BEFORE):
        follow(tenant, plan, "update")
        assert tenant.zones() == wanted(plan)
        assert len(tenant.configurations) == 2
    follow(tenant, BEFORE, "remove")
    assert tenant.zones() is None
    assert tenant.configurations == {"other": OTHER}


@tries(NAME, "empty")
def test_a_plan_without_sites_has_no_file_and_is_refused_if_there_was_one() -> None:
    assert files(of()) == {}
    kept = render(BEFORE, NAME).kept
    with pytest.raises(EmptyArtifactError, match="switch off the list") as caught:
        render(of(), NAME, Style(kept=kept))
    assert "delete the configuration" in str(caught.value.help)
    empty = render(of(), NAME, Style(kept=kept, allow_empty=True))
    assert empty.artifacts[1].content == b"<disabled/>\n"
    assert render(of(), NAME, Style(kept=empty.kept)).artifacts == ()


@tries(NAME, "neighbors")
def test_a_second_configuration_of_the_list_is_a_conflict_that_the_manual_names() -> None:
    tenant = follow(follow(tenant_with_others(), BEFORE, "install"), AFTER, "install")
    with pytest.raises(GraphError, match="conflict"):
        tenant.zones()
    assert "conflict" in IntuneOmauri().besides()
    tenant = follow(tenant_with_others(), BEFORE, "install")
    tenant.follow(IntuneOmauri().commands("install"), files(AFTER, scope="Device"))
    assert (tenant.zones("User"), tenant.zones("Device")) == (wanted(BEFORE), wanted(AFTER))


def test_the_description_is_sentences_of_bounded_length() -> None:
    plan = of(site("contoso.sharepoint.com"))
    long = {**files(plan)}
    about = json.loads(long["device-configuration.json"])["description"]
    assert about.startswith("Intune site to zone list for Contoso. Made by perimeter365 for profile")
    assert about.endswith("All 1 requirements are in it.")
    assert ".." not in about
    assert len(about) <= 1000


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("install", "post", "patch"),
        ("install", "@device", "device"),
        ("update", "patch", "post"),
        ("update", "/ID", ""),
        ("remove", "delete", "patch"),
        ("remove", "/ID", ""),
    ],
)
def test_a_damaged_command_is_noticed(part: str, old: str, new: str) -> None:
    tenant = tenant_with_others() if part == "install" else follow(tenant_with_others(), BEFORE, "install")
    right = follow(
        tenant_with_others() if part == "install" else follow(tenant_with_others(), BEFORE, "install"), AFTER, part
    )
    lines = [line if line.startswith("# ") else line.replace(old, new) for line in IntuneOmauri().commands(part)]  # type: ignore[arg-type]
    try:
        tenant.follow(lines, files(AFTER), "id-1")
        found: object = (tenant.zones(), len(tenant.configurations))
    except (GraphError, json.JSONDecodeError) as error:
        found = str(error)
    assert found != (right.zones(), len(right.configurations))


@pytest.mark.parametrize(
    ("old", "new"), [("&#xF000;", "U+F000"), ("<enabled/>", "<disabled/>"), ("IZ_Zonemap", "ZoneMap"), ("ZoneA", "ZonesA")]
)
def test_a_damaged_value_is_noticed(old: str, new: str) -> None:
    body = files(BEFORE)["device-configuration.json"].replace(old.encode(), new.encode())
    tenant = Tenant()
    tenant.follow(IntuneOmauri().commands("install"), {"device-configuration.json": body})
    try:
        found = tenant.zones()
    except (GraphError, ValueError):
        return
    assert found != wanted(BEFORE)


def test_the_model_shows_that_the_file_of_2_2_without_sites_switches_the_list_off() -> None:
    tenant = follow(tenant_with_others(), BEFORE, "install")
    body = (Path(__file__).parent / "faults" / NAME / "device-configuration.json").read_bytes()
    tenant.follow(IntuneOmauri().commands("update"), {"device-configuration.json": body}, "id-1")
    assert tenant.zones() == {}
    (setting,) = tenant.configurations["id-1"]["omaSettings"]
    assert setting["value"] == "<disabled/>"
