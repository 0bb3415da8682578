"""`init`: templates that are valid as written and with all comments enabled, and whose decisions can be settled."""

import re
from pathlib import Path

import pytest

from perimeter365.cli.init import FITTING, template
from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import DNS_KEYS
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile, load_profile, parse_profile
from perimeter365.sources.load import read_catalog
from tests.cli.conftest import Cli

CATALOG = read_catalog("embedded")

# RFC 5737, RFC 3849, RFC 1918
OURS = PrefixSet.parse(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "10.0.0.0/8"])

# Matches `# grace = 30`, `# [dns]` and `# "dns",`; not `# Your addresses and host names`.
COMMENTED = re.compile(r'^( *)# (?=(?:[a-z_0-9-]+|"[a-z.]+") = |\[|"[a-z-]+",)', re.MULTILINE)


def enabled(text: str) -> str:
    """Return a template with every commented key, table and item enabled."""
    return COMMENTED.sub(r"\1", text)


def plan_of(text: str) -> Plan:
    return make_plan(CATALOG, parse_profile(text))


def test_what_init_writes_is_a_profile_that_can_be_planned(cli: Cli, tmp_path: Path) -> None:
    assert cli("init").code == 0
    profile = load_profile(tmp_path / "perimeter365.toml")
    assert make_plan(CATALOG, profile).flows


def test_everything_commented_is_valid_and_shows_all_that_a_profile_can_say() -> None:
    profile = parse_profile(enabled(template()))
    assert {"mailbox-migration", "dns"} <= set(profile.scenarios)
    assert {"mrs-proxy", "resolver"} <= set(profile.roles) <= set(OUR_ROLES)
    assert profile.domains
    assert profile.roles["mrs-proxy"].inside
    assert profile.roles["mrs-proxy"].prefixes
    assert all(profile.dns[""].value(key) for key in DNS_KEYS)
    assert set(profile.dns) == {"", "contoso.com"}
    assert profile.exclude
    assert profile.adjust
    assert profile.accept
    assert profile.targets


def test_it_contains_every_key_of_the_contract() -> None:
    text = template()
    keys = "name tenant email_domains clouds service_areas categories required_only ipv6 scenarios graph_sources"
    keys += " ahead grace client"
    for key in keys.split():
        assert re.search(rf"^{key} = ", text, re.MULTILINE), key


# -- profiles for one kind of organization -------------------------------------------------------------------------

VERIFICATION = ('# verification = "MS=ms12345678"', "[dns] verification")
NO_SENDERS = ("# spf_senders = []", "[dns] spf_senders")


def token(value: str) -> tuple[str, str]:
    return f'# mx_token = "{value}"', "[dns] mx_token"


SETTLED_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "cloud-only": (token("contoso-com"), VERIFICATION, NO_SENDERS),
    "hybrid": (
        token("contoso-com"),
        VERIFICATION,
        ('# federation_proof = "Y29udG9zbyBleGFtcGxlIHByb29m"', "[dns] federation_proof"),
    ),
    "gcc-high": (VERIFICATION, NO_SENDERS),
    "china": (token("contoso-cn"), VERIFICATION, NO_SENDERS),
    "msp": (token("alpha-example"), VERIFICATION, NO_SENDERS),
}
"""Profile -> the commented lines that settle its decisions, each with the key that the decisions name."""


def test_each_kind_has_a_profile() -> None:
    assert set(SETTLED_BY) == set(FITTING)


@pytest.mark.parametrize("kind", FITTING)
def test_each_decision_of_a_profile_is_settled_by_a_line_that_it_shows(kind: str) -> None:
    text = template(kind)
    before = plan_of(text)
    assert {w.remedy for w in before.decisions} == {remedy for _, remedy in SETTLED_BY[kind]}
    for line, remedy in SETTLED_BY[kind]:
        assert text.count(line) == 1
        after = plan_of(text.replace(line, line.removeprefix("# ")))
        assert after.decisions == tuple(w for w in before.decisions if w.remedy != remedy)
    for line, _ in SETTLED_BY[kind]:
        text = text.replace(line, line.removeprefix("# "))
    assert plan_of(text).decisions == ()


@pytest.mark.parametrize("kind", FITTING)
def test_a_profile_fits_its_kind_and_is_valid_with_everything_enabled(kind: str, cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "--from-scenario", kind, "mine.toml").code == 0
    assert (tmp_path / "mine.toml").read_text() == template(kind)
    assert "[[accept]]" not in template(kind)
    profile: Profile = parse_profile(enabled(template(kind)))
    clouds = {"gcc-high": Cloud.GCCHIGH, "china": Cloud.CHINA}
    assert profile.clouds == (clouds.get(kind, Cloud.WORLDWIDE),)
    assert make_plan(CATALOG, profile).flows
    for own in profile.roles.values():
        assert not (own.prefixes | own.inside) - OURS


def test_an_existing_file_is_never_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("mine")
    ran = cli("init", "mine.toml")
    assert ran.code == 2
    assert "mine.toml already exists and was not changed" in ran.err
    assert (tmp_path / "mine.toml").read_text() == "mine"


def test_a_dash_is_stdout(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "-").out == template()
    assert not list(tmp_path.glob("*.toml"))


def test_a_missing_folder_is_exit_2(cli: Cli) -> None:
    ran = cli("init", "no/such/folder.toml")
    assert (ran.code, ran.err.startswith("error[P365-OUTPUT]")) == (2, True)


def test_lines_fit_a_terminal() -> None:
    assert [line for kind in (None, *FITTING) for line in template(kind).splitlines() if len(line) > 125] == []
