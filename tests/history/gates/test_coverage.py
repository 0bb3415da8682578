"""What a list covers, as a whole and on the ports of a set."""

from perimeter365.history.gates.coverage import Coverage
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix
from tests.history.lists import made, state

LIST = state(
    made(1, ["*.example.com"], ["198.51.100.0/24"], tcp="443"),
    made(2, ["a.example.net"], ["198.51.101.0/24"], tcp="25", required=False),
)


def test_it_has_what_an_entry_covers() -> None:
    found = Coverage(LIST)
    assert found.has(HostPattern("x.example.com"))
    assert found.missing([HostPattern("b.example.net"), HostPattern("a.example.net")]) == [HostPattern("b.example.net")]
    assert found.wild == {HostPattern("*.example.com")}


def test_ports_and_requirement_limit_it() -> None:
    found = Coverage(LIST)
    assert not found.at(LIST.sets[1]).has(HostPattern("x.example.com"))
    assert not found.required.has(HostPattern("a.example.net"))
    assert found.at(made(9, ["b.example.net"], tcp="")) is found, "without ports, all sets count"


def test_new_prefixes_have_an_address_that_is_not_listed() -> None:
    more = Coverage(state(made(1, (), ["198.51.100.0/25", "198.51.100.0/23", "203.0.113.0/24"])))
    assert Coverage(LIST).new_prefixes(more) == [Prefix.parse("203.0.113.0/24")]
