"""The curve of the prefix budget: well-formed, complete, falling, with a label for screen readers."""

from xml.etree import ElementTree

import pytest

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.budget import cover
from perimeter365.plan.curve import curve_lines, curve_svg, percent, shares

SVG = "{http://www.w3.org/2000/svg}"
FOUND = cover(PrefixSet.parse(["192.0.2.0/26", "192.0.2.128/26", "198.51.100.0/24"]), 4)


def test_shares_are_relative_to_the_needed_addresses() -> None:
    # 384 addresses are needed; two prefixes open 128 more
    assert dict(shares(FOUND))[2] == pytest.approx(100 * 128 / 384)
    assert shares(FOUND)[-1] == (3, 0.0)


def test_the_terminal_has_a_line_for_each_number_of_prefixes() -> None:
    lines = curve_lines(FOUND)
    assert [int(line.split()[0]) for line in lines] == [count for count, _ in FOUND.curve]
    assert lines[-1].endswith("none")
    bars = [line.count("█") for line in lines]
    assert bars == sorted(bars, reverse=True)


def test_a_terminal_without_the_character_has_another() -> None:
    assert all(line.isascii() for line in curve_lines(FOUND, full="#"))
    assert [line.replace("#", "█") for line in curve_lines(FOUND, full="#")] == curve_lines(FOUND)


def test_the_picture_has_every_point_and_a_label() -> None:
    root = ElementTree.fromstring(curve_svg(FOUND, "A <curve> & more"))
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == len(FOUND.curve)
    heights = [float(c.get("cy", "")) for c in circles]
    assert heights == sorted(heights)
    assert "2 prefixes 33.3 %" in (root.get("aria-label") or "")


def test_without_needed_addresses_the_curve_is_empty() -> None:
    drawn = list(ElementTree.fromstring(curve_svg(cover(PrefixSet(), 4), "empty")).iter())
    assert not [e for e in drawn if e.get("class") == "line" or e.tag.endswith("circle")]
    assert all(float(e.get("x", "0")) >= 0 for e in drawn), "an axis without any number lies on the paper too"


@pytest.mark.parametrize(("share", "text"), [(0.0, "none"), (12.214, "12.2 %"), (1611.0, "1,611 %"), (0.00031, "0.00031 %")])
def test_shares_are_formatted(share: float, text: str) -> None:
    assert percent(share) == text
