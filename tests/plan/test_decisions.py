"""Decisions of real plans: each names the key that settles it, and is gone when that is written."""

from pathlib import Path

import pytest

from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.load import read_catalog

TENANTS = sorted((Path(__file__).parent / "profiles" / "tenants").glob("*.toml"))
CATALOG = read_catalog("embedded")

SETTLED_BY = {
    "[roles] adfs-proxy": 'adfs-proxy = ["203.0.113.40", "sts.tenant.example"]',
    "[roles] adfs-server": 'adfs-server = ["10.60.5.41"]',
    "[roles] domain-controller": 'domain-controller = ["10.60.1.10"]',
    "[roles] entra-connect": 'entra-connect = ["10.60.5.10"]',
    "[roles] health-agent": 'health-agent = ["10.60.5.10"]',
    "[roles] load-balancer": 'load-balancer = ["10.60.5.40"]',
    "[roles] pass-through-agent": 'pass-through-agent = ["10.60.5.11"]',
}
"""Remedy of a decision -> the line that is written into [roles]."""


def plan_of(text: str) -> Plan:
    return make_plan(CATALOG, parse_profile(text))


@pytest.mark.parametrize("path", TENANTS, ids=[p.stem for p in TENANTS])
def test_each_decision_of_a_tenant_is_gone_when_its_key_is_written(path: Path) -> None:
    text = path.read_text("utf-8")
    before = plan_of(text)
    remedies = {w.remedy for w in before.decisions}
    assert {"[roles] adfs-proxy", "[roles] entra-connect"} <= remedies <= set(SETTLED_BY)
    for remedy in remedies:
        after = plan_of(text + SETTLED_BY[remedy])
        assert after.decisions == tuple(w for w in before.decisions if w.remedy != remedy)
    assert plan_of(text + "\n".join(SETTLED_BY[remedy] for remedy in remedies)).decisions == ()
