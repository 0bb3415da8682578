"""Port sets: parsing, merging, comparing. The algebra is in tests/properties/test_ports.py."""

import pickle

import pytest

from perimeter365.errors import PortError
from perimeter365.model.ports import PortSet


@pytest.mark.parametrize(
    ("text", "normal", "count"),
    [
        ("", "", 0),
        ("  ", "", 0),
        ("443", "443", 1),
        ("443,80", "80,443", 2),
        ("143, 587 ,993-995", "143,587,993-995", 5),
        ("80-81,82,83-90", "80-90", 11),
        ("443,443,440-450", "440-450", 11),
        ("1-65535", "1-65535", 65535),
        ("50000 - 59999", "50000-59999", 10000),
    ],
)
def test_ports_have_one_form(text: str, normal: str, count: int) -> None:
    ports = PortSet.parse(text)
    assert str(ports) == normal
    assert len(ports) == count
    assert bool(ports) == (count > 0)
    assert PortSet.parse(str(ports)) == ports
    assert repr(ports) == f"PortSet({normal!r})"


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "65536",
        "-1",
        "443-",
        "-443",
        "90-80",
        "80,,443",
        ",",
        "80;443",
        "http",
        "٤٤٣",
        "4_43",
        "+443",
        "4 43",
        "0x1bb",
        "443\n22\x00",
        "99999999999",
        "80-90-100",
    ],
)
def test_other_text_is_not_a_port_list(text: str) -> None:
    with pytest.raises(PortError):
        PortSet.parse(text)


def test_ranges_are_checked_at_construction_too() -> None:
    for bad in ((0, 1), (1, 65536), (5, 4)):
        with pytest.raises(PortError):
            PortSet([bad])


def test_membership_and_iteration_go_by_range() -> None:
    ports = PortSet.parse("80,443-445")
    assert list(ports) == [(80, 80), (443, 445)]
    assert [p in ports for p in (79, 80, 81, 442, 443, 444, 445, 446)] == [
        False,
        True,
        False,
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_port_set_is_a_value() -> None:
    a, b = PortSet.parse("80,443"), PortSet.parse("443,80")
    assert a == b
    assert hash(a) == hash(b)
    assert a != PortSet.parse("80")
    assert a != "80,443"
    assert pickle.loads(pickle.dumps(a)) == a
    with pytest.raises(AttributeError):
        a.bounds = ()
    with pytest.raises(AttributeError):
        del a.bounds


def test_no_ports_and_all_ports_are_each_others_complement() -> None:
    """The empty set means no port, never any port."""
    assert PortSet().complement() == PortSet.everything() == PortSet.parse("1-65535")
    assert not PortSet.everything().complement()
    assert (PortSet().size, PortSet.everything().size) == (0, 65535)
    assert not PortSet() & PortSet.everything()
    assert PortSet() <= PortSet.parse("80")
    assert not PortSet.parse("80").overlaps(PortSet())


def test_a_difference_keeps_both_sides() -> None:
    assert PortSet.parse("1-1024") - PortSet.parse("80,443") == PortSet.parse("1-79,81-442,444-1024")
    assert PortSet.parse("80-90") & PortSet.parse("85,88-100") == PortSet.parse("85,88-90")
