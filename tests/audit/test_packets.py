"""Allow rules, and their comparison checked against brute force over a small packet space."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.audit import packets
from perimeter365.audit.packets import ANY, AllowRule, RuleEnd, allow_rules, cuts, differences, unite_ends
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet

ONE = AllowRule.of(
    "tcp", source=["10.0.0.0/29"], destination=["192.0.2.8/29"], ports="80,443", hosts=["aka.ms"]
)  # fmt: skip


def test_a_single_address_port_or_name_is_a_difference() -> None:
    assert differences([ONE], [ONE]) == []
    halves = [
        replace(ONE, source=PrefixSet.parse(["10.0.0.0/30"])),
        replace(ONE, source=PrefixSet.parse(["10.0.0.4/30"]), ports=PortSet.parse("80")),
        replace(ONE, ports=PortSet.parse("443")),
    ]
    assert differences([ONE], halves) == []
    for other in (
        replace(ONE, source=ONE.source | PrefixSet.parse(["10.0.0.8"])),
        replace(ONE, destination=ONE.destination - PrefixSet.parse(["192.0.2.15"])),
        replace(ONE, ports=PortSet.parse("80")),
        replace(ONE, protocol="udp"),
        replace(ONE, family=6, source=ANY[6], destination=ANY[6]),
        replace(ONE, hosts=frozenset({"*.aka.ms"})),
    ):
        assert differences([ONE], [other]), other
        assert differences([other], [ONE]), other


def test_a_difference_names_a_packet_and_the_list_that_permits_it() -> None:
    (found,) = differences([ONE], [replace(ONE, ports=PortSet.parse("443"), hosts=frozenset())])[:1]
    assert found.passes == "first"
    assert found.packet.port in (80, 443)
    texts = {str(each) for each in differences([replace(ONE, hosts=frozenset())], [])}
    assert texts == {"tcp 10.0.0.0 > 192.0.2.8:80 passes only under the first"}
    assert str(differences([], [replace(ONE, destination=PrefixSet())])[0]) == (
        "tcp 10.0.0.0 > aka.ms:80 passes only under the second"
    )


def test_a_cut_packet_is_permitted_before_and_after_but_not_now() -> None:
    less = replace(ONE, ports=PortSet.parse("80"))
    assert [each.packet.port for each in cuts([ONE], [ONE], [less])][:1] == [443]
    assert cuts([ONE], [less], [less]) == []
    assert cuts([less], [ONE], [less]) == []
    assert str(cuts([ONE], [ONE], [])[0]).endswith(" is cut")


def test_an_empty_set_of_addresses_or_ports_is_not_any() -> None:
    nothing = [replace(ONE, source=PrefixSet()), replace(ONE, ports=PortSet())]
    nothing.append(replace(ONE, destination=PrefixSet(), hosts=frozenset()))
    assert differences(nothing, []) == []
    assert list(allow_rules("tcp", RuleEnd(), RuleEnd.any(), PortSet.parse("80"))) == []
    assert list(allow_rules("tcp", RuleEnd.any(), RuleEnd(), PortSet.parse("80"))) == []
    assert list(allow_rules("tcp", RuleEnd.any(), RuleEnd.any(), PortSet())) == []


@pytest.mark.parametrize(
    "change",
    [
        {"family": 5},
        {"protocol": "icmp"},
        {"source": ANY[6]},
        {"destination": PrefixSet.parse(["10.0.0.0/8", "2001:db8::/32"])},
    ],
)
def test_an_invalid_rule_cannot_be_created(change: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        replace(ONE, **change)  # type: ignore[arg-type]


def test_rules_that_make_too_many_classes_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        AllowRule.of("tcp", source=[f"10.0.{n}.0/24"], destination=[f"192.0.2.{n}"], ports=str(n + 1)) for n in range(20)
    ]
    assert differences(rules, rules) == []
    monkeypatch.setattr(packets, "MOST_CLASSES", 7_999)
    with pytest.raises(ConfigurationError, match="20 rules make 8000 classes"):
        differences(rules, [])


# -- ends ----------------------------------------------------------------------------------------------------------


def test_an_end_makes_a_rule_of_each_family_that_both_ends_have() -> None:
    both = RuleEnd(addresses=PrefixSet.parse(["10.0.0.0/8", "2001:db8::/32"]))
    assert [rule.family for rule in allow_rules("tcp", both, RuleEnd.any(), PortSet.parse("80"))] == [4, 6]
    assert [rule.family for rule in allow_rules("tcp", both, RuleEnd.any(6), PortSet.parse("80"))] == [6]
    assert [rule.family for rule in allow_rules("tcp", both, RuleEnd.any(), PortSet.parse("80"), (4,))] == [4]


def test_a_name_is_a_destination_and_never_a_source() -> None:
    (four, six) = allow_rules(
        "tcp", RuleEnd.any(), RuleEnd.named("aka.ms") | RuleEnd(hosts6=frozenset({"v6.example"})), PortSet.parse("80")
    )
    assert [set(four.hosts), set(six.hosts)] == [{"aka.ms"}, {"aka.ms", "v6.example"}]
    with pytest.raises(ConfigurationError, match="host name as a source"):
        list(allow_rules("tcp", RuleEnd.named("aka.ms"), RuleEnd.any(), PortSet.parse("80")))


@given(st.lists(st.integers(0, 255), max_size=9))
def test_the_union_of_ends_contains_all_of_them(numbers: list[int]) -> None:
    found = unite_ends(RuleEnd.of(Prefix(4, number, 32)) for number in numbers)
    assert found == RuleEnd.of(*(Prefix(4, number, 32) for number in numbers))


# -- brute force ---------------------------------------------------------------------------------------------------

ends = st.lists(st.integers(0, 5), max_size=3).map(lambda numbers: PrefixSet.of(Prefix(4, n, 32) for n in numbers))
rules = st.builds(
    AllowRule,
    family=st.just(4),
    protocol=st.sampled_from(["tcp", "udp"]),
    source=ends,
    destination=ends,
    ports=st.sets(st.integers(1, 4), max_size=3).map(lambda found: PortSet([(n, n) for n in found])),
    hosts=st.frozensets(st.sampled_from(["a.example", "*.example"]), max_size=2),
)
lists = st.lists(rules, max_size=4)


def passing(some: list[AllowRule]) -> set[tuple[object, ...]]:
    """All permitted packets of the small packet space."""
    return {
        (rule.protocol, source, destination, port)
        for rule in some
        for source, port in product(range(6), range(1, 5))
        for destination in [*range(6), *rule.hosts]
        if Prefix(4, source, 32) in rule.source
        and (isinstance(destination, str) or Prefix(4, destination, 32) in rule.destination)
        and port in rule.ports
    }


@given(lists, lists)
def test_differences_agree_with_brute_force(one: list[AllowRule], other: list[AllowRule]) -> None:
    first, second = passing(one), passing(other)
    found = differences(one, other)
    assert (found == []) == (first == second)
    for each in found:
        source = Prefix.parse(each.packet.source).first
        host = each.packet.destination
        packet = (each.packet.protocol, source, host if "example" in host else Prefix.parse(host).first, each.packet.port)
        assert (packet in first, packet in second) == (each.passes == "first", each.passes == "second")


@given(lists, lists, lists)
def test_cut_packets_agree_with_brute_force(old: list[AllowRule], new: list[AllowRule], now: list[AllowRule]) -> None:
    assert bool(cuts(old, new, now)) == bool((passing(old) & passing(new)) - passing(now))
