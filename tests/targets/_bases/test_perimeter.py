"""The picture: well-formed, with every role, direction and port of the plan."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, load_profile, make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets._bases.perimeter import flow_lanes, picture
from tests.consumers.browser import chromium
from tests.targets import cases

EXAMPLE = Path(__file__).parents[3] / "examples" / "contoso.toml"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_role_that_crosses_is_named(plan: Plan) -> None:
    crossing = [f for f in plan.flows if f.direction != "internal"]
    assert {f.ours.role for f in crossing} <= set(texts(picture(plan)))


def test_there_is_one_line_for_each_pair_of_roles_and_direction(plan: Plan) -> None:
    root = ElementTree.fromstring(picture(plan))
    for direction in ("inbound", "outbound"):
        drawn = [p for p in root.iter(f"{SVG}path") if p.get("class") == direction]
        pairs = {(f.source.role, f.destination.role) for f in plan.flows if f.direction == direction}
        assert len(drawn) == len(pairs) > 0


def test_the_gate_of_mailbox_migration_is_inbound_443(plan: Plan) -> None:
    lane = next(x for x in flow_lanes(plan) if x.ours == "mrs-proxy")
    assert (lane.direction, lane.theirs, lane.ports) == ("inbound", "exchange-online", "TCP 443")
    assert "\u25c0 in  TCP 443" in texts(picture(plan))


def test_the_text_for_screen_readers_has_each_line(plan: Plan) -> None:
    label = ElementTree.fromstring(picture(plan)).get("aria-label") or ""
    assert label.count(";") == len(flow_lanes(plan)) - 1


def test_an_empty_plan_has_a_text() -> None:
    empty = parse_profile('[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = []\n')
    assert "nothing crosses the perimeter in this plan" in texts(picture(make_plan(load_catalog(), empty)))


TEXTS_OUTSIDE = """() => {
  const boxes = [...document.querySelectorAll("rect")].map(r => r.getBBox());
  const inside = (a, b) => a.x >= b.x + 2 && a.x + a.width <= b.x + b.width - 2;
  return [...document.querySelectorAll("text")].map(t => [t.textContent, t.getBBox()]).filter(([, a]) => {
    const x = a.x + 15, y = a.y + a.height / 2;
    const around = boxes.find(b => x > b.x && x < b.x + b.width && y > b.y && y < b.y + b.height);
    return around && !inside(a, around);
  }).map(([text]) => text);
}"""


def test_every_text_fits_into_its_box(tmp_path: Path) -> None:
    """With the titles of all roles, and with ports that are cut."""
    wide = cases.plan("all-scenarios")
    assert len({f.ours.role for f in wide.flows} | {f.theirs.role for f in wide.flows if f.theirs}) > 30
    (tmp_path / "wide.svg").write_text(picture(replace(wide, organization="W" * 200)), "utf-8")
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto((tmp_path / "wide.svg").as_uri())
        assert tab.evaluate("document.querySelectorAll('rect').length") > 40
        for width in (832, 1160, 1240):  # hinting changes the widths of texts with the scale
            tab.evaluate(f"document.documentElement.setAttribute('width', {width})")
            assert tab.evaluate(TEXTS_OUTSIDE) == [], width
