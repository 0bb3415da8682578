"""[targets.NAME] of a profile: options, limits and own names, for every way to render; -O wins."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365 import Workspace, load_catalog, make_plan, render
from perimeter365.errors import OptionError, ProfileError, ValueNeededError
from perimeter365.plan.choices import Acceptance, TargetSettings
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import load_profile, parse_profile
from perimeter365.targets import Style, targets
from perimeter365.targets.many import Styles, expand_names, implied_names, render_many
from perimeter365.targets.since import load_render
from perimeter365.targets.write import write
from tests.targets.values import example_options

ROOT = Path(__file__).parents[2]
BARE = '[organization]\nclouds = ["worldwide"]\n[roles]\nclient = ["10.0.0.0/8"]\n'
NEEDED = {name for name in targets if example_options(name)}


def plan(text: str = "") -> Plan:
    return make_plan(load_catalog("embedded"), parse_profile(BARE + text))


def with_settings(name: str, **values: str | int | tuple[str, ...]) -> Plan:
    return replace(plan(), settings={name: TargetSettings(values=values)})


def first(which: Plan, name: str, style: Style | None = None) -> str:
    return render(which, name, style).artifacts[0].content.decode()


# -- values that only the organization knows ---------------------------------------------------------------------


def test_what_only_an_organization_knows_has_no_default() -> None:
    routers, resolvers = {"bird", "frr", "linux-routes"}, {"dnsmasq", "nrpt", "unbound"}
    assert routers | resolvers | {"globalprotect", "pac", "wireguard"} == NEEDED


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_without_its_value_a_target_names_the_key_and_the_flag(name: str) -> None:
    with pytest.raises(ValueNeededError) as caught:
        render(plan(), name)
    assert caught.value.exit_code == 2
    assert f"[targets.{name}]" in caught.value.message
    for key in example_options(name):
        assert f"{key} = …" in caught.value.message
        assert f"-O {name}.{key}=…" in caught.value.help


def test_a_next_hop_is_needed_only_for_routes_of_its_family() -> None:
    only4 = replace(plan("[select]\nipv6 = false\n"))
    assert "via 192.0.2.9" in first(only4, "bird", Style(options={"gateway4": "192.0.2.9"}))
    with pytest.raises(ValueNeededError) as caught:
        render(plan(), "bird", Style(options={"gateway4": "192.0.2.9"}))
    assert caught.value.options == ("gateway6",)


def test_all_leaves_out_what_needs_a_value_as_a_decision() -> None:
    batch = render_many(plan(), expand_names(["all"]), Styles(), implied_names(["all"]))
    assert not batch.failures
    assert {r.target for r in batch.rendered} == set(targets) - NEEDED
    assert {d.id: (d.code, d.level, d.open) for d in batch.warnings} == dict.fromkeys(
        NEEDED, ("value-needed", "decide", True)
    )
    assert all(f"[targets.{d.id}]" in d.message for d in batch.warnings)


def test_a_decision_can_be_accepted() -> None:
    own = Acceptance(code="value-needed", id="pac", reason="no proxy here")
    accepted = make_plan(load_catalog("embedded"), replace(parse_profile(BARE), accept=(own,)))
    assert "accept-unused" not in {w.code for w in accepted.warnings}
    batch = render_many(accepted, ["pac", "frr"], Styles(), {"pac", "frr"})
    assert {d.id: d.accepted for d in batch.warnings} == {"pac": "no proxy here", "frr": ""}


def test_a_named_target_without_its_value_fails_and_the_others_are_rendered() -> None:
    batch = render_many(plan(), ["frr", "csv"], Styles())
    assert ([r.target for r in batch.rendered], list(batch.failures), batch.warnings) == (["csv"], ["frr"], ())


def test_the_example_renders_every_target() -> None:
    which = make_plan(load_catalog("embedded"), load_profile(ROOT / "examples" / "contoso.toml"))
    batch = render_many(which, expand_names(["all"]), Styles(), implied_names(["all"]))
    assert (set(batch.failures), {name for name in batch.left_out if name in NEEDED}) == (set(), set())
    assert {name: set(own.values) for name, own in which.settings.items()} == {
        name: set(example_options(name)) for name in NEEDED
    }


# -- settings ----------------------------------------------------------------------------------------------------

PAC = """
[targets.pac]
proxy = "PROXY proxy.contoso.com:8080"
direct = ["*.corp.contoso.com", "intranet.contoso.com"]
zscaler_bytes = 100000
"""


def test_options_lists_and_limits_of_a_profile_apply() -> None:
    file = first(plan(PAC), "pac")
    assert 'var PROXY = "PROXY proxy.contoso.com:8080"' in file
    assert '"contoso.com":"*.corp intranet"' in file
    own = next(a for a in render(plan(PAC), "pac").artifacts if a.name == "proxy-reasons.txt").content.decode()
    assert "*.corp.contoso.com: own name, option direct" in own
    with pytest.raises(Exception, match=r"needs .* zscaler_bytes, the limit is 100"):
        render(plan(PAC.replace("100000", "100")), "pac")


def test_the_command_line_wins() -> None:
    styles = Styles(options={"pac": {"proxy": "PROXY other.contoso.com:3128"}}, limits={"pac": {"zscaler_bytes": 100_001}})
    batch = render_many(plan(PAC.replace("100000", "100")), ["pac"], styles)
    (made,) = batch.rendered
    assert b"PROXY other.contoso.com:3128" in made.artifacts[0].content
    assert b"*.corp" in made.artifacts[0].content, "what -O does not set stays"


def test_every_way_to_render_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(BARE + PAC)
    workspace = Workspace(catalog="embedded")
    which = workspace.plan(tmp_path / "p.toml")
    (batched,) = render_many(which, ["pac"], Styles()).rendered
    assert workspace.render(which, "pac") == render(which, "pac") == batched


def test_an_earlier_render_keeps_its_settings(tmp_path: Path) -> None:
    """They are in its record, since the profile can have others by then."""
    write([render(with_settings("nftables", refuse="pass", prefix="alpha"), "nftables")], tmp_path)
    earlier = load_render(tmp_path, targets["nftables"])
    assert earlier.style.options == {"refuse": "pass", "prefix": "alpha"}
    with pytest.raises(OptionError, match="prefix is 'beta', but was 'alpha'"):
        render(with_settings("nftables", refuse="pass", prefix="beta"), "nftables", Style(since=earlier))


WRONG = """
[targets.frr]
gateway = "192.0.2.1"
gateway4 = "192.0.2.0/24"
tag = ["365"]
[targets.nftabls]
refuse = "drop"
[targets.azure-udr]
routes = "1000"
[targets.dnsmasq]
servers = ["192.0.2.53", "192.0.2.54,192.0.2.55"]
"""


def test_all_mistakes_are_reported_at_their_place() -> None:
    with pytest.raises(ProfileError) as caught:
        render_many(plan(WRONG), ["csv"], Styles())
    lines = (BARE + WRONG).splitlines()
    found = [(lines[p.line - 1], p.code, p.message, p.remedy) for p in caught.value.problems]  # type: ignore[attr-defined]
    assert [(line, code) for line, code, _, _ in found] == [
        ('gateway = "192.0.2.1"', "unknown-key"),
        ('gateway4 = "192.0.2.0/24"', "bad-value"),
        ('tag = ["365"]', "wrong-type"),
        ("[targets.nftabls]", "unknown-name"),
        ('routes = "1000"', "wrong-type"),
        ('servers = ["192.0.2.53", "192.0.2.54,192.0.2.55"]', "bad-value"),
    ]
    assert "did you mean 'gateway" in found[0][3]
    assert found[3][3] == "did you mean 'nftables'?"
    assert "profile.toml:7:1: frr has no option or limit 'gateway'\n" in caught.value.message
    assert "^^^^^^^" in caught.value.message


def test_the_plan_finds_them_too(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(BARE + WRONG)
    with pytest.raises(ProfileError, match="unknown target 'nftabls'"):
        Workspace(catalog="embedded").plan(tmp_path / "p.toml")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"gateway5": "x"}, r"\[targets.frr\] gateway5: frr has no option or limit 'gateway5'; did you mean"),
        ({"tag": "0"}, r"\[targets.frr\] tag: '0' is not a value of frr.tag; route tag"),
    ],
)
def test_a_profile_made_in_python_has_no_places(values: dict[str, str], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        render(with_settings("frr", **values), "frr")


def test_a_number_is_the_value_of_an_option() -> None:
    which = with_settings("frr", tag=366, gateway4="192.0.2.1", gateway6="2001:db8::1")
    assert first(which, "frr").count(" tag 366") > 10


@pytest.mark.parametrize("name", list(targets))
def test_no_limit_has_the_name_of_an_option(name: str) -> None:
    assert not set(targets[name].limits) & set(targets[name].options)


@pytest.mark.parametrize(
    "name", ["*.com", "*.co.uk", "com", "*", "a b.contoso.com", "*cdn.contoso.com", "<tenant>.contoso.com"]
)
def test_a_direct_name_is_one_of_an_organization(name: str) -> None:
    with pytest.raises(OptionError):
        targets["pac"](Style(options={"direct": f"intranet.contoso.com,{name}"}))


def test_a_list_can_be_empty() -> None:
    assert json.loads(json.dumps(targets["pac"].describe()))["options"]["direct"]["several"]
    assert "*.corp" not in first(plan(PAC.replace('["*.corp.contoso.com", "intranet.contoso.com"]', "[]")), "pac")
