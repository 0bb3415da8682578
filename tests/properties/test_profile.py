"""Reading a profile gives a profile or a ProfileError that is safe to print."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import ProfileError
from perimeter365.plan._problem import Problem
from perimeter365.plan.profile import Profile, parse_profile

EXAMPLE = (Path(__file__).parents[2] / "examples" / "contoso.toml").read_text("utf-8")
PIECES = [
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\r",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\ufeff",
    "\\",
    "*",
    "/0",
    "0",
    "-1",
    "true",
    "é",
    "<tenant>",
    '"""',
    "1979-05-27",
    "roles",
    "client",
    "[roles]\n",
    'x = "1"\n',
    "",
    "all",
]
edits = st.lists(
    st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.one_of(st.sampled_from(PIECES), st.text(max_size=6))),
    max_size=4,
)


def outcome(text: str) -> Profile | ProfileError:
    try:
        return parse_profile(text)
    except ProfileError as error:
        return error


def check(text: str) -> None:
    found = outcome(text)
    if isinstance(found, Profile):
        return
    assert all(line.isprintable() for line in str(found).split("\n"))
    lines = text.removeprefix("\ufeff").split("\n")
    for problem in found.problems:
        assert isinstance(problem, Problem)
        if problem.line:
            assert problem.source_line == lines[problem.line - 1].removesuffix("\r")
            assert 1 <= problem.column <= len(problem.source_line) + 1


@given(edits)
def test_a_damaged_profile_is_a_clean_error(some: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for start, length, new in some:
        text = text[:start] + new + text[start + length :]
    check(text)


values = st.recursive(
    st.sampled_from(['"x"', "1", "1.5", "true", "2025-01-08", "[]", "{}", '"0.0.0.0/0"', '"*.com"', '"\\u202e"', '"a\\nb"']),
    lambda inner: st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]"),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        "organization.clouds",
        "organization.name",
        "organization.tenant",
        "organization.email_domains",
        "select.ipv6",
        "select.scenarios",
        "select.categories",
        "select.service_areas",
        "select.graph_sources",
        "roles.client",
        "roles.mrs-proxy",
        "roles.x",
        "x.y",
        "x",
    ]
)


@given(st.dictionaries(keys, values, max_size=6))
def test_any_value_in_any_place_is_a_clean_error(some: dict[str, str]) -> None:
    check("".join(f"{key} = {value}\n" for key, value in some.items() if key != "x" or "x.y" not in some))
