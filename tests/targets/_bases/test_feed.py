"""Feeds, read back with readers of the vendors' line formats."""

import gzip
import hashlib
import io
import re
import subprocess
import sys
import tarfile
from collections import defaultdict
from dataclasses import replace
from ipaddress import collapse_addresses, ip_network
from pathlib import Path
from typing import Any

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.errors import LimitError
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style

EXAMPLE = Path(__file__).parents[3] / "examples" / "contoso.toml"
ADDRESSES = (
    "fortigate-feed",
    "checkpoint-network-feed",
    "cisco-si-feed",
    "sonicwall-deag",
    "srx-feed",
    "url-table-alias",
    "f5-datagroup",
)
NAMES = (
    "fortigate-feed",
    "checkpoint-network-feed",
    "cisco-si-feed",
    "sonicwall-deag",
    "f5-datagroup",
    "zscaler-url-category",
)
EVERY_ROLE = "".join(f'{name} = ["203.0.113.{i}", "{name}.contoso.com"]\n' for i, name in enumerate(OUR_ROLES, 1))


def everything(cloud: str) -> Plan:
    text = (
        f'[organization]\ntenant = "contoso"\nemail_domains = ["contoso.com"]\nclouds = ["{cloud}"]\n'
        f'[select]\nscenarios = ["all"]\n[roles]\n{EVERY_ROLE}'
    )
    return make_plan(load_catalog(), parse_profile(text))


@pytest.fixture(scope="module", params=["contoso", "worldwide", "china", "gcchigh"])
def plan(request: pytest.FixtureRequest) -> Plan:
    if request.param == "contoso":
        return make_plan(load_catalog(), load_profile(EXAMPLE))
    return everything(request.param)


def contents(plan: Plan, name: str, style: Style | None = None) -> dict[str, list[str]]:
    """Group -> its entries without comments, whatever the names of the files are."""
    found: dict[str, list[str]] = defaultdict(list)
    style = style or Style()
    for artifact in render(plan, name, replace(style, options={"split": "scenario", **style.options})).artifacts:
        if artifact.name in ("index.txt", "load.sh"):
            continue
        if artifact.name.endswith(".tgz"):
            with tarfile.open(fileobj=io.BytesIO(artifact.content)) as tar:
                for member in tar.getmembers():
                    file = tar.extractfile(member)
                    assert file is not None
                    found[member.name] += file.read().decode().split()
            continue
        group = re.sub(r"^m365-|(-(address|domain|network|ip|fqdn|exact|suffix))?\.(txt|class)$", "", artifact.name)
        found[group] += [line for line in artifact.content.decode().splitlines() if not line.startswith("#")]
    return found


def addresses(name: str, entries: list[str]) -> set[str]:
    """The entries that are prefixes."""
    if name == "f5-datagroup":
        records = [re.fullmatch(r'(host|network) (\S+) := "[^"]+",', e) for e in entries]
        return {str(ip_network(m.group(2))) for m in records if m}
    return {e for e in entries if re.fullmatch(r"[0-9a-f.:]+/\d+", e)}


def names(name: str, entries: list[str]) -> set[str]:
    """The entries that are names, as patterns of the plan if the device is exact."""
    if name == "f5-datagroup":
        strings = [re.fullmatch(r'"([^"]+)" := "[^"]+",', e) for e in entries]
        return {("*" + m.group(1)) if m.group(1).startswith(".") else m.group(1) for m in strings if m}
    return {e for e in entries if not re.fullmatch(r"[0-9a-f.:]+/\d+", e)}


def wanted(plan: Plan) -> dict[str, dict[str, set[Any]]]:
    """Group -> external prefixes and hosts, from the plan's JSON."""
    found: dict[str, dict[str, set[Any]]] = defaultdict(lambda: {"prefixes": set(), "hosts": set()})
    for flow in plan.to_dict()["flows"]:
        if flow["direction"] == "internal":
            continue
        end = flow["source" if flow["direction"] == "inbound" else "destination"]
        group = f"{flow['cloud']}-{flow['scenario']}-{flow['direction']}-{flow['category'] or 'other'}"
        found[group]["prefixes"] |= {ip_network(p) for p in end["prefixes"]}
        if flow["direction"] == "outbound":
            found[group]["hosts"] |= set(end["hosts"])
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_group_has_exactly_its_addresses(plan: Plan, name: str) -> None:
    made = contents(plan, name)
    for group, ends in wanted(plan).items():
        expected = {str(p) for v in (4, 6) for p in collapse_addresses(p for p in ends["prefixes"] if p.version == v)}
        assert addresses(name, made.get(group, [])) == expected, group


@pytest.mark.parametrize("name", ["fortigate-feed", "checkpoint-network-feed", "f5-datagroup"])
def test_each_group_has_its_supported_names(plan: Plan, name: str) -> None:
    made = contents(plan, name)
    for group, ends in wanted(plan).items():
        supported = {h for h in ends["hosts"] if "*" not in h or (h.startswith("*.") and h.count("*") == 1)}
        assert names(name, made.get(group, [])) == supported, group


def test_sonicwall_lists_exact_names_only_and_reports_every_wildcard(plan: Plan) -> None:
    made = contents(plan, "sonicwall-deag")
    hosts = set().union(*(ends["hosts"] for ends in wanted(plan).values()))
    assert set().union(*(names("sonicwall-deag", e) for e in made.values())) == {h for h in hosts if "*" not in h}
    assert {x.subject for x in render(plan, "sonicwall-deag").details if "*" in x.subject and "/" not in x.subject} == {
        h for h in hosts if "*" in h
    }


def test_zscaler_writes_a_dot_in_front_for_a_wildcard(plan: Plan) -> None:
    flows = [f for f in plan.to_dict()["flows"] if f["direction"] == "outbound"]
    for paths in ("host", "path"):
        made = contents(plan, "zscaler-url-category", Style(options={"paths": paths}))
        expected = {
            (h[1:] if h.startswith("*.") else h) + path.rstrip("*")
            for f in flows
            for h in f["destination"]["hosts"]
            if "*" not in h or h.startswith("*.")
            for path in (f["path"].split(",") if f["path"] and (paths == "path" or f["tcp"] == "80") else [""])
        }
        entries = set().union(*made.values()) if made else set()
        assert entries == expected
        assert not any("*" in e or "://" in e for e in entries)


def test_cisco_domains_include_each_name_and_none_is_below_another(plan: Plan) -> None:
    for group, entries in contents(plan, "cisco-si-feed").items():
        domains = names("cisco-si-feed", entries)
        assert not any(a != b and a.endswith(f".{b}") for a in domains for b in domains), group
        for host in wanted(plan)[group]["hosts"]:
            if "*" not in host.removeprefix("*."):
                assert any(f".{host.removeprefix('*.')}".endswith(f".{d}") for d in domains), host


@pytest.mark.parametrize("name", sorted({*ADDRESSES, *NAMES}))
def test_what_is_not_listed_is_a_loss(plan: Plan, name: str) -> None:
    made = render(plan, name)
    outside = {f.id for f in plan.flows if not made.report.includes(f)}
    lost = {x.id for x in made.details if x.kind == "dropped"} | outside
    internal = {f.id for f in plan.flows if f.direction == "internal"}
    assert internal <= outside
    if name in ("srx-feed", "url-table-alias"):
        assert {f.id for f in plan.flows if f.theirs and f.theirs.hosts and not f.theirs.prefixes} <= lost
    if name == "zscaler-url-category":
        assert {f.id for f in plan.flows if f.direction == "inbound" and f.theirs and not f.theirs.anyone} <= lost


def test_observed_names_are_listed_for_sonicwall(plan: Plan) -> None:
    seen = parse_observed("contoso.sharepoint.com 12 2026-11-20\nevilsharepoint.com 3\nsharepoint.com 9\n")
    entries = set().union(
        *(names("sonicwall-deag", e) for e in contents(plan, "sonicwall-deag", Style(observed=seen)).values())
    )
    hosts = set().union(*(ends["hosts"] for ends in wanted(plan).values()))
    assert ("contoso.sharepoint.com" in entries) == ("*.sharepoint.com" in hosts or "contoso.sharepoint.com" in hosts)
    assert "evilsharepoint.com" not in entries
    assert "sharepoint.com" not in entries


def test_an_exceeded_limit_is_reported_with_numbers() -> None:
    plan = make_plan(load_catalog(), load_profile(EXAMPLE))
    with pytest.raises(LimitError, match=r"needs \d+ entries, the limit is 3"):
        render(plan, "fortigate-feed", Style(limits={"entries": 3}))
    with pytest.raises(LimitError, match="the limit is 2"):
        render(plan, "zscaler-url-category", Style(limits={"categories": 2}))


def test_the_srx_bundle_is_the_same_bytes_in_every_process_and_unpacks_with_tar(tmp_path: Path) -> None:
    plan = make_plan(load_catalog(), load_profile(EXAMPLE))
    content = next(a.content for a in render(plan, "srx-feed").artifacts if a.name == "m365.tgz")
    script = (
        "import hashlib,sys;from perimeter365 import *;import perimeter365 as p;"
        f"a=p.render(p.make_plan(p.load_catalog(),p.load_profile({str(EXAMPLE)!r})),'srx-feed').artifacts[0];"
        "print(hashlib.sha256(a.content).hexdigest())"
    )
    again = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    )
    assert again.stdout.strip() == hashlib.sha256(content).hexdigest(), again.stderr
    (tmp_path / "m365.tgz").write_bytes(content)
    subprocess.run(["tar", "-xzf", "m365.tgz"], cwd=tmp_path, check=True)
    assert gzip.decompress(content)[:9].startswith(b"worldwide")
    assert "52.112.0.0/14" in (tmp_path / "worldwide-teams-outbound-optimize-udp-3478to3481").read_text().split()


@pytest.mark.parametrize("name", ["fortigate-feed", "url-table-alias"])
def test_by_default_the_requirements_of_a_list_need_the_same_ports(plan: Plan, name: str) -> None:
    index = next(a.content.decode() for a in render(plan, name).artifacts if a.name == "index.txt")
    lists = [block.splitlines() for block in index.split("\n\n") if ".txt " in block.partition("\n")[0]]
    assert lists
    for block in lists:
        lines = [line for line in block[1:] if "#" not in line]
        rules = [re.findall(r"(?:tcp|udp) [\d,-]*\d|ports not known", line) for line in lines]
        assert rules
        assert all(ports == rules[0] for ports in rules), block


def test_mixed_ports_are_a_widening_of_the_requirements_that_need_less() -> None:
    plan = make_plan(load_catalog(), load_profile(EXAMPLE))
    flows = plan.to_dict()["flows"]
    details = render(plan, "fortigate-feed", Style(options={"split": "all"})).details
    said = {x.id for x in details if x.code == "mixed-ports"}
    outbound = [f for f in flows if f["direction"] == "outbound" and f["destination"]["role"] != "internet"]
    dropped = {x.id for x in details if x.kind == "dropped"}
    assert {f["id"] for f in outbound} - dropped <= said
    assert all(x.kind == "widened" for x in details if x.code == "mixed-ports")
    default = render(plan, "fortigate-feed").details
    assert not [x for x in default if x.code == "mixed-ports"]
