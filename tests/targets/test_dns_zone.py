"""Zone files: real name servers answer what the plan says, and nothing for names that a person has to decide."""

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from tests.consumers.named import Question, dig, named_pair

ROOT = Path(__file__).parents[2]

HYBRID = """[organization]
tenant = "fabrikam"
email_domains = ["mail.fabrikam.example", "fabrikam.example"]
clouds = ["worldwide"]
[select]
service_areas = ["exchange"]
scenarios = ["exchange-hybrid-coexistence", "dns"]
[roles]
exchange-server = ["192.0.2.20", "mail.fabrikam.example"]
[dns."fabrikam.example"]
mx_token = "fabrikam-example"
verification = "MS=ms12345678"
"""
FEDERATED = """[organization]
tenant = "fabrikam"
email_domains = ["fabrikam.example"]
clouds = ["worldwide"]
[select]
service_areas = []
scenarios = ["federation-sts", "dns"]
[roles]
adfs-proxy = ["192.0.2.40", "2001:db8::40", "sts.fabrikam.example"]
adfs-server = ["10.0.0.41"]
load-balancer = ["10.0.0.9"]
resolver = ["10.0.0.53"]
[dns]
device_registration = "ad-fs"
mx_token = "fabrikam-example"
"""
UNDECIDED = FEDERATED.replace('device_registration = "ad-fs"\n', "")
TWO_CLOUDS = """[organization]
tenant = "fabrikam"
email_domains = ["fabrikam.example", "fabrikam.cn"]
clouds = ["worldwide", "china"]
[organization.domains]
"fabrikam.example" = "worldwide"
"fabrikam.cn" = "china"
[select]
service_areas = []
scenarios = ["dns"]
[dns."fabrikam.cn"]
mx_token = "fabrikam-cn"
[dns."fabrikam.example"]
mx_token = "fabrikam-example"
verification = "MS=ms12345678"
"""
NOBODYS = TWO_CLOUDS.replace('"fabrikam.example" = "worldwide"\n', "").replace('"fabrikam.cn" = "china"\n', "")
GOVERNMENT = TWO_CLOUDS.partition("[organization.domains]")[0].replace('"worldwide", "china"', '"gcchigh"') + (
    '[select]\nservice_areas = []\nscenarios = ["dns"]\n'
)
PROFILES = {
    "hybrid": HYBRID,
    "federated": FEDERATED,
    "undecided": UNDECIDED,
    "two clouds": TWO_CLOUDS,
    "government": GOVERNMENT,
}


def plan_of(text: str) -> Plan:
    return make_plan(load_catalog("embedded"), parse_profile(text))


def zones_of(plan: Plan) -> dict[str, str]:
    return {a.name.removesuffix(".zone"): a.content.decode() for a in render(plan, "dns-zone").artifacts}


def master_files(zones: dict[str, str]) -> dict[str, str]:
    """The zones as an administrator has them: with SOA and NS, and what is not ours, above the fragment."""
    head = "$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\nns1 A 127.0.0.1\n"
    return {zone: f"{head}{text}" for zone, text in zones.items()}


def wanted_answers(plan: Plan) -> dict[Question, list[str]]:
    """What the plan says that the organization publishes, in the notation of dig."""
    found = defaultdict(set)
    for r in plan.records:
        ours = r.duty == "publish" and any(f".{r.name}".endswith(f".{zone}") for zone in _domains(plan))
        if ours and "<" not in r.name + r.value:
            dot = "." if r.type in ("CNAME", "MX", "SRV") else ""
            found[r.name, r.type].add(f'"{r.value}"' if r.type == "TXT" else f"{r.value}{dot}")
    return {question: sorted(values) for question, values in found.items()}


def _domains(plan: Plan) -> set[str]:
    return {r.zone for r in plan.records if r.zone}


@pytest.mark.parametrize("name", PROFILES)
def test_primary_and_secondary_answer_what_the_plan_says(name: str, tmp_path: Path) -> None:
    plan = plan_of(PROFILES[name])
    wanted = wanted_answers(plan)
    undecided = {w.id for w in plan.warnings if w.code == "record-conflict"} - {n for n, _ in wanted}
    silent = [(n, t) for n in sorted(undecided) for t in ("A", "AAAA", "CNAME")]
    incomplete = {(r.name, r.type) for r in plan.records if "<" in r.value and r.duty == "publish"} - wanted.keys()
    assert len(wanted) > 2
    with named_pair(master_files(zones_of(plan)), tmp_path) as ports:
        for port in ports:
            assert dig(port, list(wanted)) == {question: ("NOERROR", values) for question, values in wanted.items()}
            for question, (_, values) in dig(port, [*silent, *incomplete, ("www." + min(_domains(plan)), "A")]).items():
                assert values == [], question


def test_names_that_our_own_servers_serve_are_not_given_away(tmp_path: Path) -> None:
    """Hybrid Exchange answers Autodiscover, and AD FS device registration (rows 7 and 4)."""
    hybrid, federated = plan_of(HYBRID), plan_of(UNDECIDED)
    zones = {"fabrikam.example": zones_of(federated)["fabrikam.example"]}
    zones["mail.fabrikam.example"] = zones_of(hybrid)["mail.fabrikam.example"]
    with named_pair(master_files(zones), tmp_path) as ports:
        autodiscover = ("autodiscover.mail.fabrikam.example", "CNAME")
        registration = ("enterpriseregistration.fabrikam.example", "CNAME")
        sts = ("sts.fabrikam.example", "A")
        found = dig(ports[1], [autodiscover, registration, sts])
    assert found[autodiscover][1] == []
    assert found[registration][1] == []
    assert found[sts] == ("NOERROR", ["192.0.2.40"])


def test_a_domain_of_two_clouds_has_no_records() -> None:
    assert zones_of(plan_of(NOBODYS)) == {}


def test_the_condition_is_above_each_record() -> None:
    example = make_plan(load_catalog("embedded"), load_profile(ROOT / "examples/contoso.toml"))
    for plan in (plan_of(HYBRID), plan_of(FEDERATED), example):
        conditions = {(str(r.id), str(r.cloud)): r.condition for r in plan.records}
        for text in zones_of(plan).values():
            comment: list[str] = []
            lines = text.partition("$ORIGIN")[2].splitlines()[1:]
            records = 0
            for line in lines:
                if line.startswith(";"):
                    comment.append(line.removeprefix("; "))
                    assert len(line) <= 100
                    continue
                about = re.search(r" ; (\S+) (\S+)$", line)
                assert about, line
                assert " ".join(comment) == " ".join(conditions[about[1], about[2]].split()), line
                comment, records = [], records + 1
            assert records


def test_what_is_not_in_the_file_is_a_comment_with_the_reason() -> None:
    text = " ".join(zones_of(plan_of(UNDECIDED))["fabrikam.example"].replace("\n; ", " ").split())
    assert "Not in this file: fabrikam.example TXT MS=<verification-token> (dns/verification worldwide): " in text
    assert "To decide: enterpriseregistration.fabrikam.example: adfs-proxy " in text
    assert "; set [dns] device_registration" in text
    assert "; set [dns] verification" in text
    assert "fabrikam-example.mail.protection.outlook.com. ; dns/mx" in text


def test_a_hostile_condition_adds_no_record(tmp_path: Path) -> None:
    plan = plan_of(FEDERATED)
    evil = [f"x{end}www 60 IN A 192.0.2.66" for end in ("\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", " \\\n", '" (\n')]
    records = tuple(replace(r, condition=evil[i % len(evil)]) for i, r in enumerate(plan.records))
    zones = zones_of(replace(plan, records=records))
    with named_pair(master_files(zones), tmp_path) as ports:
        assert dig(ports[0], [("www.fabrikam.example", "A")])["www.fabrikam.example", "A"] == ("NXDOMAIN", [])
