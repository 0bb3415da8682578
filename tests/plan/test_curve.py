"""The budget's curve: well-formed, every point in it, falling, and readable for somebody who does not see it."""

from xml.etree import ElementTree

import pytest

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.budget import cover
from perimeter365.plan.curve import percent, shares, svg, terminal

SVG = "{http://www.w3.org/2000/svg}"
FOUND = cover(PrefixSet.parse(["192.0.2.0/26", "192.0.2.128/26", "198.51.100.0/24"]), 4)


def test_shares_are_of_what_is_needed() -> None:
    # 384 addresses are needed; with two prefixes 128 are opened besides
    assert dict(shares(FOUND))[2] == pytest.approx(100 * 128 / 384)
    assert shares(FOUND)[-1] == (3, 0.0)


def test_the_terminal_has_a_line_for_each_number_of_prefixes() -> None:
    lines = terminal(FOUND)
    assert [int(line.split()[0]) for line in lines] == [count for count, _ in FOUND.curve]
    assert lines[-1].endswith("none")
    bars = [line.count("█") for line in lines]
    assert bars == sorted(bars, reverse=True)


def test_a_terminal_of_few_characters_gets_others() -> None:
    assert all(line.isascii() for line in terminal(FOUND, full="#"))
    assert [line.replace("#", "█") for line in terminal(FOUND, full="#")] == terminal(FOUND)


def test_the_picture_has_every_point_and_says_them() -> None:
    root = ElementTree.fromstring(svg(FOUND, "A <curve> & more"))
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == len(FOUND.curve)
    heights = [float(c.get("cy", "")) for c in circles]
    assert heights == sorted(heights)
    assert "2 prefixes 33.3 %" in (root.get("aria-label") or "")


def test_nothing_needed_draws_nothing() -> None:
    drawn = list(ElementTree.fromstring(svg(cover(PrefixSet(), 4), "empty")).iter())
    assert not [e for e in drawn if e.get("class") == "line" or e.tag.endswith("circle")]
    assert all(float(e.get("x", "0")) >= 0 for e in drawn), "an axis without any number lies on the paper too"


@pytest.mark.parametrize(("share", "text"), [(0.0, "none"), (12.214, "12.2 %"), (1611.0, "1,611 %"), (0.00031, "0.00031 %")])
def test_shares_are_written_for_people(share: float, text: str) -> None:
    assert percent(share) == text
