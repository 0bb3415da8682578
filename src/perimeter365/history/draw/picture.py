"""Timelines as SVG, as text for a terminal, and as an HTML page with a table.

Added entries are drawn above the line of a lane, removed entries below it. A bar grows by one step with each doubling
(`show.drawing`). A diamond marks entries that moved between sets, a ring a set that changed in another way. Position and
shape distinguish the marks, never color alone. Titles, the text for screen readers and the table of the page contain the
same information. Equal timelines give equal bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from html import escape

from perimeter365.history.draw._axis import Axis
from perimeter365.history.draw.timeline import Step, Timeline, TimelineEntry, TimelineLane
from perimeter365.show.drawing import BLOCKS, LEVELS, bar, level, svg_document, svg_text, theme
from perimeter365.show.page import html, plain

SHOWN = 12
"""The maximum number of entries of a kind in a title."""

_WIDTH, _LEFT, _RIGHT, _STEP, _GAP = 960, 178, 24, 3, 5
_PITCH, _HEAD = 60, 84
_STYLE = f"""
{theme("timeline", ("ink", "soft", "grid", "line", "less", "paper"))}\
.timeline text{{fill:var(--ink)}}.timeline .soft{{fill:var(--soft)}}.timeline .title{{font-weight:600}}
.timeline .big{{font-size:15px;font-weight:600}}.timeline .grid,.timeline .tick{{stroke:var(--grid);fill:none}}
.timeline .tick{{stroke:var(--soft)}}.timeline .add{{fill:var(--line)}}.timeline .less{{fill:var(--less)}}
.timeline .ring{{fill:none;stroke:var(--ink);stroke-width:1.3}}.timeline .move,.timeline .mark{{fill:var(--ink)}}
.timeline g:hover .add,.timeline g:hover .less{{fill:var(--ink)}}.timeline .hit{{fill:transparent}}
"""


def timeline_lines(timeline: Timeline, width: int = 100, glyphs: str = BLOCKS) -> list[str]:
    """Return the timeline as lines of text.

    Args:
        timeline: the timeline to draw.
        width: the width of the terminal; lines are not longer if it is 50 or more.
        glyphs: `drawing.BLOCKS`, or `drawing.DIGITS` for a terminal without block characters. With digits, everything
            except quoted text is ASCII.
    """
    dot, to = ("·", "…") if glyphs == BLOCKS else (".", "to")
    names = [" ".join(lane.title) for lane in timeline.lanes]
    room = max(map(len, names), default=0)
    axis = Axis(timeline.first, timeline.last, max(width - room - 6, 10))
    at = {axis.column(day) for _, day in timeline.versions}
    ground = "".join(dot if column in at else " " for column in range(axis.columns))
    lines = [plain(timeline.heading), f"{'':{room + 6}}{axis.line()}".rstrip()]
    for lane, name in zip(timeline.lanes, names, strict=True):
        rows = _rows(timeline.of(lane), axis, glyphs, ground) or [(" ", ground)]
        for i, (sign, cells) in enumerate(rows):
            lines.append(f"  {'' if i else name:{room}}  {sign} {cells}".rstrip())
    lines.append(f"  + added, - removed, ~ moved between sets, or set changed; {dot} version")
    lines.append(f"  entries: {glyphs[1]} 1, {glyphs[2]} 2, {glyphs[3]} 4 {to} {glyphs[LEVELS]} {2 ** (LEVELS - 1)} or more")
    return [*lines, *(f"  {mark.day}  {plain(mark.text)}" for mark in timeline.marks)]


def _rows(steps: Sequence[Step], axis: Axis, glyphs: str, ground: str) -> list[tuple[str, str]]:
    """Return the sign and the cells of each kind of change in a lane."""
    found = []
    for sign, kinds in (("+", ("added",)), ("-", ("removed",)), ("~", ("moved", "changed"))):
        counts = [0] * axis.columns
        for step in steps:
            counts[axis.column(step.day)] += sum(len(getattr(step, kind)) for kind in kinds)
        if any(counts):
            cells = "".join(
                drawn if drawn != " " else under for drawn, under in zip(bar(counts, glyphs), ground, strict=True)
            )
            found.append((sign, cells))
    return found


def timeline_page(timelines: Sequence[Timeline]) -> str:
    """Return a self-contained HTML page with a picture and a table for each timeline."""
    from markupsafe import Markup

    drawn = [(each, Markup(timeline_svg([each], headed=False))) for each in timelines]  # noqa: S704  (our own SVG, its texts escaped)
    return html("history/draw/timeline.html.j2", timelines=drawn)


def timeline_summary(timeline: Timeline) -> str:
    """Return the text of the picture for screen readers."""
    parts = [f"{' '.join(lane.title)}: {_words(timeline.of(lane)) or 'no change'}" for lane in timeline.lanes]
    marks = "".join(f" {mark.day}: {mark.text}." for mark in timeline.marks)
    return f"{timeline.heading}. {'; '.join(parts)}.{marks}"


def timeline_svg(timelines: Sequence[Timeline], *, headed: bool = True) -> str:
    """Return one SVG document with the timelines below each other.

    `headed=False` leaves out the headings, for a page that has its own.
    """
    body: list[str] = []
    height = 0
    for each in timelines:
        if headed:
            body.append(svg_text(16, height + 26, each.heading, "big"))
            height += 28
        body += _panel(each, height)
        height += _HEAD + max(len(each.lanes), 1) * _PITCH + 12
    height = max(height, 40)
    body.insert(0, f'<rect width="{_WIDTH}" height="{height}" fill="var(--paper)"/>')
    label = " ".join(map(timeline_summary, timelines)) or "There is no version."
    return svg_document("timeline", _WIDTH, height, label, _STYLE, "".join(body))


def _panel(timeline: Timeline, top: int) -> Iterator[str]:
    axis = Axis(timeline.first, timeline.last)
    bottom = top + _HEAD + len(timeline.lanes) * _PITCH

    def x(day: date) -> float:
        return round(_LEFT + axis.share(day) * (_WIDTH - _RIGHT - _LEFT), 1)

    yield from _legend(top + 26)
    free = 0.0
    for day, words in axis.ticks(10):
        yield f'<path class="grid" d="M{x(day):g} {top + 58}V{bottom}"/>'
        middle = min(x(day), _WIDTH - 12 - 4 * len(words))
        if middle - 4 * len(words) >= free:
            yield svg_text(middle, top + 53, words, "soft", "middle")
            free = middle + 4 * len(words) + 8
    yield svg_text(16, top + 72, "versions", "soft")
    for version, day in timeline.versions:
        at = x(day)
        yield f'<g><title>{version}, {day}</title><rect class="hit" x="{at - 2:g}" y="{top + 58}" width="4" height="16"/>'
        yield f'<path class="tick" d="M{at:g} {top + 62}v8"/></g>'
    for mark in timeline.marks:
        yield f"<g><title>{escape(plain(f'{mark.day} {mark.text}'))}</title>"
        yield f'<path class="mark {mark.kind}" d="M{x(mark.day):g} {top + 71}l5 9h-10z"/></g>'
    for i, lane in enumerate(timeline.lanes):
        middle = top + _HEAD + i * _PITCH + _PITCH // 2
        yield from _lane(lane, timeline.of(lane), middle, x)


def _lane(lane: TimelineLane, steps: Sequence[Step], middle: int, x: Callable[[date], float]) -> Iterator[str]:
    first, second = lane.title
    yield svg_text(16, middle - 2, first, "title") + svg_text(16, middle + 14, _cut(second, 22), "soft")
    added, removed = (sum(len(getattr(step, kind)) for step in steps) for kind in ("added", "removed"))
    if added or removed:
        yield svg_text(_LEFT - 14, middle - 2, f"+{added} −{removed}", "soft", "end")
    yield f'<path class="grid" d="M{_LEFT} {middle}H{_WIDTH - _RIGHT}"/>'
    for step in steps:
        at = x(step.day)
        yield f"<g><title>{escape(plain(_title(lane, step)))}</title>"
        yield f'<rect class="hit" x="{at - 4:g}" y="{middle - 28}" width="8" height="56"/>'
        if step.added:
            height = level(len(step.added)) * _STEP
            yield f'<rect class="add" x="{at - 2.5:g}" y="{middle - _GAP - height:g}" width="5" height="{height:g}"/>'
        if step.removed:
            height = level(len(step.removed)) * _STEP
            yield f'<rect class="less" x="{at - 2.5:g}" y="{middle + _GAP}" width="5" height="{height:g}"/>'
        if step.moved:
            yield _diamond(at, middle)
        if step.changed:
            yield _ring(at, middle)
        yield "</g>"


def _legend(y: int) -> Iterator[str]:
    yield f'<rect class="add" x="20" y="{y - 10}" width="5" height="11"/>' + svg_text(32, y, "added")
    yield f'<rect class="less" x="92" y="{y - 10}" width="5" height="11"/>' + svg_text(104, y, "removed")
    yield _diamond(162, y - 4) + svg_text(174, y, "moved between sets")
    yield _ring(330, y - 4) + svg_text(342, y, "set changed")
    yield f'<path class="mark" d="M442 {y - 9}l5 9h-10z"/>' + svg_text(454, y, "held, in force")
    yield svg_text(602, y, "entries:", "soft")
    for at, count in ((660, 1), (698, 4), (736, 16), (780, 2 ** (LEVELS - 1))):
        height = level(count) * _STEP
        more = " or more" if level(count) == LEVELS else ""
        yield f'<rect class="add" x="{at}" y="{y - height}" width="5" height="{height}"/>'
        yield svg_text(at + 10, y, f"{count}{more}", "soft")


def _diamond(x: float, y: float) -> str:
    return f'<path class="move" d="M{x:g} {y - 3:g}l3 3l-3 3l-3 -3z"/>'


def _ring(x: float, y: float) -> str:
    return f'<circle class="ring" cx="{x:g}" cy="{y:g}" r="4"/>'


def _title(lane: TimelineLane, step: Step) -> str:
    parts = [f"{step.day}, version {step.version}: {' '.join(lane.title)}"]
    for kind, entries in (("added", step.added), ("removed", step.removed), ("moved", step.moved)):
        if entries:
            parts.append(f"{len(entries)} {kind}: {_some(entries)}")
    return "; ".join([*parts, *step.changed])


def _some(entries: Sequence[TimelineEntry]) -> str:
    named = ", ".join(f"{e.value} ({'; '.join(filter(None, (e.id, e.note)))})" for e in entries[:SHOWN])
    return named + (f" and {len(entries) - SHOWN} more" if len(entries) > SHOWN else "")


def _words(steps: Sequence[Step]) -> str:
    """Return the counts of a lane, such as `5 added, 40 removed`; "" for none."""
    counts = ((sum(len(getattr(step, kind)) for step in steps), kind) for kind in ("added", "removed", "moved", "changed"))
    return ", ".join(f"{count} {kind}" for count, kind in counts if count)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
