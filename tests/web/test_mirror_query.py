"""Requests of the web service in all the spellings that clients use, and those that are refused."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.web.mirror_query import (
    ChangesQuestion,
    EndpointsQuestion,
    MirrorQuestion,
    VersionQuestion,
    read_question,
)
from perimeter365.web.request import RefusedError, Request

GUID = "b10c5ed1-bad1-445f-b386-b919946339a7"
G = f"ClientRequestId={GUID}"
FOUR = ("common", "exchange", "sharepoint", "teams")


def asked(target: str) -> MirrorQuestion:
    path, _, query = target.partition("?")
    return read_question(Request(path=path, query=query))


def refused(target: str) -> RefusedError:
    with pytest.raises(RefusedError) as found:
        asked(target)
    return found.value


@pytest.mark.parametrize(
    "guid",
    [GUID, GUID.upper(), f"{{{GUID}}}", f"%7B{GUID}%7D", f"{GUID}%20", f"%20{GUID}+", f"({GUID})", GUID.replace("-", "")],
)
@pytest.mark.parametrize("name", ["ClientRequestId", "clientrequestid", "CLIENTREQUESTID", "ClientRequestID"])
def test_a_guid_is_read_in_every_form_of_dotnet_and_is_not_part_of_the_question(name: str, guid: str) -> None:
    assert asked(f"/version?{name}={guid}") == VersionQuestion()


@pytest.mark.parametrize(
    "guid", ["", "1", f"{{{GUID}", f"{GUID}0", GUID.replace("b", "g"), f"{GUID},{GUID}", "%00", f"{GUID}%0A1"]
)
@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/version", "Invalid Instance string specified or ClientRequestId not specified in the Url."),
        ("/version/worldwide", "Invalid Instance string specified or ClientRequestId not specified in the Url."),
        ("/endpoints/worldwide", "Valid ClientRequestId Guid is required in the query string."),
        ("/changes/worldwide/0000000000", "Valid ClientRequestId Guid is required in the query string."),
    ],
)
def test_a_request_without_a_guid_gets_the_text_that_clients_know(path: str, start: str, guid: str) -> None:
    for query in ("", f"?ClientRequestId={guid}"):
        error = refused(path + query)
        assert error.status == 400
        assert error.text.startswith(start)


@pytest.mark.parametrize("path", ["/version", "/Version/", "//VERSION//"])
def test_paths_have_any_case_and_any_slashes(path: str) -> None:
    assert asked(f"{path}?{G}") == VersionQuestion()


@pytest.mark.parametrize("name", ["worldwide", "WorldWide", "WORLDWIDE", "O365Worldwide", "o365worldwide", "worldwide%20"])
def test_an_instance_has_one_spelling(name: str) -> None:
    assert asked(f"/endpoints/{name}/?{G}") == EndpointsQuestion(instance="worldwide")


@pytest.mark.parametrize(
    ("value", "on"),
    [("", True), ("=", True), ("=true", True), ("=True", True), ("=TRUE", True), ("=1", True), ("=yes", True),
     ("=False", False), ("=false", False), ("=0", False), ("=No", False), ("=%20false", False)],
)  # fmt: skip
def test_switches_are_bare_or_have_a_word(value: str, on: bool) -> None:
    assert asked(f"/version/china?{G}&AllVersions{value}") == VersionQuestion(instance="china", every=on)
    assert asked(f"/endpoints/china?noipv6{value}&{G}") == EndpointsQuestion(instance="china", ipv6=not on)
    only = ChangesQuestion(instance="china", since=VERSION, only=on)
    assert asked(f"/changes/china/2026010100?SINGLEVERSION{value}&{G}") == only


VERSION: Any = "2026010100"


@pytest.mark.parametrize(
    ("value", "areas"),
    [
        ("", FOUR), ("Any", FOUR), ("ALL", FOUR), ("Common,Exchange,SharePoint,Skype", FOUR), ("Exchange,Any", FOUR),
        ("exchange", ("common", "exchange")), ("Skype%2CEXCHANGE", ("common", "exchange", "teams")),
        ("Common", ("common",)), ("%20Skype%20,%20,", ("common", "teams")), ("MEM", ("common", "intune")),
        ("MEM,Skype,Common,SharePoint,Exchange", (*FOUR, "intune")), ("All,mem", (*FOUR, "intune")),
    ],
)  # fmt: skip
def test_service_areas(value: str, areas: Any) -> None:
    assert asked(f"/endpoints/worldwide?{G}&serviceareas={value}") == EndpointsQuestion(instance="worldwide", areas=areas)
    assert asked(f"/changes/worldwide/2026010100?{G}&ServiceAreas={value}") == ChangesQuestion(
        instance="worldwide", since=VERSION
    )


def test_formats() -> None:
    assert asked(f"/version?{G}&Format=rss") == VersionQuestion(form="RSS")
    assert asked(f"/version?{G}&format=") == asked(f"/version?{G}&format=Json") == VersionQuestion()
    assert asked(f"/endpoints/china?{G}&format=csv") == EndpointsQuestion(instance="china", form="CSV")


def test_a_tenant_is_one_label_in_lower_case() -> None:
    assert asked(f"/endpoints/china?{G}&TenantName=Contoso-1") == EndpointsQuestion(instance="china", tenant="contoso-1")
    assert asked(f"/endpoints/china?{G}&TenantName=%20") == EndpointsQuestion(instance="china")


@pytest.mark.parametrize(
    "tenant", ["*", "a.b", "-a", "a-", "a%0Ab", "a%22", "%3Cb%3E", "x" * 64, "b%C3%BCcher", "a,b", "..%2F"]
)
def test_any_other_tenant_is_refused_and_not_repeated(tenant: str) -> None:
    error = refused(f"/endpoints/china?{G}&TenantName={tenant}")
    assert error.status == 400
    assert "TenantName has to be" in error.text


def test_the_first_of_repeated_parameters_counts_and_lists_are_joined() -> None:
    assert asked(f"/version?{G}&format=csv&FORMAT=rss&ClientRequestId=x") == VersionQuestion(form="CSV")
    assert asked(f"/endpoints/china?{G}&ServiceAreas=Exchange&serviceAreas=Skype") == EndpointsQuestion(
        instance="china", areas=("common", "exchange", "teams")
    )


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"/endpoints?{G}", 404), (f"/endpoints/a/b?{G}", 404), (f"/changes/worldwide?{G}", 404),
        (f"/changes/worldwide(2024110100)?{G}", 404), (f"/version/worldwide/2026010100?{G}", 404),
        (f"/endpoints/world.wide?{G}", 400), (f"/endpoints/worldwide'--?{G}", 400), (f"/version/%E4%B8%96?{G}", 400),
        (f"/changes/worldwide/abc?{G}", 400), (f"/changes/worldwide/202601010?{G}", 400),
        (f"/changes/worldwide/20260101000?{G}", 400), (f"/changes/worldwide/٠٠٠٠٠٠٠٠٠٠?{G}", 400),
        (f"/changes/worldwide/-202601010?{G}", 400), (f"/changes/worldwide/0000000000?{G}&format=RSS", 400),
        (f"/endpoints/worldwide?{G}&format=RSS", 400), (f"/endpoints/worldwide?{G}&format=xml", 400),
        (f"/endpoints/worldwide?{G}&ServiceAreas=Yammer", 400),
        (f"/endpoints/worldwide?{G}&ServiceAreas=Exchange;Skype", 400), (f"/endpoints/worldwide?{G}&NoIPv6=maybe", 400),
    ],
)  # fmt: skip
def test_what_is_no_request_of_the_service_is_refused(target: str, status: int) -> None:
    assert refused(target).status == status


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=6), st.text(st.sampled_from(string.printable)))
def test_any_request_has_a_question_or_a_refusal_that_repeats_nothing(parts: list[str], query: str) -> None:
    try:
        hash(read_question(Request(path="/" + "/".join(parts), query=query), [*parts, "x"][:3]))
    except RefusedError as found:
        error = found
    else:
        return
    assert error.status in (400, 404, 414)
    assert error.text.isascii()
    assert error.text.isprintable()
