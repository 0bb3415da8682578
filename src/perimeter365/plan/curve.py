"""The curve of the prefix budget: extra addresses by number of prefixes.

Extra space spans many powers of ten, so the scale is logarithmic, in percent of the needed addresses. A cover without extra
space has its own line at the bottom.
"""

from collections.abc import Sequence
from html import escape
from math import log10

from perimeter365.model.quantity import quantity
from perimeter365.plan.budget import Cover
from perimeter365.show.drawing import svg_document, svg_text, theme

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 870, 420, 100, 54, 28, 60
_STYLE = f"""
{theme("curve", ("ink", "soft", "grid", "line", "paper"))}\
.curve text{{fill:var(--ink)}}.curve .soft{{fill:var(--soft)}}.curve .grid{{stroke:var(--grid)}}
.curve .title{{font-weight:600}}.curve .line{{fill:none;stroke:var(--line);stroke-width:2}}.curve circle{{fill:var(--line)}}
"""


def shares(found: Cover) -> list[tuple[int, float]]:
    """Return (prefixes, extra space in percent), from few prefixes to many."""
    return [(count, 100 * extra / found.needed if found.needed else 0.0) for count, extra in found.curve]


def curve_lines(found: Cover, width: int = 48, full: str = "█") -> list[str]:
    """Draw the curve for a terminal, with a line and bar for each number of prefixes.

    The bar is a repetition of `full`; its length is the logarithm of the extra space.
    """
    points = shares(found)
    top, bottom = _range(points)
    lines = []
    for count, share in points:
        long = round(width * (log10(share) - bottom) / (top - bottom)) if share else 0
        lines.append(f"{count:5}  {full * max(long, 1) if share else '':{width}}  {percent(share)}")
    return lines


def curve_svg(found: Cover, title: str) -> str:
    """Draw the curve as an SVG document, with a label for screen readers."""
    points = [point for point in shares(found) if point[0]]  # without needed addresses there is no prefix, and no point
    top, bottom = _range(points)
    right, floor = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    last = max((count for count, _ in points), default=1)

    def x(count: int) -> float:
        return _LEFT + (count - 1) * (right - _LEFT) / max(last - 1, 1)

    def y(share: float) -> float:
        return _TOP + (top - log10(share)) * (floor - 24 - _TOP) / (top - bottom) if share else floor

    body = [svg_text(_LEFT, 24, title, "title")]
    for power in range(int(bottom), int(top) + 1):
        height = y(10.0**power)
        body.append(f'<path class="grid" d="M{_LEFT} {height:.1f}H{right}"/>')
        body.append(svg_text(_LEFT - 8, round(height + 4, 1), percent(10.0**power), "soft", "end"))
    body.append(f'<path class="grid" d="M{_LEFT} {floor}H{right}"/>')
    body.append(svg_text(_LEFT - 8, floor + 4, "none", "soft", "end"))
    body += [svg_text(round(x(count), 1), floor + 20, str(count), "soft", "middle") for count in _ticks(last)]
    body.append(svg_text((_LEFT + right) // 2, _HEIGHT - 14, "prefixes", "soft", "middle"))
    body.append(svg_text(_LEFT, 44, "extra addresses, of what is needed", "soft"))
    path = "L".join(f"{x(count):.1f} {y(share):.1f}" for count, share in points)
    body += [f'<path class="line" d="M{path}"/>'] if path else []
    for count, share in points:
        tip = f"{quantity(count, 'prefix')}: {percent(share)} extra"
        body.append(f'<circle cx="{x(count):.1f}" cy="{y(share):.1f}" r="3"><title>{escape(tip)}</title></circle>')
    label = "; ".join(f"{quantity(count, 'prefix')} {percent(share)}" for count, share in points)
    body.insert(0, f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="var(--paper)"/>')
    return svg_document("curve", _WIDTH, _HEIGHT, f"{title}. Extra space: {label}", _STYLE, "".join(body))


def percent(share: float) -> str:
    """Format a share: `12.2 %`, `0.0003 %`, `1,600 %`, or `none`."""
    if not share:
        return "none"
    return f"{share:,.0f} %" if share >= 100 else f"{share:.3g} %"


def _range(points: Sequence[tuple[int, float]]) -> tuple[int, int]:
    """Return the powers of ten above and below all shares."""
    logs = [log10(share) for _, share in points if share] or [0.0]
    above, below = int(max(logs) // 1 + 1), int(min(logs) // 1)
    return above, min(below, above - 1)


def _ticks(last: int) -> list[int]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if last / s <= 20)
    return sorted({1, last, *range(step, last, step)})
