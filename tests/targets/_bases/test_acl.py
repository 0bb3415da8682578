"""Packet filters: rules and losses of a plan, names of address objects, comments."""

from dataclasses import replace

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, targets
from perimeter365.targets._bases import acl
from perimeter365.targets.nftables import Nftables
from tests.targets.netfilter import awkward, by_hand, case, flow, party

EXCHANGE = ("40.96.0.0/13", "2603:1006::/40")


def _rules(plan: Plan) -> list[acl.Rule]:
    return list(Nftables().rules(plan))


def test_a_flow_becomes_a_rule_for_each_family_and_protocol_that_it_has() -> None:
    both = flow(
        "row/6/a", party("client", "10.0.0.0/8", "2001:db8::/32"), party("exchange-online", *EXCHANGE), tcp="25", udp="53"
    )
    one = flow("row/6/b", party("client", "10.0.0.0/8"), party("exchange-online", *EXCHANGE), tcp="443")
    made = [(r.flow.id, r.family, r.protocol, str(r.ports)) for r in _rules(by_hand(both, one))]
    assert made == [
        ("row/6/a", 4, "tcp", "25"),
        ("row/6/a", 4, "udp", "53"),
        ("row/6/a", 6, "tcp", "25"),
        ("row/6/a", 6, "udp", "53"),
        ("row/6/b", 4, "tcp", "443"),
    ]


def test_an_end_without_addresses_is_never_anyone() -> None:
    """Only a requirement without a source or destination gives a rule without one."""
    ids = {r.flow.id for r in _rules(awkward()) if r.source is None or r.destination is None}
    assert ids == {"row/6/from-anyone", "row/6/to-anyone"}


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ("row/6/no-ports", "the ports are not known"),
        ("row/6/no-address", "no host or address of the other end is known"),
        ("row/6/no-family", "no common IP version"),
    ],
)
def test_a_flow_without_a_rule_is_a_loss(about: str, reason: str) -> None:
    (loss,) = (x for x in Nftables().render(awkward()).details if x.id == about)
    assert loss.kind == "dropped"
    assert reason in loss.message


def test_groups_are_named_after_the_role_or_the_requirement_and_the_web_service_comes_first() -> None:
    client, theirs = party("client", "10.0.0.0/8"), party("exchange-online", "40.96.0.0/13")
    plan = by_hand(
        flow("row/6/in", theirs, party("mrs-proxy", "203.0.113.10"), tcp="443"),
        flow("ws/worldwide/1", client, theirs, tcp="443"),
    )
    names = acl.address_groups(_rules(plan))
    assert {name: [str(p) for p in addresses] for addresses, name in names.items()} == {
        "client-v4": ["10.0.0.0/8"],
        "ws-worldwide-1-v4": ["40.96.0.0/13"],
        "mrs-proxy-v4": ["203.0.113.10/32"],
    }


@pytest.mark.parametrize("limit", [15, 21, 31, 63])
def test_group_names_are_unique_and_within_the_limit(limit: int) -> None:
    names = acl.address_groups(_rules(case("everything-worldwide")), limit)
    assert len(names) > 30
    assert len(set(names.values())) == len(names)
    assert max(map(len, names.values())) <= limit
    assert all(name.replace("-", "").isalnum() and name[0].isalpha() for name in names.values())
    assert all((not a.v6 and name.endswith("-v4")) or (not a.v4 and name.endswith("-v6")) for a, name in names.items())


def test_groups_contain_every_end_of_every_rule() -> None:
    rules = _rules(awkward())
    wanted = {end for r in rules for end in (r.source, r.destination) if end is not None}
    assert set(acl.address_groups(rules)) == wanted
    assert PrefixSet() not in wanted


@pytest.mark.parametrize(
    ("base", "taken", "limit", "tail", "name"),
    [
        ("client", [], 63, "", "client"),
        ("client", ["client"], 63, "", "client-2"),
        ("client", ["client", "client-2"], 63, "", "client-3"),
        ("client", ["client-v4"], 63, "-v4", "client-2-v4"),
        ("abcdefgh", [], 5, "", "abcde"),
        ("abcdefgh", ["abcde"], 5, "", "abc-2"),
        ("abc-efgh", [], 4, "", "abc"),
        ("abcdefgh", ["abcde-v6"], 8, "-v6", "abc-2-v6"),
    ],
)
def test_a_taken_name_is_numbered_within_the_limit(base: str, taken: list[str], limit: int, tail: str, name: str) -> None:
    assert acl.unique_name(base, taken, limit, tail) == name


def test_a_comment_marks_an_end_that_is_anyone_and_contains_no_syntax() -> None:
    made = flow("row/6/x", PlanParty(role="internet"), party("sbc", "192.0.2.9"), tcp="443")
    hostile = replace(made, id=str.__new__(RequirementId, 'row/6/"\n; drop'))  # bypasses the check of ids
    (rule,) = _rules(by_hand(hostile))
    assert acl.rule_comment(rule, 255) == "row/6/??; drop worldwide mailbox-migration inbound, from anyone"
    assert acl.rule_comment(rule, 10) == "row/6/??; "


def test_hosts_without_an_address_next_to_others_with_one_are_a_loss() -> None:
    hosts = (HostPattern("a.example.com"), HostPattern("b.example.com"))
    theirs = PlanParty(role="exchange-online", hosts=hosts, prefixes=PrefixSet.parse(EXCHANGE), unaddressed=hosts[1:])
    plan = by_hand(flow("row/6/a", party("client", "10.0.0.0/8"), theirs, tcp="443"))
    assert len(_rules(plan)) == 1
    (loss,) = (x for x in Nftables().render(plan).details)
    assert (loss.id, loss.kind, loss.subject) == ("row/6/a", "narrowed", "b.example.com")
    assert "no address is published for the hosts" in loss.message


@pytest.mark.parametrize(
    ("target", "options", "ways"),
    [
        ("nftables", {}, ["from anyone", "to anyone"]),
        ("nftables", {"outside": "wan0"}, []),
        ("aerleon", {}, ["from anyone", "to anyone"]),
        ("cisco-asa", {}, ["to anyone"]),
        ("cisco-ios", {}, ["to anyone"]),
        ("fortigate", {}, []),
        ("fortigate", {"outside": "any"}, ["from anyone", "to anyone"]),
        ("juniper-srx", {}, []),
        ("paloalto-set", {}, []),
    ],
)
def test_an_end_that_is_anyone_is_a_loss_where_nothing_tells_the_sides_apart(
    target: str, options: dict[str, str], ways: list[str]
) -> None:
    rendered = targets[target](Style(options=options)).render(awkward())
    found = [loss for loss in rendered.losses if loss.reason == "no-sides"]
    assert [(loss.kind, loss.level) for loss in found] == [("widened", "known")] * bool(ways)
    assert sorted(subject for loss in found for subject in loss.subjects) == ways
