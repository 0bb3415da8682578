"""The life of trusted sites in the registry of Wine, with the entries and policies that a user and an organization have."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from perimeter365.targets import RenderResult, Style, render
from perimeter365.targets.trusted_sites_reg import TrustedSitesReg
from tests.consumers.wine import Value, Wine, Zone, shared_wine
from tests.life import tries
from tests.targets.test_trusted_sites_reg import MACHINE, SETTINGS, USER, held, of, read, site

pytestmark = pytest.mark.timeout(300)

NAME = "trusted-sites-reg"
BEFORE = of(site("contoso.sharepoint.com"), site("*.yammer.com"))
AFTER = of(site("contoso.sharepoint.com"), site("contoso-my.sharepoint.com"))
POLICIES = rf"{USER}\Software\Policies\{SETTINGS}"
THEIRS = rf"""Windows Registry Editor Version 5.00

[{USER}\Software\{SETTINGS}\ZoneMap\Domains\sharepoint.com]
"https"=dword:00000001

[{USER}\Software\{SETTINGS}\ZoneMap\Domains\sharepoint.com\contoso]
"http"=dword:00000002

[{USER}\Software\{SETTINGS}\ZoneMap\Domains\yammer.com]
"http"=dword:00000001

[{POLICIES}]
"ListBox_Support_ZoneMapKey"=dword:00000001

[{POLICIES}\ZoneMapKey]
"https://own.contoso.com"="1"
""".replace("\n", "\r\n")


class Place:
    """An output folder with its files, and a user's registry."""

    def __init__(self, **options: str) -> None:
        self.options = options
        self.kept: Mapping[str, int] = {}
        self.files: dict[str, bytes] = {}
        self.wine: Wine = shared_wine()
        self.wine.reg_import(THEIRS)
        self.before = self.registry()

    def registry(self) -> dict[str, dict[str, Value]]:
        return held(self.wine, USER)

    def render(self, plan: object) -> RenderResult:
        rendered = render(plan, NAME, Style(options=self.options, kept=self.kept))  # type: ignore[arg-type]
        self.kept = rendered.kept
        self.files = {each.name: each.content for each in rendered.artifacts}
        return rendered

    def follow(self, part: str, stop_after: int | None = None) -> dict[str, dict[str, Value]]:
        lines = TrustedSitesReg(Style(options=self.options)).commands(part)  # type: ignore[arg-type]
        self.wine.follow(lines[:stop_after], self.files)
        return self.registry()

    def wanted(self) -> dict[str, dict[str, Value]]:
        """The values of the user and those of the file."""
        found = {key: dict(values) for key, values in self.before.items()}
        for key, values in read(self.files["trusted-sites.reg"]).items():
            found.setdefault(key, {}).update(values)
        return found


def zones(wine: Wine) -> list[Zone]:
    names = ("contoso.sharepoint.com", "contoso-my.sharepoint.com", "fabrikam.sharepoint.com", "a.yammer.com")
    return list(wine.zones([f"https://{name}/" for name in names]).values())


@tries(NAME, "install", "again", "remove")
def test_an_install_adds_values_and_a_removal_takes_them_alone() -> None:
    place = Place(form="both")
    zones_before = zones(place.wine)
    place.render(BEFORE)
    assert place.follow("install") == place.wanted()
    assert place.follow("update") == place.wanted()
    assert place.registry()[POLICIES] == place.before[POLICIES]
    assert place.follow("remove") == place.before
    assert zones(place.wine) == zones_before


@tries(NAME, "install")
def test_by_default_no_policy_is_written_and_the_switch_of_the_list_is_never_removed() -> None:
    (setting, *_) = render(BEFORE, NAME).artifacts
    assert not any("Policies" in key for key in read(setting.content))
    for options in ({}, {"form": "policy"}, {"form": "both", "scope": "machine"}):
        for artifact in render(BEFORE, NAME, Style(options=options)).artifacts:
            if artifact.name.endswith(".cmd"):
                assert b"ListBox_Support_ZoneMapKey" not in artifact.content


@tries(NAME, "again")
def test_another_form_removes_the_values_of_the_earlier_one() -> None:
    place = Place(form="both")
    place.render(BEFORE)
    place.follow("install")
    place.options = {}
    place.render(BEFORE)
    assert place.follow("update") == place.wanted()


@tries(NAME, "empty")
def test_a_plan_without_sites_changes_nothing_and_removes_earlier_values() -> None:
    place = Place()
    place.render(of())
    assert place.follow("install") == place.before
    place.render(BEFORE)
    place.follow("install")
    place.render(of())
    assert place.follow("update") == place.before


@tries(NAME, "grow", "shrink", "back")
def test_an_update_leaves_no_value_of_the_earlier_plan() -> None:
    place = Place()
    place.render(BEFORE)
    place.follow("install")
    first = zones(place.wine)
    place.render(AFTER)
    assert place.follow("update") == place.wanted()
    assert zones(place.wine) == [Zone.TRUSTED, Zone.TRUSTED, Zone.INTRANET, Zone.INTERNET]
    place.render(BEFORE)
    assert place.follow("update") == place.wanted()
    assert zones(place.wine) == first


@tries(NAME, "interrupted")
def test_stopped_after_each_line_sites_of_both_plans_have_their_zone() -> None:
    place = Place()
    place.render(BEFORE)
    place.follow("install")
    place.render(AFTER)
    place.follow("update", stop_after=1)
    assert zones(place.wine)[:2] == [Zone.TRUSTED, Zone.TRUSTED]
    assert place.follow("update") == place.wanted()


@tries(NAME, "unordered")
def test_values_of_a_file_that_was_never_followed_by_an_update_are_removed_later() -> None:
    place = Place()
    place.render(BEFORE)
    place.follow("install")
    place.render(of())
    place.render(AFTER)
    assert place.follow("update") == place.wanted()
    assert place.follow("remove") == place.before


@tries(NAME, "neighbors")
def test_all_users_and_one_user_do_not_meet() -> None:
    place = Place()
    wide = Place(scope="machine")
    place.render(BEFORE)
    wide.render(AFTER)
    machine = held(wide.wine, MACHINE)
    wide.follow("install")
    place.follow("install")
    wide.follow("remove")
    assert place.registry() == place.wanted()
    assert held(wide.wine, MACHINE) == machine


def test_what_an_earlier_render_set_is_rendered_the_same_twice() -> None:
    first = render(BEFORE, NAME, Style())
    second = render(AFTER, NAME, Style(kept=first.kept))
    assert render(AFTER, NAME, Style(kept=second.kept)) == second
    assert [a.entries for a in second.artifacts] == [2, 1, 3]


def test_an_empty_key_of_a_host_hides_the_entry_of_its_domain() -> None:
    """Why removals are commands: a .reg file leaves such keys behind."""
    place = Place()
    assert zones(place.wine)[1] == Zone.INTRANET
    key = rf"[{USER}\Software\{SETTINGS}\ZoneMap\Domains\sharepoint.com\contoso-my]"
    place.wine.reg_import(f'Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n"https"=-\r\n')
    assert zones(place.wine)[1] == Zone.INTERNET


def test_each_command_of_a_removal_is_needed() -> None:
    place = Place()
    right = zones(place.wine)
    place.render(of(site("contoso-my.sharepoint.com")))
    whole = place.files["trusted-sites-remove.cmd"]
    commands = [line for line in whole.split(b"\r\n") if line.startswith((b"reg", b"if"))]
    assert len(commands) == 3
    for line in commands[::2]:
        place.follow("install")
        place.files["trusted-sites-remove.cmd"] = whole.replace(line + b"\r\n", b"")
        assert (place.follow("remove"), zones(place.wine)) != (place.before, right)
        place.files["trusted-sites-remove.cmd"] = whole
        assert place.follow("remove") == place.before
    assert zones(place.wine) == right


def test_the_files_of_2_2_write_policies_by_default_and_remove_the_switch_and_values_of_the_user() -> None:
    """What is wrong with the artifacts in faults shows with the same program."""
    place = Place()
    host = rf"{USER}\Software\{SETTINGS}\ZoneMap\Domains\sharepoint.com\contoso-my"
    place.wine.reg_import(f'Windows Registry Editor Version 5.00\r\n\r\n[{host}]\r\n"http"=dword:00000002\r\n')
    old = {path.name: path.read_bytes() for path in sorted((Path(__file__).parent / "faults" / NAME).iterdir())}
    assert any("Policies" in key for key in read(old["trusted-sites.reg"]))
    place.wine.follow(["reg import trusted-sites.reg", "reg import trusted-sites-remove.reg"], old)
    after = place.registry()
    assert "ListBox_Support_ZoneMapKey" not in after.get(POLICIES, {})
    assert host not in after
    assert after[rf"{POLICIES}\ZoneMapKey"] == place.before[rf"{POLICIES}\ZoneMapKey"]


def test_a_line_of_a_script_is_shorter_than_what_the_command_prompt_reads() -> None:
    long = ".".join(["a" * 60] * 3 + ["contoso.com"])
    for artifact in render(of(site(long), site(f"*.{long}")), NAME, Style(options={"form": "both", "esc": "on"})).artifacts:
        if artifact.name.endswith(".cmd"):
            assert max(map(len, artifact.content.split(b"\r\n"))) < 8191
