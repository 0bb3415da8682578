"""Steps from one state of FortiOS to another: what passes after each of them."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from perimeter365.targets._bases.fortios import POLICY, Change, fields
from perimeter365.targets._bases.numbered import Numbers
from perimeter365.targets.since import ConfigItem

ENDS = {"srcaddr": "abc", "dstaddr": "xyz", "service": "pq"}
TABLES = {"srcaddr": "firewall address", "dstaddr": "firewall address", "service": "firewall service custom"}
POLICIES = st.fixed_dictionaries({
    **{field: st.sampled_from([*values, "all"] if field != "service" else [*values]) for field, values in ENDS.items()},
    "comments": st.sampled_from(["one", "two"]),
    "nat": st.sampled_from(["", "enable", "disable"]),
})  # fmt: skip
STATES = st.dictionaries(st.sampled_from("12345"), POLICIES, max_size=5)
Allowed = set[tuple[str, str, str]]


def items(state: dict[str, dict[str, str]]) -> list[ConfigItem]:
    """The entries of a state: the objects that its policies use, then the policies."""
    used = {(TABLES[field], policy[field]) for policy in state.values() for field in ENDS if policy[field] != "all"}
    made = [ConfigItem(kind=kind, name=name, parts=(f"comment {name}",)) for kind, name in sorted(used)]
    for number, policy in state.items():
        parts = [f'name "policy-{number}"', *(f'{f} "{policy[f]}"' for f in ENDS), f'comments "{policy["comments"]}"']
        parts += [f"nat {policy['nat']}"] if policy["nat"] else []
        made.append(ConfigItem(kind=POLICY, name=number, parts=tuple(parts)))
    return made


def allowed(tables: dict[str, dict[str, dict[str, list[str]]]]) -> Allowed:
    found: Allowed = set()
    for policy in tables.get(POLICY, {}).values():
        one, other, third = ([*ENDS[field]] if policy[field] == ["all"] else policy[field] for field in ENDS)
        found |= set(product(one, other, third))
    return found


def tables_of(entries: list[ConfigItem]) -> dict[str, dict[str, dict[str, list[str]]]]:
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for item in entries:
        values = {field: [value.strip('"') for value in some] for field, some in fields(item).items()}
        found.setdefault(item.kind, {})[item.name] = values
    return found


def follow(tables: dict[str, dict[str, dict[str, list[str]]]], kind: str, lines: list[str]) -> None:
    """Execute the commands of a step, with the checks of references and names."""
    table, key = tables.setdefault(kind, {}), ""
    for line in lines:
        verb, *words = line.replace('"', "").split()
        if verb == "edit":
            key = words[0]
            table.setdefault(key, {})
        elif verb == "set":
            table[key][words[0]] = words[1:]
            for word in words[1:] if words[0] in ENDS else ():
                assert word == "all" or word in tables[TABLES[words[0]]]
            assert "all" not in words[2:]
        elif verb == "unset":
            del table[key][words[0]]
        elif verb == "delete":
            del table[words[0]]
            used = {(TABLES[f], v) for p in tables.get(POLICY, {}).values() for f in ENDS for v in p[f]}
            assert (kind, words[0]) not in used
        else:
            assert verb in ("next", "move")
    names = [policy["name"][0] for policy in tables.get(POLICY, {}).values()]
    assert len(names) == len(set(names))


@settings(max_examples=300)
@given(STATES, STATES)
def test_after_each_step_what_both_states_permit_and_nothing_that_neither_does(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> None:
    tables, last = tables_of(items(before)), tables_of(items(after))
    one, other = allowed(tables), allowed(last)
    change = Change(items(before), items(after), Numbers(1_000_000, {}).of, "new-")
    for step in change.steps:
        follow(tables, step.kind, list(step.lines))
        assert one & other <= allowed(tables) <= one | other
    assert {kind: table for kind, table in tables.items() if table} == last
    assert {item.name for item in change.temporary}.isdisjoint({*before, *after})


def test_equal_states_have_no_steps() -> None:
    state = items({"1": {"srcaddr": "a", "dstaddr": "x", "service": "p", "comments": "one", "nat": ""}})
    assert Change(state, state, Numbers(1_000_000, {}).of, "new-").steps == ()


def test_a_new_policy_is_moved_to_where_the_present_ones_are() -> None:
    policy = {"srcaddr": "a", "dstaddr": "x", "service": "p", "comments": "one", "nat": ""}

    def moves(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]], place: str = "0") -> list[str]:
        change = Change(items(old), items(new), Numbers(1_000_000, {}).of, "new-", place)
        return [line for line in change.lines() if "move" in line]

    assert moves({}, {"2": policy}) == []
    assert moves({"1": policy, "3": policy}, {"2": policy, "3": policy}) == ["    move 2 before 3"]
    assert moves({"1": policy}, {"2": policy}) == ["    move 2 before 1"]
    assert moves({"1": policy}, {"1": policy, "2": policy}, "99") == ["    move 2 before 99"]
