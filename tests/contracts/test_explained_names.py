"""Names that are only explained open nothing: no catalog, plan or artifact has one from their file."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.names import CDN
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import load_profile
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.targets import render

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = [
    HostPattern(host)
    for name in tomllib.loads((FACTS / "names.toml").read_text(encoding="utf-8"))["name"]
    if name["kind"] != CDN
    for host in name.get("hosts", ())
]


def others() -> str:
    """Return the text of all other facts."""
    files = [*(FACTS / "rows").iterdir(), *(FACTS / "instances").iterdir(), FACTS / "dns.toml"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of every cloud and scenario."""
    profile = load_profile(ROOT / "examples" / "contoso.toml")
    return make_plan(embedded(), replace(profile, clouds=tuple(embedded().sets), scenarios=tuple(embedded().scenarios)))


def test_no_plan_has_a_name_that_is_only_explained(plan: Plan) -> None:
    listed = others()
    hosts = {host for flow in plan.flows for end in (flow.source, flow.destination) for host in end.hosts}
    hosts |= {site.host for site in plan.sites}
    assert len(hosts) > 500
    for host in hosts:
        if any(pattern.covers(host) for pattern in EXPLAINED):
            assert f'"{host.text}"' in listed, f"{host} is in a plan, but no set or row lists it"


@pytest.mark.parametrize("target", ["text", "csv", "pac", "squid", "dnsmasq"])
def test_no_artifact_has_a_pattern_of_the_file(plan: Plan, target: str) -> None:
    listed = others()
    patterns = [p.text.removeprefix("*") for p in EXPLAINED if "*" in p.text and f'"{p.text}"' not in listed]
    assert len(patterns) > 10
    for artifact in render(plan, target).artifacts:
        words = {word.strip("\"'*^$,;").replace("\\", "") for word in artifact.content.decode("utf-8", "replace").split()}
        for pattern in patterns:
            assert not {pattern, pattern[1:]} & words, (artifact.name, pattern)


def test_the_catalog_does_not_read_the_file(tmp_path: Path) -> None:
    import shutil

    from perimeter365.sources.embedded import read_folder

    copy = shutil.copytree(str(FACTS), tmp_path / "facts")
    (copy / "names.toml").unlink()
    (copy / "names.json").unlink()
    assert read_folder(copy) == embedded()
    assert Cloud.WORLDWIDE in embedded().sets
