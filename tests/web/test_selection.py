"""Selections: one spelling, the words of a profile, and clear refusals."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365 import Workspace
from perimeter365.model.cloud import CLOUDS
from perimeter365.plan.profile import parse_profile
from perimeter365.web.request import RefusedError
from perimeter365.web.selection import NARROWING, PARAMETERS, Selection, read_selection

WORDS = {
    "cloud": ["worldwide", "china", "gcchigh"],
    "areas": ["common", "exchange", "sharepoint", "teams", "intune"],
    "categories": ["optimize", "allow", "default"],
    "scenarios": ["mailbox-migration", "ncsi", "row/25"],
    "direction": ["outbound", "inbound"],
    "family": ["4", "6"],
    "required": ["true", "false"],
    "max_prefixes": ["1", "20", "10000"],
    "at": ["2031-01-02"],
}
SEVERAL = ("cloud", "areas", "categories", "scenarios")


@st.composite
def asked(draw: st.DrawFn) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from(list(WORDS)), unique=True))
    found = []
    for name in names:
        most = 3 if name in SEVERAL else 1
        found.append((name, ",".join(draw(st.lists(st.sampled_from(WORDS[name]), min_size=1, max_size=most, unique=True)))))
    return found


@given(asked(), st.randoms())
def test_order_case_and_repetition_do_not_matter(pairs: list[tuple[str, str]], random: object) -> None:
    other = []
    for name, value in pairs:
        words = value.split(",")
        random.shuffle(words)  # type: ignore[attr-defined]
        parts = [[word] for word in words] if name in SEVERAL else [words]
        other += [(name.upper(), f" {','.join(part).upper()} ") for part in parts]
    random.shuffle(other)  # type: ignore[attr-defined]
    assert read_selection(other) == read_selection(pairs)


@given(asked())
def test_the_query_of_a_selection_gives_the_selection_again(pairs: list[tuple[str, str]]) -> None:
    selection = read_selection(pairs)
    assert read_selection(parse_qsl(selection.query, keep_blank_values=True)) == selection
    assert selection.query.isascii()
    assert selection.query.isprintable()


def test_defaults_are_those_of_a_profile_of_worldwide() -> None:
    assert Selection().profile(CLOUDS) == parse_profile('organization = {name = "cloud=worldwide", clouds = ["worldwide"]}')


def test_the_words_of_a_profile_mean_the_same() -> None:
    short = read_selection([("cloud", "dod"), ("areas", "exchange"), ("required", "")])
    assert read_selection([("clouds", "dod"), ("service_areas", "exchange"), ("required_only", "true")]) == short
    text = """
        [organization]
        name = "areas=exchange categories=allow cloud=dod family=4 required=true scenarios=ncsi"
        clouds = ["dod"]
        [select]
        service_areas = ["exchange"]
        categories = ["allow"]
        required_only = true
        ipv6 = false
        scenarios = ["row/24"]
        """
    more = [("categories", "allow"), ("family", "4"), ("scenarios", "row/24")]
    found = read_selection([("cloud", "dod"), ("areas", "exchange"), ("required", ""), *more])
    assert found.profile(CLOUDS).hash == parse_profile(text).hash


def test_an_instance_of_the_web_service_names_its_cloud() -> None:
    assert read_selection([("cloud", "USGovDoD")]).clouds == ("dod",)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("categroies", "x"), ("categroies", "'categories'", "max_prefixes")),
        (("categories", "optimise"), ("optimise", "'optimize'", "allow", "default")),
        (("areas", ""), ("areas", "exchange", "intune")),
        (("areas", "skype"), ("skype", "teams")),
        (("cloud", "../etc"), ("../etc", "worldwide", "china")),
        (("cloud", ","), ("cloud", "worldwide")),
        (("scenarios", "mailbox-migraton"), ("'mailbox-migration'", "row/1 to row/25")),
        (("scenarios", "row/26"), ("row/26", "row/1 to row/25")),
        (("direction", "internal"), ("internal", "outbound", "inbound")),
        (("family", "5"), ("'5'", "4, 6")),
        (("max_prefixes", "0"), ("'0'", "10000")),
        (("max_prefixes", "٣"), ("max_prefixes", "10000")),
        (("max_prefixes", "9" * 400), ("max_prefixes", "10000")),
        (("at", "20310102"), ("20310102", "YYYY-MM-DD")),
        (("required", "maybe"), ("maybe", "true", "false")),
    ],
)
def test_a_refusal_names_the_value_the_nearest_and_what_is_allowed(pair: tuple[str, str], words: Iterable[str]) -> None:
    with pytest.raises(RefusedError) as caught:
        read_selection([pair])
    assert caught.value.status == 400
    assert all(word in caught.value.text for word in words), caught.value.text


@given(st.sampled_from([*PARAMETERS, "x"]), st.text(max_size=200))
def test_what_is_reflected_is_one_bounded_line_of_ascii(name: str, value: str) -> None:
    text = ""
    try:
        read_selection([(name, value), (value, "1")]).profile(CLOUDS)
    except RefusedError as refused:
        text = refused.text
    assert text.isascii()
    assert text.isprintable() or not text
    assert len(text) < 1500


def test_a_value_that_takes_one_is_refused_twice() -> None:
    with pytest.raises(RefusedError, match="more than once"):
        read_selection([("family", "4"), ("FAMILY", "4")])


def test_a_named_profile_takes_only_what_its_file_does_not_have() -> None:
    assert read_selection([("family", "6")], NARROWING).family == 6
    with pytest.raises(RefusedError, match="whose file has the others"):
        read_selection([("cloud", "china")], NARROWING)


def test_an_unknown_cloud_is_refused_by_what_has_a_list() -> None:
    selection = read_selection([("cloud", "newland")])
    with pytest.raises(RefusedError, match="newland"):
        selection.profile(CLOUDS)


def test_the_day_is_near_today() -> None:
    selection = read_selection([("at", "2031-01-02")])
    for day in (date(2030, 9, 4), date(2031, 1, 2), date(2032, 1, 3)):
        selection.check_day(day)
    for day in (date(2030, 9, 3), date(2032, 1, 4)):
        with pytest.raises(RefusedError, match="2031-01-02"):
            selection.check_day(day)


@pytest.mark.parametrize(
    "query", ["family=6&scenarios=all", "family=6&direction=outbound", "direction=inbound&scenarios=all"]
)
def test_a_part_has_the_flows_of_its_direction_and_ip_version(query: str) -> None:
    selection = read_selection(parse_qsl(query))
    whole = Workspace(catalog="embedded").plan(selection.profile(CLOUDS))
    part = {flow["id"]: flow for flow in selection.part_of(whole).to_dict()["flows"]}
    for flow in whole.to_dict()["flows"]:
        other = "source" if flow["direction"] == "inbound" else "destination"
        listed = flow[other]["prefixes"]
        wanted = [p for p in listed if ":" in p] if selection.family and flow["direction"] != "internal" else listed
        gone = selection.direction not in ("", flow["direction"]) or (listed and not (wanted or flow[other]["hosts"]))
        assert (flow["id"] in part) != bool(gone), flow["id"]
        if not gone:
            assert part[flow["id"]][other]["prefixes"] == wanted
    assert part
