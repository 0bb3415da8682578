"""The life of the list of zones in a computer's local policy, next to other policies."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets._bases.zones import KEY
from perimeter365.targets.registry_pol import RegistryPol
from tests.life import tries
from tests.life.models.group_policy import Computer, PolicyError
from tests.targets.test_trusted_sites_reg import of, site

NAME = "registry-pol"
BEFORE = of(site("contoso.sharepoint.com"), site("*.yammer.com"), site("sso.contoso.com", "intranet"))
AFTER = of(site("contoso.sharepoint.com"), site("contoso-my.sharepoint.com", "intranet"))
OWN = (rf"{KEY}\ZoneMapKey", "https://own.contoso.com")
OTHER = (r"Software\Policies\Contoso", "Setting")


def wanted(plan: Plan) -> dict[str, str]:
    zones = {"trusted": "2", "intranet": "1"}
    return {f"{s['scheme']}://{s['host']}": zones[s["zone"]] for s in plan.to_dict()["sites"]} | {OWN[1]: "1"}


class Place:
    """An output folder, and a computer whose organization has a list and other policies of its own."""

    def __init__(self, **options: str) -> None:
        self.options = options
        self.kept: Mapping[str, int] = {}
        self.files: dict[str, bytes] = {}
        self.computer = Computer()
        for part in ("user", "machine"):
            own: dict[tuple[str, str], str | int | bytes] = {OWN: "1", OTHER: 7, (KEY, "ListBox_Support_ZoneMapKey"): 1}
            self.computer.policy[part].update(own)
        self.computer.follow(["LGPO.exe /e zone", "gpupdate /force"], {})
        self.before = deepcopy(self.computer.registry)

    def render(self, plan: Plan) -> None:
        rendered = render(plan, NAME, Style(options=self.options, kept=self.kept))
        self.kept = rendered.kept
        self.files = {each.name: each.content for each in rendered.artifacts}

    def follow(self, part: str, stop_after: int | None = None) -> None:
        lines = RegistryPol(Style(options=self.options)).commands(part)  # type: ignore[arg-type]
        self.computer.follow(lines[:stop_after], self.files)


@tries(NAME, "install", "again", "remove")
@pytest.mark.parametrize("scope", ["user", "machine"])
def test_an_install_adds_to_the_policies_and_a_removal_takes_our_values_alone(scope: str) -> None:
    place = Place(scope=scope)
    place.render(BEFORE)
    for part in ("install", "update", "install"):
        place.follow(part)
        assert place.computer.zones(scope) == wanted(BEFORE)
        assert place.computer.registry[scope][OTHER] == 7
    place.follow("remove")
    assert place.computer.registry == place.before


@tries(NAME, "install")
def test_a_computer_without_policies_gets_the_list() -> None:
    place = Place()
    place.computer = Computer()
    place.render(BEFORE)
    place.follow("install")
    assert place.computer.zones() == {name: zone for name, zone in wanted(BEFORE).items() if name != OWN[1]}


@tries(NAME, "empty")
def test_a_plan_without_sites_does_not_switch_the_list_on_or_off() -> None:
    place = Place()
    place.render(of())
    assert place.files["Registry.pol"] == b"PReg\x01\0\0\0"
    place.follow("install")
    assert place.computer.registry == place.before
    place.computer = Computer()
    place.follow("install")
    assert place.computer.registry == {"user": {}, "machine": {}}


@tries(NAME, "grow", "shrink", "back")
def test_an_update_leaves_no_value_of_the_earlier_plan() -> None:
    place = Place()
    for plan, part in ((BEFORE, "install"), (AFTER, "update"), (BEFORE, "update"), (of(), "update")):
        place.render(plan)
        place.follow(part)
        assert place.computer.zones() == wanted(plan)
    assert place.computer.registry == place.before


@tries(NAME, "interrupted")
def test_stopped_after_each_line_sites_of_both_plans_have_their_zone() -> None:
    for stop in (1, 2):
        place = Place()
        place.render(BEFORE)
        place.follow("install")
        place.render(AFTER)
        place.follow("update", stop_after=stop)
        assert place.computer.zones()["https://contoso.sharepoint.com"] == "2"
        assert place.computer.zones().items() <= {**wanted(BEFORE), **wanted(AFTER)}.items()
        place.follow("update")
        assert place.computer.zones() == wanted(AFTER)


@tries(NAME, "unordered")
def test_values_of_a_file_that_was_never_followed_by_an_update_are_removed_later() -> None:
    place = Place()
    place.render(BEFORE)
    place.follow("install")
    place.render(of())
    place.render(AFTER)
    place.follow("update")
    assert place.computer.zones() == wanted(AFTER)


@tries(NAME, "neighbors")
def test_user_and_computer_configuration_do_not_meet() -> None:
    user, machine = Place(), Place(scope="machine")
    machine.computer = user.computer
    user.render(BEFORE)
    machine.render(AFTER)
    user.follow("install")
    machine.follow("install")
    user.follow("remove")
    assert user.computer.zones("machine") == wanted(AFTER)
    assert user.computer.registry["user"] == user.before["user"]


def test_no_file_deletes_the_switch_of_the_list() -> None:
    place = Place()
    place.render(BEFORE)
    assert b"ListBox_Support" in place.files["Registry.pol"].decode("utf-16-le", "replace").encode()
    assert not any(b"ListBox_Support" in place.files[name] for name in ("left.txt", "remove.txt"))


@pytest.mark.parametrize("part", ["install", "update", "remove"])
def test_each_command_and_each_value_is_needed(part: str) -> None:
    def outcome(lines: tuple[str, ...], damage: str = "") -> object:
        place = Place()
        place.computer = Computer()
        place.render(BEFORE)
        if part != "install":
            place.follow("install")
            place.render(AFTER)
        place.files = {
            name: content.replace(damage.encode(), b"User") if damage else content for name, content in place.files.items()
        }
        try:
            place.computer.follow(lines, place.files)
        except (PolicyError, ValueError) as error:
            return str(error)
        return place.computer.registry, place.computer.zones()

    lines = RegistryPol().commands(part)  # type: ignore[arg-type]
    for number in range(len(lines)):
        assert outcome(lines[:number] + lines[number + 1 :]) != outcome(lines)
    for old, new in (("/u", "/m"), (" /e zone", ""), (" /t left.txt", ""), ("remove", "left"), ("/force", "/x")):
        if any(old in line for line in lines) and (part, old) != ("update", " /e zone"):
            assert outcome(tuple(line.replace(old, new) for line in lines)) != outcome(lines), old
    if part != "install":
        assert outcome(lines, "DELETE") != outcome(lines)


def test_the_model_shows_the_values_that_an_import_of_2_2_leaves() -> None:
    old = {path.name: path.read_bytes() for path in (Path(__file__).parent / "faults" / NAME).iterdir()}
    computer = Computer()
    computer.follow(["LGPO.exe /u before.pol /e zone", "gpupdate /force"], old)
    assert len(computer.zones()) == 4
    computer.follow(["LGPO.exe /u after.pol /e zone", "gpupdate /force"], old)
    assert len(computer.zones()) == 4, "two of them are in neither the new file nor the new plan"
    alone = Computer()
    alone.follow(["LGPO.exe /u after.pol", "gpupdate /force"], old)
    assert alone.zones() == {}, "without its extension a local policy has no list"
