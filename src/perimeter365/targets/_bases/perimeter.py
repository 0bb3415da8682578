"""The perimeter as a picture, in SVG.

The organization's roles are on the left; Microsoft, third parties and the internet are on the right. Between them is the
perimeter, which every flow crosses at a gate with its ports and direction. The picture is plain SVG without scripts, for the
report, a README or print. The direction is shown by the arrow head, the gate's sign and the dashes of the line, never by
color alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from perimeter365.model.role import ROLES
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.show.drawing import svg_document, svg_text

_WIDTH, _BOX, _PITCH, _TOP, _PAD, _GATE = 1240, 322, 30, 66, 14, 148
_LEFT, _RIGHT, _LINE = 20, _WIDTH - _BOX - 20, _WIDTH // 2
_SIDES = {"microsoft": 0, "third-party": 1, "anyone": 2}

STYLE = """
.p365{font:13px system-ui,sans-serif;--ink:#1b1f24;--soft:#59636e;--paper:#fff;--box:#f1f4f8;--edge:#b7c0ca;
--out:#0b5fc0;--in:#b3400b;--own:#5b6673}
@media(prefers-color-scheme:dark){.p365{--ink:#e8edf2;--soft:#a3adb8;--paper:#12161b;--box:#1d242c;--edge:#46515d;
--out:#6db1ff;--in:#ffa36b;--own:#a3adb8}}
.p365 text{fill:var(--ink)}.p365 .soft{fill:var(--soft)}.p365 .title{font-weight:600}
.p365 .box{fill:var(--box);stroke:var(--edge)}.p365 .wall{stroke:var(--edge);stroke-width:6;stroke-dasharray:14 8}
.p365 path{fill:none;stroke-width:1.7}.p365 .outbound{stroke:var(--out)}
.p365 .inbound{stroke:var(--in);stroke-dasharray:7 4}.p365 .internal{stroke:var(--own);stroke-dasharray:2 4}
.p365 .gate{fill:var(--paper);stroke:var(--edge)}.p365 .hout{fill:var(--out)}.p365 .hin{fill:var(--in)}
.p365 .hown{fill:var(--own)}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowLane:
    """All flows between two roles in one direction, drawn as one line."""

    ours: str
    theirs: str
    direction: str
    flows: tuple[PlanFlow, ...]

    @property
    def ports(self) -> str:
        """`TCP 80,443 · UDP 3478-3481`, or `ports unknown`."""
        words = []
        for name, sets in (("TCP", [f.tcp for f in self.flows]), ("UDP", [f.udp for f in self.flows])):
            union = sets[0]
            for ports in sets[1:]:
                union = union | ports
            if union:
                words.append(f"{name} {_short(str(union))}")
        return " · ".join(words) or "ports unknown"


def flow_lanes(plan: Plan) -> tuple[FlowLane, ...]:
    """Group the plan's flows by both roles and direction.

    For internal flows `theirs` is the destination.
    """
    joined: dict[tuple[str, str, str], list[PlanFlow]] = {}
    for flow in plan.flows:
        other = flow.source if flow.direction == "inbound" else flow.destination
        joined.setdefault((flow.ours.role, other.role, flow.direction), []).append(flow)
    found = [FlowLane(ours=a, theirs=b, direction=d, flows=tuple(f)) for (a, b, d), f in joined.items()]
    order = list(ROLES)
    return tuple(
        sorted(found, key=lambda x: (x.direction == "internal", order.index(x.ours), order.index(x.theirs), x.direction))
    )


def picture(plan: Plan) -> str:
    """Draw the picture of a plan. For an empty plan, it has a note instead of flows."""
    all_lanes = flow_lanes(plan)
    crossing = [lane for lane in all_lanes if lane.direction != "internal"]
    internal = [lane for lane in all_lanes if lane.direction == "internal"]
    left = _column(dict.fromkeys(x.ours for x in crossing), crossing, "ours")
    rights = sorted({x.theirs for x in crossing}, key=lambda r: (_SIDES[ROLES[r].side], list(ROLES).index(r)))
    right = _column(rights, crossing, "theirs")
    height = max([_TOP + 60, *(b.bottom for b in left.values()), *(b.bottom for b in right.values())])
    gates_top = _TOP + max(0, (height - _TOP - len(crossing) * _PITCH) // 2)
    body = [*_frame(plan, height, bool(crossing))]
    used = dict.fromkeys([*left, *right], 0)
    for i, lane in enumerate(crossing):
        body += _lane(lane, left[lane.ours], right[lane.theirs], gates_top + i * _PITCH + _PITCH // 2, used)
    body += [b.draw() for b in (*left.values(), *right.values())]
    bottom = height + 16
    for lane in internal:
        names = f"{ROLES[lane.ours].title} → {ROLES[lane.theirs].title}"
        body += [
            f'<path class="internal" d="M{_LEFT} {bottom}h40"/>',
            f'<path class="hown" d="M{_LEFT + 40} {bottom - 4}l8 4l-8 4z"/>',
            svg_text(_LEFT + 56, bottom + 4, f"{names}: {lane.ports} (inside)", "soft"),
        ]
        bottom += 22
    return svg_document("p365", _WIDTH, bottom + 8, _summary(all_lanes), STYLE, "".join(body))


@dataclass(frozen=True, slots=True)
class _Box:
    role: str
    x: int
    top: int
    bottom: int

    def draw(self) -> str:
        role = ROLES[self.role]
        middle = (self.top + self.bottom) // 2
        return (
            f'<rect class="box" x="{self.x}" y="{self.top}" width="{_BOX}" height="{self.bottom - self.top}" rx="6"/>'
            + svg_text(self.x + 12, middle, _cut(role.title, 38), "title")
            + svg_text(self.x + 12, middle + 16, role.name if role.side == "ours" else role.side, "soft")
        )


def _column(roles: Iterable[str], lanes_: Sequence[FlowLane], side: str) -> dict[str, _Box]:
    """Arrange boxes in a column, each tall enough for the lines that end at it."""
    boxes, y = {}, _TOP
    for role in roles:
        ends = sum(getattr(lane, side) == role for lane in lanes_)
        height = max(46, ends * 16 + 14)
        boxes[role] = _Box(role, _LEFT if side == "ours" else _RIGHT, y, y + height)
        y += height + _PAD
    # A column that is shorter than the gates is spread out, so that the lines are nearly level.
    spare = max(0, len(lanes_) * _PITCH - (y - _TOP))
    step = spare // len(boxes) if boxes else 0
    return {r: _Box(r, b.x, b.top + i * step, b.bottom + i * step) for i, (r, b) in enumerate(boxes.items())}


def _frame(plan: Plan, height: int, crossing: bool) -> Iterable[str]:
    yield svg_text(_LEFT, 26, _cut(plan.organization, 40), "title")
    yield svg_text(_LEFT, 46, "our side", "soft")
    yield svg_text(_RIGHT, 26, "Microsoft, third parties, internet", "title")
    yield svg_text(_LINE, 26, "perimeter", "soft", anchor="middle")
    yield f'<path class="wall" d="M{_LINE} {_TOP - 20}V{height}"/>'
    if not crossing:
        yield svg_text(_LINE, height - 20, "nothing crosses the perimeter in this plan", "soft", anchor="middle")


def _lane(lane: FlowLane, left: _Box, right: _Box, gate: int, used: dict[str, int]) -> Iterable[str]:
    start = left.top + 15 + used[lane.ours] * 16
    end = right.top + 15 + used[lane.theirs] * 16
    used[lane.ours] += 1
    used[lane.theirs] += 1
    x0, x1, half = _LEFT + _BOX, _RIGHT, _GATE
    curve = (
        f"M{x0} {start}C{x0 + 60} {start} {_LINE - half - 60} {gate} {_LINE - half} {gate}H{_LINE + half}"
        f"C{_LINE + half + 60} {gate} {x1 - 60} {end} {x1} {end}"
    )
    inbound = lane.direction == "inbound"
    head = f"M{x0 + 8} {start - 5}l-8 5l8 5z" if inbound else f"M{x1 - 8} {end - 5}l8 5l-8 5z"
    scenarios = ", ".join(dict.fromkeys(f.scenario for f in lane.flows))
    sign = "◀ in" if inbound else "out ▶"
    yield f'<g><title>{escape(f"{lane.direction}: {scenarios}")}</title><path class="{lane.direction}" d="{curve}"/>'
    yield f'<path class="{"hin" if inbound else "hout"}" d="{head}"/>'
    yield f'<rect class="gate" x="{_LINE - half}" y="{gate - 11}" width="{2 * half}" height="22" rx="11"/>'
    yield svg_text(_LINE, gate + 4, _cut(f"{sign}  {lane.ports}", 40), "", anchor="middle") + "</g>"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _short(ports: str) -> str:
    return ports if len(ports) <= 14 else ports[:13].rpartition(",")[0] + ",…"


def _summary(all_lanes: Sequence[FlowLane]) -> str:
    """Return the text for screen readers."""
    words = [f"{lane.direction} {ROLES[lane.ours].title} and {ROLES[lane.theirs].title}, {lane.ports}" for lane in all_lanes]
    return "Network perimeter. " + "; ".join(words) if words else "Network perimeter: no flows."
