"""Prefixes and sets of prefixes: parsing and formatting. The algebra is in tests/properties/test_prefix.py."""

import copy
import pickle

import pytest

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import Prefix, PrefixSet, address_text


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("192.0.2.1", "192.0.2.1/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("255.255.255.255/32", "255.255.255.255/32"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1/128"),
        ("::/0", "::/0"),
        ("::", "::/128"),
        # RFC 5952: the longest run of zeros, the first of equal length, no run of one
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1/128"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128"),
        ("::1.2.3.4", "::102:304/128"),
    ],
)
def test_a_prefix_has_one_form(text: str, normal: str) -> None:
    prefix = Prefix.parse(text)
    assert str(prefix) == normal
    assert repr(prefix) == f"Prefix({normal!r})"
    assert Prefix.parse(str(prefix)) == prefix
    assert [str(p) for p in PrefixSet.parse([text])] == [normal]


# programs differ in how they parse each of these
REFUSED = {
    "10.0.0.1/24": "host bits",
    "2001:db8::1/64": "host bits",
    "10.0.0.0/0.0.0.255": "length",
    "10.0.0.0/255.0.0.0": "length",
    "10.0.0.0/33": "length",
    "2001:db8::/129": "length",
    "10.0.0.0/": "length",
    "10.0.0.0/-1": "length",
    "10.0.0.0/+8": "length",
    "10.0.0.0/ 8": "length",
    "10.0.0.0/08": "length",
    "10.0.0.0/8/8": "length",
    "10.0.0.0/٨": "length",
    "fe80::1%eth0": "zone",
    "fe80::%1/64": "zone",
    "::ffff:1.2.3.4": "mapped",
    "::ffff:0:0/96": "mapped",
    "": "address",
    "/8": "address",
    "10.0.0": "address",
    "10.0.0.0.0": "address",
    "10.0.0.256": "address",
    "010.0.0.1": "address",
    "10.0.0.01": "address",
    "0x0a.0.0.1": "address",
    "167772160": "address",
    "10.0.0.1\n": "address",
    " 10.0.0.1": "address",
    "10.0.0.1\x00": "address",
    "１0.0.0.1": "address",
    "10。0。0。1": "address",
    "2001:db8:::1": "address",
    "2001:db8::1::": "address",
    "12345::": "address",
    "aka.ms": "address",
    ":": "address",
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=map(ascii, REFUSED))
def test_ambiguous_text_is_rejected_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(PrefixError, match=reason) as one:
        Prefix.parse(text)
    with pytest.raises(PrefixError, match=reason) as many:
        PrefixSet.parse(["192.0.2.0/24", text, "2001:db8::/32"])
    assert str(one.value) == str(many.value)


def test_an_error_of_host_bits_proposes_the_prefix() -> None:
    with pytest.raises(PrefixError) as caught:
        Prefix.parse("10.1.2.3/8")
    assert caught.value.help == "did you mean 10.0.0.0/8?"


@pytest.mark.parametrize(
    "arguments", [(4, 1 << 32, 32), (4, 1, 31), (4, 0, 33), (4, 0, -1), (4, -1, 32), (5, 0, 0), (6, 1 << 128, 128)]
)
def test_a_prefix_from_numbers_is_checked_too(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(PrefixError):
        Prefix(*arguments)


@pytest.mark.parametrize("bounds", [(1,), (5, 5), (6, 5), (0, 4, 4, 8), (0, 4, 2, 8), (-1, 4), (0, (1 << 32) + 1)])
def test_bounds_are_checked(bounds: tuple[int, ...]) -> None:
    with pytest.raises(PrefixError):
        PrefixSet(bounds)


def test_a_prefix_knows_its_ends() -> None:
    prefix = Prefix.parse("192.0.2.64/26")
    assert (prefix.family, prefix.length, prefix.size, prefix.address) == (4, 26, 64, "192.0.2.64")
    assert prefix.last - prefix.first == 63
    assert Prefix.parse("192.0.2.64/27") in prefix
    assert Prefix.parse("192.0.2.0/24") not in prefix
    assert Prefix.parse("::/0") not in Prefix.parse("0.0.0.0/0")


def test_prefixes_sort_by_family_address_length() -> None:
    texts = ["10.0.0.0/8", "10.0.0.0/16", "192.0.2.0/24", "::/0", "2001:db8::/32"]
    assert [str(p) for p in sorted(Prefix.parse(t) for t in reversed(texts))] == texts


def test_iteration_yields_the_fewest_prefixes() -> None:
    parts = ["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "192.0.2.0/25", "192.0.2.0/24", "192.0.3.1"]
    assert [str(p) for p in PrefixSet.parse(parts)] == ["10.0.0.0/8", "192.0.2.0/24", "192.0.3.1/32"]


def test_the_two_halves_of_everything_are_everything() -> None:
    assert PrefixSet.parse(["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"]) == PrefixSet.everything()
    assert [str(p) for p in PrefixSet.everything()] == ["0.0.0.0/0", "::/0"]
    assert not PrefixSet.everything().complement()


def test_families_are_separate() -> None:
    both = PrefixSet.parse(["0.0.0.0/32", "::/128"])
    assert (both.size(4), both.size(6)) == (1, 1)
    assert [str(p) for p in both.family(4)] == ["0.0.0.0/32"]
    assert [str(p) for p in both.family(6)] == ["::/128"]
    assert "0.0.0.1" not in both
    assert "::1" not in both


def test_membership_is_of_the_whole_prefix() -> None:
    some = PrefixSet.parse(["10.0.0.0/25", "10.0.0.128/26"])
    assert "10.0.0.191" in some
    assert "10.0.0.192" not in some
    assert "10.0.0.0/25" in some
    assert "10.0.0.0/24" not in some
    with pytest.raises(PrefixError):
        _ = "10.0.0.0/33" in some


def test_covering_gives_the_sets_own_prefix() -> None:
    some = PrefixSet.parse(["10.0.0.0/25", "10.0.0.128/26"])
    assert some.covering(Prefix.parse("10.0.0.130/32")) == Prefix.parse("10.0.0.128/26")
    assert some.covering(Prefix.parse("10.0.0.0/24")) is None


def test_a_set_is_a_value() -> None:
    a, b = PrefixSet.parse(["10.0.0.0/8"]), PrefixSet.parse(["10.0.0.0/9", "10.128.0.0/9"])
    assert a == b
    assert hash(a) == hash(b)
    assert a != PrefixSet()
    assert a != "10.0.0.0/8"
    assert repr(a) == "PrefixSet.parse(['10.0.0.0/8'])"
    assert pickle.loads(pickle.dumps(a)) == copy.deepcopy(a) == a
    for name in ("v4", "v6"):
        with pytest.raises(AttributeError):
            setattr(a, name, ())
        with pytest.raises(AttributeError):
            delattr(a, name)


def test_a_prefix_is_a_value() -> None:
    a = Prefix.parse("10.0.0.0/8")
    assert a == Prefix.parse("10.0.0.0/8")
    assert hash(a) == hash(Prefix.parse("10.0.0.0/8"))
    assert a != Prefix.parse("10.0.0.0/9")
    assert pickle.loads(pickle.dumps(a)) == copy.copy(a) == a
    with pytest.raises(AttributeError):
        a.length = 0
    with pytest.raises(AttributeError):
        del a.length


def test_the_empty_set_is_false() -> None:
    assert not PrefixSet()
    assert not PrefixSet.parse([])
    assert PrefixSet.parse(["0.0.0.0"])
    assert list(PrefixSet()) == []


@pytest.mark.parametrize(
    ("value", "text"), [(0, "::"), (1, "::1"), (0x102 << 16 | 0x304, "::102:304"), ((1 << 128) - 1, "ffff:" * 7 + "ffff")]
)
def test_addresses_have_the_form_of_rfc_5952(value: int, text: str) -> None:
    assert address_text(6, value) == text


def test_the_gap_around_a_prefix() -> None:
    held = PrefixSet.parse(["10.0.0.0/8", "10.2.0.0/16", "192.0.2.0/24"])
    ten, eleven, doc = 10 << 24, 11 << 24, 0xC0000200
    assert held.gap(Prefix.parse("11.1.2.3")) == (eleven, doc)
    assert held.gap(Prefix.parse("1.1.1.1")) == (0, ten)
    assert held.gap(Prefix.parse("255.255.255.255")) == (doc + 256, 1 << 32)
    assert held.gap(Prefix.parse("10.1.2.3")) == (ten + 0x010203,) * 2
    assert held.gap(Prefix.parse("::1")) == (0, 1 << 128)
