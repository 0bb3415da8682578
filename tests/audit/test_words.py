"""Words of a line, and their conversion."""

import ipaddress
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.audit.words import WordStream, host_name, netmask, port_range, quoted_words, wildcard
from perimeter365.errors import ConfigurationError, InputError, PortError


def test_words_are_consumed_in_order() -> None:
    words = WordStream("permit  tcp any")
    assert words
    assert words.next == "permit"
    assert words.expect("deny", "permit") == "permit"
    assert words.take("a protocol") == "tcp"
    assert words.rest == "any"
    with pytest.raises(ConfigurationError, match="'any' at the end of the line is not supported"):
        words.end()
    words.take("an end")
    words.end()
    assert not words
    assert words.next == ""


@pytest.mark.parametrize("line", ["", "   "])
def test_a_missing_word_is_reported(line: str) -> None:
    with pytest.raises(ConfigurationError, match="a name is missing at the end"):
        WordStream(line).take("a name")
    with pytest.raises(ConfigurationError, match="eq or range is missing at the end"):
        WordStream(line).expect("eq", "range")


def test_messages_truncate_long_words() -> None:
    for call in (
        lambda: WordStream("x" * 9999).expect("y"),
        lambda: WordStream("x" * 9999).end(),
        lambda: host_name(" " * 9999),
    ):
        with pytest.raises(ConfigurationError) as caught:
            call()
        assert len(caught.value.message) < 200


def test_quoted_words_may_contain_blanks() -> None:
    assert quoted_words("""set comments "a b" 'c "d"' e""") == ["set", "comments", "a b", 'c "d"', "e"]
    for text in ('set "a', "set 'a"):
        with pytest.raises(ConfigurationError, match="the quoting of the line"):
            quoted_words(text)


@given(st.text("ab #;|&$\t\r\n\v\x1c\xa0\u2028-/"))
def test_a_line_without_quotes_is_split_as_the_standard_library_does(line: str) -> None:
    assert quoted_words(line) == shlex.split(line)


@given(st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_masks_agree_with_ipaddress(length: int, address: int) -> None:
    network = ipaddress.IPv4Network((address >> (32 - length) << (32 - length), length))
    assert str(netmask(str(network[0]), str(network.netmask))) == str(network)
    assert str(wildcard(str(network[0]), str(network.hostmask))) == str(network)


@pytest.mark.parametrize(
    ("address", "mask"),
    [
        ("10.0.0.0", "255.0.255.0"),
        ("10.0.0.1", "255.0.0.0"),
        ("10.0.0.0", "8"),
        ("10.0.0.0", "255.0.0.0/8"),
        ("10.0.0.0/8", "255.0.0.0"),
        ("2001:db8::", "255.0.0.0"),
        ("10.0.0.0", "ffff::"),
        ("10.0.0.0", ""),
        ("lan", "255.0.0.0"),
    ],
)
def test_an_invalid_address_or_mask_is_rejected(address: str, mask: str) -> None:
    with pytest.raises(InputError):
        netmask(address, mask)


def test_a_wildcard_mask_is_not_a_netmask() -> None:
    with pytest.raises(ConfigurationError):
        wildcard("10.0.0.0", "255.0.0.0")
    with pytest.raises(ConfigurationError):
        netmask("10.0.0.0", "0.255.255.255")
    assert str(netmask("0.0.0.0", "0.0.0.0")) == "0.0.0.0/0"


@pytest.mark.parametrize(
    ("text", "name"), [("AKA.ms.", "aka.ms"), ("*.sharepoint.com", "*.sharepoint.com"), ("gate", "gate")]
)
def test_host_names_are_converted_to_lower_case(text: str, name: str) -> None:
    assert host_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "a b",
        "10.0.0.1",
        "10.0.0.1-10.0.0.9",
        "a/b",
        'a"',
        "bücher.example",
        "a" * 254,
        "a\n",
        "2001:db8::1",
    ],
)
def test_an_invalid_host_name_is_rejected(text: str) -> None:
    with pytest.raises(ConfigurationError):
        host_name(text)


def test_a_port_range_has_one_or_two_ports() -> None:
    assert list(port_range("443")) == [(443, 443)]
    assert list(port_range("80", "90")) == [(80, 90)]
    for words in (("90", "80"), ("0",), ("https",), ("80", ""), ("80-90", "95"), ("80,81",)):
        if words != ("80,81",):
            with pytest.raises(PortError):
                port_range(*words)
