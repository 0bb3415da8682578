"""Host patterns: grammar, matching and covering. The laws are in properties/."""

import copy
import pickle

import pytest

from perimeter365.errors import HostPatternError
from perimeter365.model.host import KINDS, HostPattern, fill, is_name, minimal, normal, variables

# one example of each kind
OF_KIND = {
    "aka.ms": "exact",
    "_sip._tls.contoso.com": "exact",
    "xn--bcher-kva.example": "exact",
    "*.sharepoint.com": "suffix",
    "*.mail.protection.outlook.com": "suffix",
    "*cdn.onenote.net": "glued",
    "*-admin.sharepoint.com": "glued",
    "contoso*.sharepoint.com": "glued",
    "a.*b.contoso.com": "glued",
    "autodiscover.*.onmicrosoft.com": "inner",
    "<tenant>.sharepoint.com": "template",
    "<tenant>-my.sharepoint.com": "template",
    "<adfs-proxy>": "template",
    "autodiscover.<email_domain>": "template",
    "certauth.<adfs-proxy>": "template",
}


@pytest.mark.parametrize(("text", "kind"), OF_KIND.items())
def test_a_pattern_is_of_one_kind(text: str, kind: str) -> None:
    pattern = HostPattern(text)
    assert pattern.kind == kind
    assert str(pattern) == pattern.text == text
    assert repr(pattern) == f"HostPattern({text!r})"


def test_every_kind_has_an_example() -> None:
    assert set(OF_KIND.values()) == set(KINDS)


# line breaks, comment signs, quotes and terminators of every vendor, bidi marks
HOSTILE = [
    'a"; accept #',
    "a.com\n",
    "a.com\r",
    "a.com\x0b",
    "a.com\x0c",
    "a.com\x00",
    "a.com\x85",
    "a.com\u2028",
    "a.com\u2029",
    "\u202ea.com",
    "a.com\u202e",
    "\u200fa.com",
    "\u2066a.com",
    "a\u200b.com",
    "a b.com",
    "a\tb.com",
    " a.com",
    "a.com ",
    "a'.com",
    "a`b`.com",
    "$(reboot).com",
    "${x}.com",
    "{{x}}.com",
    "a;b.com",
    "a#b.com",
    "a!b.com",
    "a%41.com",
    "a/b.com",
    "a\\b.com",
    "a|b.com",
    "a&b.com",
    "]]>.com",
    "-->.com",
    "*/.com",
    "</script>.com",
    "=cmd.com",
    "@a.com",
    "+a.com",
    "a,b.com",
    "(a).com",
    "[a].com",
    "a:b.com",
    "a?b.com",
    "a^b.com",
    "~a.com",
    "a\x1b[31m.com",
    "ａ.com",
    "а.com",
    "bücher.example",
    "a．com",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_characters_of_a_configurations_syntax_are_rejected(text: str) -> None:
    with pytest.raises(HostPatternError):
        HostPattern(text)


MALFORMED = [
    "",
    ".",
    "com",
    "localhost",
    ".com",
    "a..com",
    ".a.com",
    "a.com..",
    "-a.com",
    "a-.com",
    "a.-b.com",
    f"{'a' * 64}.com",
    f"{'a.' * 127}com",
    "1.2.3.4",
    "10.0.0",
    "a.1",
    "a.123",
    "1.0x7f",
    "a.0x",
    "x.*.1",
    "::1",
    "[::1]",
    "http://a.com",
    "a.com/x",
    "a.com:443",
    "user@a.com",
    "*.*.com",
    "a*b*.example.com",
    "**.example.com",
    "*.<tenant>.com",
    "<>.com",
    "<Tenant x>.com",
    "<tenant.com",
    "tenant>.com",
    "<1x>.com",
    "*",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_other_text_is_not_a_host_pattern(text: str) -> None:
    with pytest.raises(HostPatternError):
        HostPattern(text)


@pytest.mark.parametrize(
    "text", ["*.com", "*com", "*x.com", "a.*", "a.*.com", "*.co.uk", "*x.co.uk", "a.*.co.uk", "*.com.cn", "*.org.au"]
)
def test_a_star_never_covers_a_public_suffix(text: str) -> None:
    with pytest.raises(HostPatternError, match=r"public suffix|not a host"):
        HostPattern(text)


def test_the_longest_names_are_accepted() -> None:
    label = "a" * 63
    longest = f"{label}.{label}.{label}.{'a' * 61}"
    assert len(longest) == 253
    assert HostPattern(longest).text == longest
    with pytest.raises(HostPatternError):
        HostPattern(f"{longest}a")


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("https://a.com/x", "scheme"),
        ("a.com:443", "port"),
        ("a b.com", "white space"),
        ("a-.com", "labels"),
    ],
)
def test_an_error_states_what_to_write(text: str, help: str) -> None:
    with pytest.raises(HostPatternError) as caught:
        HostPattern(text)
    assert help in caught.value.help


def test_the_advice_for_international_names_is_printable() -> None:
    with pytest.raises(HostPatternError) as caught:
        HostPattern("a\nb.bücher.example")
    assert caught.value.help.isprintable()


def test_case_and_the_root_dot_are_ignored() -> None:
    assert HostPattern("*.SharePoint.COM.") == HostPattern("*.sharepoint.com")
    assert normal("AKA.ms.") == "aka.ms"
    assert normal("KELVIN\u212a.ms") == "KELVIN\u212a.ms"  # lower() would turn the Kelvin sign into an ASCII k


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("aka.ms", ["aka.ms", "AKA.MS", "aka.ms."], ["x.aka.ms", "akaxms", "aka.m"]),
        (
            "*.sharepoint.com",
            ["a.sharepoint.com", "a.b.sharepoint.com", "A.SharePoint.com."],
            [
                "sharepoint.com",
                "asharepoint.com",
                ".sharepoint.com",
                "-.sharepoint.com",
                "a..sharepoint.com",
                "a.sharepoint.com.evil.example",
            ],
        ),
        (
            "*cdn.onenote.net",
            ["cdn.onenote.net", "xcdn.onenote.net", "a.b-cdn.onenote.net", "a.cdn.onenote.net"],
            ["cdn.onenote.net.x", "dn.onenote.net", "-cdn.onenote.net", ".cdn.onenote.net"],
        ),
        (
            "*-my.sharepoint.com",
            ["contoso-my.sharepoint.com", "a.b-my.sharepoint.com"],
            ["-my.sharepoint.com", "my.sharepoint.com"],
        ),
        (
            "autodiscover.*.onmicrosoft.com",
            ["autodiscover.a.onmicrosoft.com", "autodiscover.a.b.onmicrosoft.com"],
            ["autodiscover.onmicrosoft.com", "autodiscover..onmicrosoft.com", "x.autodiscover.a.onmicrosoft.com"],
        ),
        ("<tenant>.sharepoint.com", [], ["contoso.sharepoint.com", "<tenant>.sharepoint.com", "tenant.sharepoint.com"]),
    ],
)
def test_what_a_pattern_matches(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [name for name in yes if not HostPattern(pattern).matches(name)] == []
    assert [name for name in no if HostPattern(pattern).matches(name)] == []


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ("*.sharepoint.com", "contoso.sharepoint.com", True),
        ("*.sharepoint.com", "*-my.sharepoint.com", True),
        ("*.sharepoint.com", "*.a.sharepoint.com", True),
        ("*.sharepoint.com", "sharepoint.com", False),
        ("*.sharepoint.com", "*sharepoint.com.example.com", False),
        ("*-my.sharepoint.com", "*.sharepoint.com", False),
        ("*cdn.onenote.net", "cdn.onenote.net", True),
        ("*cdn.onenote.net", "*.cdn.onenote.net", True),
        ("*.onenote.net", "*cdn.onenote.net", True),
        ("*.cdn.onenote.net", "*cdn.onenote.net", False),
        ("autodiscover.*.onmicrosoft.com", "autodiscover.*.a.onmicrosoft.com", True),
        ("*.onmicrosoft.com", "autodiscover.*.onmicrosoft.com", True),
        ("aka.ms", "aka.ms", True),
        ("aka.ms", "*.aka.ms", False),
        ("<tenant>.sharepoint.com", "<tenant>.sharepoint.com", True),
        ("*.sharepoint.com", "<tenant>.sharepoint.com", False),
    ],
)
def test_what_a_pattern_covers(wide: str, narrow: str, covers: bool) -> None:
    assert HostPattern(wide).covers(HostPattern(narrow)) is covers


@pytest.mark.parametrize(
    ("text", "enclosing"),
    [
        ("*cdn.onenote.net", "*.onenote.net"),
        ("*-admin.sharepoint.com", "*.sharepoint.com"),
        ("autodiscover.*.onmicrosoft.com", "*.onmicrosoft.com"),
        ("contoso*.sharepoint.com", "*.sharepoint.com"),
        ("*.sharepoint.com", None),
        ("aka.ms", None),
        ("<tenant>.sharepoint.com", None),
    ],
)
def test_the_enclosing_suffix(text: str, enclosing: str | None) -> None:
    assert HostPattern(text).enclosing == (HostPattern(enclosing) if enclosing else None)


def test_apex_and_parts() -> None:
    assert HostPattern("*.sharepoint.com").apex == "sharepoint.com"
    assert HostPattern("aka.ms").apex == "aka.ms"
    assert HostPattern("a.*b.contoso.com").parts == ("a.", "b.contoso.com")
    assert HostPattern("aka.ms").parts == ("aka.ms", "")


def test_templates_are_filled_with_each_value() -> None:
    template = HostPattern("autodiscover.<email_domain>")
    assert template.variables == ("email_domain",)
    filled = template.fill({"email_domain": ["a.example", "b.example"]})
    assert [h.text for h in filled] == ["autodiscover.a.example", "autodiscover.b.example"]
    assert template.fill({}) == template.fill({"email_domain": []}) == (template,)


def test_all_combinations_of_values_are_filled() -> None:
    assert fill("<a>.<b>.<a>", {"a": ["1", "2"], "b": ["x", "y"]}) == ["1.x.1", "1.y.1", "2.x.2", "2.y.2"]
    assert variables("<a>.<b>.<a>") == ("a", "b", "a")


def test_a_value_that_is_not_part_of_a_host_is_rejected() -> None:
    for value in ("a b", "a\n", "*", "-", "x" * 61):
        with pytest.raises(HostPatternError):
            HostPattern("<tenant>-my.sharepoint.com").fill({"tenant": [value]})


def test_minimal_keeps_patterns_that_no_other_covers() -> None:
    texts = ["*.a.example.com", "*.example.com", "x.example.com", "example.com", "*.example.com", "<tenant>.example.com"]
    assert [h.text for h in minimal(map(HostPattern, texts))] == ["*.example.com", "<tenant>.example.com", "example.com"]


def test_a_pattern_is_a_value() -> None:
    a, b = HostPattern("aka.ms"), HostPattern("AKA.MS")
    assert a == b
    assert hash(a) == hash(b)
    assert a != "aka.ms"
    assert min(HostPattern("b.example"), HostPattern("a.example")).text == "a.example"
    assert pickle.loads(pickle.dumps(a)) == copy.copy(a) == copy.deepcopy(a) == a
    with pytest.raises(AttributeError):
        a.text = "evil.example"
    with pytest.raises(AttributeError):
        del a.text


@pytest.mark.parametrize(
    ("name", "good"), [("a.b", True), ("_a._b.c", True), ("a", False), ("a.b.", False), ("a.b\n", False), ("A.b", False)]
)
def test_well_formed_names(name: str, good: bool) -> None:
    assert is_name(name) is good
