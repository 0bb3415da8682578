"""The list that comes into force, as upstream's list without what is held."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.history.gates import judge, without_held
from perimeter365.history.gates.compose import held_set
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.ports import PortSet
from perimeter365.model.state import State
from tests.history.lists import NAMES, WITNESS, base, made, state

WHY = (Reason(code="x", message="y"),)
OLD = state(made(1, ["a.example.com", "b.example.com"], ["198.51.100.0/24"], tcp="80,443"), made(2, ["c.example.net"]))


def entry(number: int, part: str, old: str = "", new: str = "") -> HeldEntry:
    return HeldEntry(number=number, part=part, old=old, new=new, reasons=WHY)  # type: ignore[arg-type]


def made_of(new: State, *held: HeldEntry) -> State:
    return without_held(OLD, new, held)


def test_held_additions_are_left_out_and_held_removals_stay() -> None:
    new = state(made(1, ["a.example.com", "new.example.org"], ["203.0.113.0/24"], tcp="80,443"), OLD.sets[1])
    found = made_of(
        new,
        entry(1, "host", new="new.example.org"),
        entry(1, "host", old="b.example.com"),
        entry(1, "prefix", new="203.0.113.0/24"),
        entry(1, "prefix", old="198.51.100.0/24"),
    )
    assert found.sets == OLD.sets


def test_attributes_keep_their_old_value() -> None:
    changed = replace(OLD.sets[0], tcp=PortSet.parse("80"), category="optimize", area="teams", required=False)
    held = [
        entry(1, "ports", "tcp 80,443", "tcp 80"),
        entry(1, "category", "default", "optimize"),
        entry(1, "area", "common", "teams"),
        entry(1, "required", "true", "false"),
    ]
    assert made_of(state(changed, OLD.sets[1]), *held).sets == OLD.sets
    assert made_of(state(changed, OLD.sets[1]), held[0]).sets[0] == replace(changed, tcp=OLD.sets[0].tcp)


def test_a_value_that_upstream_does_not_have_any_more_is_not_held() -> None:
    other = replace(OLD.sets[0], category="allow")
    assert made_of(state(other, OLD.sets[1]), entry(1, "category", "default", "optimize")).sets[0] == other
    assert made_of(OLD, entry(1, "host", new="gone.example.com"), entry(7, "host", new="x.example.com")).sets == OLD.sets


def test_sets_are_held_as_a_whole() -> None:
    new = made(3, ["d.example.com"])
    assert made_of(state(*OLD.sets, new), held_set(None, new, WHY[0])).sets == OLD.sets
    assert made_of(state(OLD.sets[0]), held_set(OLD.sets[1], None, WHY[0])).sets == OLD.sets
    other = made(3, ["e.example.com"])
    assert made_of(state(*OLD.sets, other), held_set(None, new, WHY[0])).sets == (*OLD.sets, other), "another content"


def test_a_set_of_which_all_is_held_is_left_out() -> None:
    assert made_of(state(*OLD.sets, made(3, ["d.example.com"])), entry(3, "host", new="d.example.com")).sets == OLD.sets
    kept = made_of(state(OLD.sets[0]), entry(2, "host", old="c.example.net"))
    assert kept.sets == OLD.sets


def test_a_list_of_which_all_is_held_leaves_the_old_one() -> None:
    assert made_of(state(made(3, ["d.example.com"])), entry(3, "host", new="d.example.com")).sets == OLD.sets


LABELS = st.sampled_from(["a", "b", "c", "mail", "cdn"])
HOSTS = st.builds(lambda star, labels: star + ".".join(labels), st.sampled_from(["", "*."]), st.tuples(LABELS, LABELS))
SETS = st.builds(
    lambda number, hosts, prefixes, tcp, required: made(
        number, {f"{h}.example.com" for h in hosts}, {f"198.51.{p}.0/24" for p in prefixes}, tcp, required
    ),
    st.integers(1, 6),
    st.sets(HOSTS, min_size=1, max_size=6),
    st.sets(st.integers(0, 40), max_size=6),
    st.sampled_from(["443", "80,443", "1-65535"]),
    st.booleans(),
)
STATES = st.lists(SETS, min_size=1, max_size=5, unique_by=lambda s: s.id).map(
    lambda sets: state(*sorted(sets, key=lambda s: s.id))
)


@given(STATES)
def test_the_same_list_is_never_held(one: State) -> None:
    assert not judge(one, one, WITNESS, (one, one, one), year=one)


@given(STATES, STATES)
def test_sets_without_held_entries_are_upstreams(old: State, new: State) -> None:
    entries = judge(old, new, WITNESS).entries
    found = without_held(old, new, entries)
    assert without_held(old, new, ()) == new
    touched = {entry.number for entry in entries}
    if set(new.by_id) - touched:
        assert {n: s for n, s in found.by_id.items() if n not in touched} == {
            n: s for n, s in new.by_id.items() if n not in touched
        }


def test_the_rest_of_a_list_is_upstreams() -> None:
    new = base([*NAMES, "new.example.com", "*.example.com"])
    found = without_held(base(), new, judge(base(), new, WITNESS).entries)
    assert found.sets == base([*NAMES, "new.example.com"]).sets
