"""Device capacity: a list is held if a plan would exceed a device limit by the target's own count."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import InputError, OptionError, UnknownNameError
from perimeter365.follow.capacity import capacity_check, empties, read_limits
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.plan.constraints import DEFAULTS
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import load_profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.overlay import with_states
from perimeter365.targets import Style, render
from tests.cli.conftest import EXAMPLE, Cli
from tests.history.lists import made
from tests.history.upstream import MemoryUpstream


def state(more: int = 0) -> State:
    sets = tuple(s for s in embedded().endpoint_sets(Cloud.WORLDWIDE) if s.id < 9000)
    extra = [made(900, prefixes=[f"48.{160 + n}.0.0/24" for n in range(more)], required=False)] if more else []
    return State(cloud=Cloud.WORLDWIDE, version=Version("2026081000"), origin="live", sets=(*sets, *extra))


def addresses_of(one: State) -> int:
    """Count the address entries of the example's PAN-OS lists in the rendered files."""
    plan = make_plan(with_states(embedded(), [one]), load_profile(EXAMPLE))
    files = [a for a in render(plan, "paloalto-edl", Style()).artifacts if a.name.endswith("-ip.txt")]
    return sum(1 for a in files for line in a.content.decode().splitlines() if line and not line.startswith("#"))


def test_a_device_is_exceeded_above_its_limit_and_not_at_it() -> None:
    profile, count = load_profile(EXAMPLE), addresses_of(state(5))
    assert addresses_of(state()) == count - 5
    fits = capacity_check([profile], read_limits([f"paloalto-edl.ip_entries={count}"], [profile]), embedded, DEFAULTS)
    assert fits(state(5)) == []
    (reason,) = fits(state(6))
    assert reason.code == "capacity"
    assert reason.message.startswith("Contoso: paloalto-edl: ")
    assert str(count + 1) in reason.message


def test_the_default_limits_of_a_device_apply() -> None:
    profile = load_profile(EXAMPLE)
    fits = capacity_check([profile], read_limits(["paloalto-edl", "nftables"], [profile]), embedded, DEFAULTS)
    assert fits(state()) == []


def test_a_profile_without_the_cloud_is_skipped() -> None:
    profile = load_profile(EXAMPLE)
    fits = capacity_check([profile], read_limits(["paloalto-edl.ip_entries=1"], [profile]), embedded, DEFAULTS)
    china = tuple(embedded().endpoint_sets(Cloud.CHINA))
    assert fits(State(cloud=Cloud.CHINA, version=Version("2026081000"), origin="live", sets=china)) == []
    assert fits(state()) != []


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("paloalto-edl.ip_entries", InputError),
        ("paloalto-edl.ip_entries=-1", InputError),
        ("paloalto-edl.colors=3", OptionError),
        ("paloalto", UnknownNameError),
    ],
)
def test_invalid_values_of_fits_are_rejected(word: str, error: type[InputError]) -> None:
    with pytest.raises(error):
        read_limits([word], [object()])
    with pytest.raises(InputError, match="needs --profile"):
        read_limits(["nftables"], [])


def test_a_sync_holds_what_does_not_fit(cli: Cli, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryUpstream()
    take: Callable[..., MemoryUpstream] = lambda *_, **__: source  # noqa: E731
    monkeypatch.setattr("perimeter365.follow.round.WebService", take)
    words = ["sync", "--cloud", "worldwide", "--profile", str(profile), "--fits"]
    source.publish(state())
    assert cli(*words, f"paloalto-edl.ip_entries={addresses_of(state())}").code == 0
    source.publish(replace(state(1), version=Version("2026081100")))
    ran = cli(*words, f"paloalto-edl.ip_entries={addresses_of(state())}")
    assert ran.code == 4, ran.err
    assert "capacity: Contoso: paloalto-edl: " in ran.err
    assert cli(*words, f"paloalto-edl.ip_entries={addresses_of(state(1))}").code == 0
    assert cli("sync", "--fits", "paloalto-edl").code == 2


# -- plans that become empty -----------------------------------------------------------------------------------


def moved(one: State) -> State:
    return replace(one, version=Version("2026081100"), sets=tuple(replace(s, area="intune") for s in one.sets))


def test_a_list_that_empties_a_plan_is_a_reason() -> None:
    profile = load_profile(EXAMPLE)
    old, new = (with_states(embedded(), [each]) for each in (state(), moved(state())))
    (reason,) = empties([profile], old, new)
    assert reason.code == "empty-plan"
    assert "Contoso: the plan has no outbound flow of endpoint sets in worldwide any more; it had 62: " in reason.message
    assert empties([profile], new, new) == empties([profile], new, old) == empties([], old, new) == []
    assert empties([replace(profile, clouds=(Cloud.CHINA,))], old, new) == []


def test_a_profile_that_names_an_id_which_goes_is_a_reason() -> None:
    profile = replace(load_profile(EXAMPLE), scenarios=("ws/worldwide/900",))
    old, new = (with_states(embedded(), [each]) for each in (state(1), state()))
    (reason,) = empties([profile], old, new)
    assert "no plan can be made with this list" in reason.message
    assert empties([profile], new, new) == [], "it has no plan either way"


def test_a_device_that_is_full_already_does_not_admit_a_list_that_empties_a_plan() -> None:
    """A list is admitted if the last good one has a reason too."""
    profile = load_profile(EXAMPLE)
    fits = capacity_check([profile], read_limits(["paloalto-edl.ip_entries=1"], [profile]), embedded, DEFAULTS)
    assert [r.code for r in fits(state())] == ["capacity"]
    assert [r.code for r in fits(moved(state()))] == ["empty-plan"]
    assert fits(state()) == []


def test_a_sync_holds_a_list_that_empties_a_plan(cli: Cli, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile names an optional set that goes, which no other gate holds."""
    source = MemoryUpstream()
    take: Callable[..., MemoryUpstream] = lambda *_, **__: source  # noqa: E731
    monkeypatch.setattr("perimeter365.follow.round.WebService", take)
    text = profile.read_text("utf-8")
    profile.write_text(re.sub(r"scenarios = \[[^]]*\]", 'scenarios = ["ws/worldwide/900"]', text), "utf-8")
    words = ["sync", "--cloud", "worldwide"]
    source.publish(state(1))
    assert cli(*words).code == 0
    source.publish(replace(state(), version=Version("2026081100")))
    ran = cli(*words, "--profile", str(profile))
    assert ran.code == 4, ran.err
    assert "empty-plan: Contoso: no plan can be made with this list" in ran.err
    assert "empty-plan" in cli("held").out
    assert cli("held", "admit", "1").code == 0


def test_a_plan_is_not_empty_with_the_old_values_of_held_entries(
    cli: Cli, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that moves all sets to another area would empty it; the areas are held, and the rest is committed."""
    source = MemoryUpstream()
    monkeypatch.setattr("perimeter365.follow.round.WebService", lambda *_, **__: source)
    words = ["sync", "--cloud", "worldwide", "--profile", str(profile)]
    source.publish(state())
    assert cli(*words).code == 0
    source.publish(moved(state()))
    ran = cli(*words)
    assert ran.code == 4, ran.err
    assert "worldwide: committed 2026081100" in ran.err
    assert "empty-plan" not in ran.err
    assert cli("plan", str(profile)).code == 0
