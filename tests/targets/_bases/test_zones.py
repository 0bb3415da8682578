"""Policies for sites, read by Samba, parsers and Chromium."""

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style
from tests.consumers import isolated, need, samba_preg

EXAMPLE = Path(__file__).parents[3] / "examples" / "contoso.toml"
LIST = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings\ZoneMapKey"


def profile(cloud: str, *scenarios: str) -> Plan:
    text = f'[organization]\ntenant = "contoso"\nclouds = ["{cloud}"]\n[select]\nscenarios = {json.dumps(scenarios)}\n'
    return make_plan(load_catalog(), parse_profile(text))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def wanted(plan: Plan) -> dict[str, str]:
    """Value name -> zone, from the plan's JSON."""
    zones = {"trusted": "2", "intranet": "1"}
    return {f"{s['scheme']}://{s['host']}": zones[s["zone"]] for s in plan.to_dict()["sites"]}


@pytest.mark.parametrize("cloud", ["worldwide", "gcchigh", "dod", "china"])
def test_samba_reads_every_site_back(cloud: str) -> None:
    need("samba")
    plan = (
        profile(
            cloud,
            "authentication-sites",
            "teams-sites",
            "sharepoint-sites",
            "yammer-sites",
            "row/15/seamless-single-sign-on",
        )
        if cloud == "worldwide"
        else profile(cloud, "sharepoint-sites")
    )
    entries = samba_preg.unpack(render(plan, "registry-pol").artifacts[0].content)
    assert {e.name: e.data for e in entries if e.key == LIST} == wanted(plan)
    switch = [e for e in entries if e.key != LIST]
    assert [(e.name, e.data) for e in switch] == [("ListBox_Support_ZoneMapKey", 1)]


def test_intune_has_the_same_sites(plan: Plan) -> None:
    document, value = (a.content.decode() for a in render(plan, "intune-omauri").artifacts)
    setting: dict[str, Any] = json.loads(document)["omaSettings"][0]
    assert setting["omaUri"].startswith("./User/Vendor/MSFT/Policy/Config/InternetExplorer/")
    assert setting["value"] == value.rstrip("\n")
    root = ElementTree.fromstring(f"<x>{value}</x>")
    assert root.find("enabled") is not None
    data = root.find("data")
    assert data is not None
    assert data.get("id") == "IZ_ZonemapPrompt"
    words = data.get("value", "").split("\uf000")
    assert dict(zip(words[::2], words[1::2], strict=True)) == wanted(plan)


def test_a_plan_without_sites_disables_the_list(plan: Plan) -> None:
    none = profile("worldwide")
    assert render(none, "intune-omauri", Style(allow_empty=True)).artifacts[1].content == b"<disabled/>\n"
    assert render(none, "registry-pol").artifacts[0].content == b"PReg\x01\0\0\0"


def test_browsers_allow_the_cookies_of_teams(plan: Plan) -> None:
    made = {a.name: json.loads(a.content) for a in render(plan, "browser-policy").artifacts}
    # the patterns that Microsoft gives for Teams (row 16)
    hosts = [
        "microsoft.com",
        "microsoftonline.com",
        "sfbassets.com",
        "skypeforbusiness.com",
        "teams.microsoft.com",
        "teams.skype.com",
    ]
    assert made["chrome.json"]["CookiesAllowedForUrls"] == [f"https://[*.]{h}" for h in hosts]
    assert made["edge.json"] == made["chrome.json"]
    assert made["firefox/policies.json"]["policies"]["Cookies"]["Allow"] == [f"https://{h}" for h in hosts]


def test_intranet_sites_become_servers_to_sign_in_to() -> None:
    plan = profile("worldwide", "row/15/seamless-single-sign-on")
    made = {a.name: json.loads(a.content) for a in render(plan, "browser-policy").artifacts}
    assert made["chrome.json"] == {"AuthServerAllowlist": "autologon.microsoftazuread-sso.com"}
    assert made["firefox/policies.json"]["policies"] == {
        "Authentication": {"SPNEGO": ["autologon.microsoftazuread-sso.com"]}
    }


def test_what_browsers_do_not_support_is_a_loss(plan: Plan) -> None:
    lost = {x.subject for x in render(plan, "browser-policy").details if x.kind == "dropped"}
    assert lost == {s.host.text for s in plan.sites if not s.cookies}
    losses = render(plan, "registry-pol").details
    # cookies of six sites; *.teams.skype.com and *.teams.microsoft.com, whose wildcard Windows reads as one label
    assert sum(x.kind == "narrowed" and x.subject.startswith("cookies") for x in losses) == 6
    assert {x.subject for x in losses if x.kind == "narrowed" and x.subject.startswith("*")} == {
        "*.teams.skype.com",
        "*.teams.microsoft.com",
    }
    assert {x.subject for x in losses if x.kind == "widened"} == {
        "*.microsoft.com",
        "*.microsoftonline.com",
        "*.sfbassets.com",
        "*.skypeforbusiness.com",
    }


POLICY_PAGE = """
import json, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as play:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    browser = play.chromium.launch(executable_path=sys.argv[1], args=flags)
    page = browser.new_page()
    page.goto("chrome://policy")
    page.wait_for_timeout(1500)
    rows = page.evaluate('''() => {
        const out = [], walk = root => { for (const e of root.querySelectorAll("*")) {
            if (e.shadowRoot) walk(e.shadowRoot);
            if (e.tagName === "POLICY-ROW") out.push([".name", ".value", ".messages"].map(
                c => (e.shadowRoot.querySelector(".policy.row " + c) || {}).textContent || ""));
        } };
        walk(document); return out; }''')
    print(json.dumps([[" ".join(cell.split()) for cell in row] for row in rows]))
    browser.close()
"""


@pytest.mark.timeout(120)
def test_chromium_loads_the_managed_policy(plan: Plan, tmp_path: Path) -> None:
    import sys

    chromium = need("chromium")
    need("namespaces")
    folder = tmp_path / "managed"
    folder.mkdir()
    (folder / "chrome.json").write_bytes(render(plan, "browser-policy").artifacts[0].content)
    (tmp_path / "page.py").write_text(POLICY_PAGE)
    # The browser reads its policies from a single folder, which is replaced in a mount namespace.
    script = (
        f"mkdir -p {tmp_path}/etc/policies && cp -r {folder} {tmp_path}/etc/policies/ && ip link set lo up;"
        f"mount --bind {tmp_path}/etc /etc/chromium && {sys.executable} {tmp_path}/page.py {chromium}"
    )
    done = subprocess.run(isolated("bash", "-c", script), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = json.loads(done.stdout.splitlines()[-1])
    mine = {name: (value, status) for name, value, status in rows if value or status}
    assert "CookiesAllowedForUrls" in mine, rows
    value, status = mine["CookiesAllowedForUrls"]
    assert "[*.]teams.microsoft.com" in value
    assert status == "OK"
