"""The other-endpoints page: what it says is what the catalog holds, in every form and with every hazard of translation."""

import json
import time
from contextlib import suppress

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.requirement import Flow
from perimeter365.sources.embedded import embedded
from perimeter365.sources.learn_page import Page, compare, extract, literal, parse
from tests.sources.pages import FRENCH, HAZARDS, JANUARY, NEWEST, as_html, recorded


def tokens(page: Page) -> set[tuple[int, str]]:
    return {(row, token) for row, found in page.rows.items() for token in found.flat()}


@pytest.mark.parametrize("name", [NEWEST, JANUARY, FRENCH])
def test_each_recorded_page_says_what_the_catalog_holds_and_the_newest_lacks_row_23s_earlier_text(name: str) -> None:
    catalog = embedded()
    rows = compare(extract(recorded(name)), catalog)
    for row, found in rows.items():
        assert found.present, row
        assert found.added == (), row
        assert found.unreadable == (), row
        if row != 23 or name != NEWEST:
            assert found.removed == (), row
    if name == NEWEST:
        flows = [r for r in catalog.rows[23].requirements if isinstance(r, Flow)]
        newest = {str(p) for r in flows if r.edition == "newest" for p in r.source.prefixes}
        earlier = {str(p) for r in flows if r.edition == "earlier" for p in r.source.prefixes}
        assert set(rows[23].removed) == earlier - newest


def test_three_copies_of_one_text_have_one_hash_and_another_text_has_another() -> None:
    january = extract(recorded(JANUARY))
    assert january.hash == extract(recorded(FRENCH)).hash == extract(as_html(recorded(JANUARY))).hash
    assert january.hash != extract(recorded(NEWEST)).hash


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_of_translation_loses_at_most_one_token_in_a_hundred_and_invents_none(hazard: str, form: str) -> None:
    page = recorded(JANUARY)
    want = tokens(parse(page))
    changed = HAZARDS[hazard](page)
    got = tokens(parse(as_html(changed.replace("\r", "")) if form == "html" else changed))
    assert got - want == set()
    assert len(want - got) <= len(want) / 100


@pytest.mark.parametrize("numbers", ["", "mot ", "١ "])
def test_copied_text_whose_numbers_are_gone_is_cut_by_anchors(numbers: str) -> None:
    import re

    page = recorded(FRENCH)
    got = tokens(parse(re.sub(r"^\d{1,2} ", numbers, page, flags=re.MULTILINE)))
    assert got == tokens(parse(page))


@pytest.mark.parametrize("keep", [range(1, 9), range(5, 25), [2, 9, 13, 20, 21, 23]])
def test_an_older_page_with_fewer_rows_is_told_by_anchors(keep: "range | list[int]") -> None:
    lines = recorded(JANUARY).split("\n")
    count = 0
    kept = []
    for line in lines:
        number = line.split("|")[1] if line.startswith("|") else ""
        if number.isdigit():
            if int(number) not in keep:
                continue
            count += 1
            line = line.replace(f"|{number}|", f"|{count}|", 1)  # noqa: PLW2901
        kept.append(line)
    want = {(row, token) for row, token in tokens(parse("\n".join(lines))) if row in keep}
    assert tokens(parse("\n".join(kept))) == want


def test_a_hidden_row_does_not_count() -> None:
    row = "<td>26</td><td>x</td><td>203.0.113.0/24</td><td>TCP 22</td></tr>"
    page = as_html(recorded(NEWEST))
    want = tokens(parse(page))
    for opening in ("<tr hidden>", '<tr style="display: none">', '<tr class="visually-hidden">', '<tr aria-hidden="true">'):
        changed = page.replace("</tbody>", f"{opening}{row}</tbody>")
        assert tokens(parse(changed)) == want
        assert parse(changed).strange == ()
    assert tokens(parse(page.replace("</tbody>", f"<!-- <tr>{row} --></tbody>"))) == want
    seen = parse(page.replace("</tbody>", f"<tr>{row}</tbody>"))
    assert "203.0.113.0/24" in seen.strange[0].flat()


def test_what_must_never_be_opened_is_unreadable_not_a_token() -> None:
    page = recorded(NEWEST).replace("20.20.32.0/19", "20.20.32.0/19, 0.0.0.0/0, 10.0.0.0/8, 20.0.0.0/7, 20.20.32.1/19")
    found = parse(page).rows[23]
    assert found.prefixes == parse(recorded(NEWEST)).rows[23].prefixes
    assert found.unreadable == ["0.0.0.0/0", "10.0.0.0/8", "20.0.0.0/7", "20.20.32.1/19"]


def test_a_new_host_is_added_and_one_that_went_is_removed() -> None:
    page = recorded(NEWEST).replace("amp.azure.net", "new.azure.net")
    found = compare(parse(page), embedded())[21]
    assert (found.added, found.removed) == (("new.azure.net",), ("amp.azure.net",))


def test_a_homoglyph_is_no_host() -> None:
    found = parse(recorded(NEWEST).replace("web.microsoftstream.com", "w\u0435b.microsoftstream.com")).rows[21]
    assert not any("web." in host or host.startswith("b.") for host in found.hosts)
    assert found.unreadable


@pytest.mark.parametrize(
    "attack", ["<a " * 20000, "<tr><td>" * 50_000, "|" * 300_000, "[" * 200_000, "TCP " * 50_000, "1 " * 100_000]
)
def test_a_page_that_is_made_to_be_slow_ends_soon_with_an_error_or_without_rows(attack: str) -> None:
    started = time.monotonic()
    with suppress(UpstreamDataError):
        assert not any(t.flat() for t in extract(attack).rows.values())
    assert time.monotonic() - started < 11


def test_a_page_is_read_in_a_tenth_of_a_second() -> None:
    page = recorded(JANUARY)
    parse(page)
    best = min(_seconds(page) for _ in range(5))
    assert best < 0.1


def _seconds(page: str) -> float:
    started = time.perf_counter()
    parse(page)
    return time.perf_counter() - started


@pytest.mark.parametrize("text", ["", "Hello", "<html><body>Sign in</body></html>", "\0\0"])
def test_what_is_not_the_page_is_refused(text: str) -> None:
    with pytest.raises(UpstreamDataError, match="not the page"):
        parse(text)


def test_too_much_and_an_unknown_form_are_refused() -> None:
    with pytest.raises(UpstreamDataError, match="more than"):
        extract("x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="is not a form"):
        extract("x", "pdf")


def test_the_comparison_has_the_contracts_keys() -> None:
    made = compare(parse(recorded(NEWEST)), embedded())[13].to_dict()
    assert json.loads(json.dumps(made)) == made
    assert made["ports"] == [{"protocol": "tcp", "ports": "5061,50000-59999"}, {"protocol": "udp", "ports": "50000-59999"}]
    assert {"row", "hosts", "paths", "prefixes", "ports", "same", "added", "removed", "unreadable"} <= set(made)


def test_what_the_catalog_knows_from_elsewhere_is_not_taken_for_literal() -> None:
    assert literal(embedded(), 17) == {"<tenant>.sharepoint.com"}
    assert literal(embedded(), 24) == {"www.msftconnecttest.com"}
    assert literal(embedded(), 25) == set()
