"""Pictures of timelines are well-formed, self-contained, complete and deterministic."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from perimeter365.history.draw.picture import timeline_lines, timeline_page, timeline_summary, timeline_svg
from perimeter365.history.draw.timeline import Mark, Step, Timeline, TimelineEntry, TimelineLane, timeline
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.show.drawing import BLOCKS, DIGITS
from perimeter365.store.store import Store
from tests.consumers.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>"&]]>-->{{ 7*7 }}\u202e\x1b[2J\n'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, recorded: tuple[State, ...]) -> Timeline:
    with Store(str(tmp_path_factory.mktemp("picture") / "store.sqlite")) as store:
        store.add(recorded)
        found = timeline(store, Cloud.WORLDWIDE)
    assert found is not None
    return found


def made(**changes: object) -> Timeline:
    """A timeline with one lane and one step."""
    step = Step(
        version=Version("2030020100"),
        day=date(2030, 2, 1),
        lane="exchange/optimize",
        added=tuple(TimelineEntry(id=f"ws/dod/{n}", value=f"{n}.example.com") for n in range(20)),
    )
    parts: dict[str, object] = {
        "cloud": Cloud.DOD,
        "versions": (("2030010100", date(2030, 1, 1)), ("2030020100", date(2030, 2, 1))),
        "lanes": (TimelineLane(name="exchange/optimize"),),
        "steps": (step,),
    }
    return Timeline(**{**parts, **changes})  # type: ignore[arg-type]


def titles(text: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(text).iter(f"{SVG}title")]


def bars(text: str, kind: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(text).iter(f"{SVG}rect") if each.get("class") == kind]


def test_every_entry_of_every_step_is_in_a_title(drawn: Timeline) -> None:
    said = " ".join(titles(timeline_svg([drawn])))
    for step in drawn.steps:
        assert step.version in said
        for entry in (*step.added, *step.removed, *step.moved):
            assert entry.value in said
        for words in step.changed:
            assert words in said


def test_additions_are_drawn_above_removals(drawn: Timeline) -> None:
    text = timeline_svg([drawn])
    legend = 1 + 4  # sizes
    assert len(bars(text, "add")) == sum(bool(s.added) for s in drawn.steps) + legend
    assert len(bars(text, "less")) == sum(bool(s.removed) for s in drawn.steps) + 1
    step = replace(made().steps[0], removed=(TimelineEntry(id="ws/dod/1", value="gone.example.com"),))
    text = timeline_svg([made(steps=(step,))])
    above, below = bars(text, "add")[-1], bars(text, "less")[-1]
    bottom = float(above.get("y", "")) + float(above.get("height", ""))
    assert bottom < float(below.get("y", ""))
    assert above.get("x") == below.get("x")
    assert float(above.get("height", "")) > float(below.get("height", "")), "20 entries have a longer bar than one"


def test_later_is_further_right(drawn: Timeline) -> None:
    ticks = [
        e.get("d", "") for e in ElementTree.fromstring(timeline_svg([drawn])).iter(f"{SVG}path") if e.get("class") == "tick"
    ]
    places = [float(d[1:].split()[0]) for d in ticks]
    assert len(places) == len(drawn.versions)
    assert places == sorted(places)


def test_long_lists_are_counted_not_written_out() -> None:
    (title,) = [t for t in titles(timeline_svg([made()])) if "exchange" in t]
    assert "20 added: 0.example.com (ws/dod/0)" in title
    assert title.endswith("and 8 more")


def test_the_text_for_screen_readers_has_every_lane_and_mark(drawn: Timeline) -> None:
    marked = replace(drawn, marks=(Mark(day=date(2030, 5, 5), kind="held", text="2030060100 was held: shrink"),))
    label = ElementTree.fromstring(timeline_svg([marked])).get("aria-label") or ""
    for lane in marked.lanes:
        assert f"{' '.join(lane.title)}: " in label
    assert "teams optimize: 1 added, 1 removed, 1 changed" in label
    assert "2030-05-05: 2030060100 was held: shrink." in label


def test_the_same_timelines_give_the_same_bytes(drawn: Timeline) -> None:
    assert timeline_svg([drawn, made()]) == timeline_svg([drawn, made()])
    assert timeline_page([drawn]) == timeline_page([drawn])


def test_nothing_is_fetched(drawn: Timeline) -> None:
    for text in (timeline_svg([drawn]), timeline_page([drawn])):
        without_namespace = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|src=|href=\"[^#]|@import|url\(|<link|<iframe", without_namespace)
    assert "<script" not in timeline_svg([drawn])


def test_hostile_values_stay_text() -> None:
    entry = TimelineEntry(id=HOSTILE, value=HOSTILE, note=HOSTILE)
    step = replace(made().steps[0], added=(entry,), removed=(entry,), moved=(entry,), changed=(HOSTILE,))
    marks = (Mark(day=date(2030, 2, 1), kind="held", text=HOSTILE),)
    hostile = made(organization=HOSTILE, steps=(step,), marks=marks)
    for text in (timeline_svg([hostile]), timeline_page([hostile])):
        assert "<script>alert" not in text
        assert not re.search("[\u202e\x1b]", text)
    assert timeline_page([hostile]).count("<script") == 1
    ElementTree.fromstring(timeline_svg([hostile]))
    lines = timeline_lines(hostile)
    assert not any(c in line for line in lines for c in "\u202e\x1b\n")


def test_an_empty_timeline_has_a_message() -> None:
    ElementTree.fromstring(timeline_svg([]))
    assert "There is no version to show" in timeline_page([])
    still = made(steps=(), versions=(("2030010100", date(2030, 1, 1)),))
    ElementTree.fromstring(timeline_svg([still]))
    assert "Nothing changed" in timeline_page([still])
    assert "exchange optimize: no change" in timeline_summary(still)
    assert timeline_lines(made(lanes=(), steps=()))


# -- terminals ---------------------------------------------------------------------------------------------


def test_the_terminal_has_a_line_for_each_sign_of_each_lane(drawn: Timeline) -> None:
    lines = timeline_lines(drawn, 80)
    assert max(map(len, lines)) <= 80
    at = next(i for i, line in enumerate(lines) if line.startswith("  teams optimize "))
    room = len("  sharepoint optimize  ")
    assert [line[room] for line in lines[at : at + 3]] == ["+", "-", "~"]
    assert [line[:room].strip() for line in lines[at : at + 3]] == ["teams optimize", "", ""]
    plus, minus, other = (line[room + 2 :] for line in lines[at : at + 3])
    # Set 11 got a prefix in the third version, lost it in the fifth; its ports changed in the fourth.
    assert (plus.count("▁"), minus.count("▁"), other.count("▁")) == (1, 1, 1)
    assert plus.index("▁") < other.index("▁") < minus.index("▁") == len(minus) - 1


def test_a_terminal_without_blocks_gets_digits(drawn: Timeline) -> None:
    lines = timeline_lines(drawn, 80, DIGITS)
    assert all(line.isascii() for line in lines)
    blocks = timeline_lines(drawn, 80, BLOCKS)
    assert len(lines) == len(blocks)
    table = str.maketrans({**dict(zip(BLOCKS[1:], DIGITS[1:], strict=True)), "·": "."})
    assert lines[:-1] == [line.translate(table) for line in blocks[:-1]], "only the legend differs"


def test_counts_that_share_a_column_add_up() -> None:
    steps = [replace(made().steps[0], version=Version(f"20300201{n:02}"), added=made().steps[0].added[:1]) for n in range(4)]
    line = next(x for x in timeline_lines(made(steps=tuple(steps)), 60) if "exchange optimize" in x)
    assert line.endswith(BLOCKS[3])


# -- in a browser ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def file(drawn: Timeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(timeline_page([drawn, made()]), "utf-8")
    return folder / "index.html"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_not_wider_than_the_screen(browser: "Browser", file: Path, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(file.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_chromium_filters_the_table(browser: "Browser", file: Path, drawn: Timeline) -> None:
    tab = browser.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(file.as_uri())
    rows = tab.locator("#worldwide-steps tbody tr:visible")
    assert rows.count() == len(drawn.steps)
    tab.get_by_label("Lane").first.select_option("teams/optimize")
    assert rows.count() == sum(s.lane == "teams/optimize" for s in drawn.steps)
    tab.locator("[data-filter=worldwide-steps]").fill("131.107.113.192/26")
    assert rows.count() == 2
    assert errors == []
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read_on_both_screens(browser: "Browser", file: Path, scheme: str) -> None:
    tab = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    tab.goto(file.as_uri())
    colors = tab.evaluate(
        """() => { const of = s => getComputedStyle(document.querySelector(s));
        return [of("svg.timeline > rect").fill, ...[".timeline text.title", ".timeline text.soft"].map(s => of(s).fill)] }"""
    )
    paper, *inks = (luminance(color) for color in colors)
    for ink in inks:
        # WCAG 2.2, 1.4.3: at least 4.5 : 1
        assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) >= 4.5
    assert (paper > 0.5) == (scheme == "light")
    tab.close()


def luminance(color: str) -> float:
    """Relative luminance of `rgb(r, g, b)` (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_without_scripts_the_table_is_whole_and_paper_shows_all(browser: "Browser", file: Path, drawn: Timeline) -> None:
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(file.as_uri())
    assert tab.locator("#worldwide-steps tbody tr:visible").count() == len(drawn.steps)
    tab.close()
    tab = browser.new_page()
    tab.goto(file.as_uri())
    tab.emulate_media(media="print")
    hidden = tab.evaluate("[...document.querySelectorAll('details li')].filter(e => e.getClientRects().length === 0).length")
    assert hidden == 0
    tab.close()
