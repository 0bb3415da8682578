"""The report: self-contained, complete, usable on a phone and without scripts."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from tests.consumers.browser import chromium

EXAMPLE = Path(__file__).parents[2] / "examples" / "contoso.toml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


@pytest.fixture(scope="module")
def page(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    for artifact in render(plan, "report").artifacts:
        (folder / artifact.name).write_bytes(artifact.content)
    return folder / "index.html"


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "href" and value:
                self.links.append(value)
            if key in ("src", "srcset", "data") and value:
                self.sources.append(value)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _collect(page: Path) -> _Collector:
    collector = _Collector()
    collector.feed(page.read_text("utf-8"))
    return collector


def test_every_flow_site_record_and_warning_of_the_plan_is_on_the_page(plan: Plan, page: Path) -> None:
    text = " ".join(_collect(page).text)
    wanted = {f.id for f in plan.flows} | {s.host.text for s in plan.sites} | {r.name for r in plan.records}
    wanted |= {w.message for w in plan.warnings} | {str(p) for f in plan.flows for p in f.destination.prefixes}
    missing = [w for w in wanted if w not in text]
    assert missing == []


def test_the_page_fetches_nothing(page: Path) -> None:
    html = page.read_text("utf-8")
    assert _collect(page).sources == []
    assert not re.search(r"@import|url\(|<link|<iframe", html)


def test_every_inner_link_has_its_target(page: Path) -> None:
    html = page.read_text("utf-8")
    inner = {link[1:] for link in _collect(page).links if link.startswith("#")}
    assert inner
    assert [anchor for anchor in inner if f'id="{anchor}"' not in html] == []


def test_hostile_names_stay_text(page: Path) -> None:
    hostile = 'A"><script>alert(1)</script>&]]>-->{{ 7*7 }}'
    profile = parse_profile(f"[organization]\nname = '{hostile}'\nclouds = ['worldwide']\n")
    page_, svg = render(make_plan(load_catalog(), profile), "report").artifacts
    assert b"<script>alert" not in page_.content + svg.content
    ElementTree.fromstring(svg.content)
    assert page_.content.count(b"<script") == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as opened:
        yield opened


def test_chromium_filters_the_flows(browser: object, plan: Plan, page: Path) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    tab = browser.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(page.as_uri())
    tab.get_by_label("Direction").select_option("inbound")
    inbound = sum(f.direction == "inbound" for f in plan.flows)
    assert inbound > 0
    assert tab.locator("#flow-table tbody tr:visible").count() == inbound
    tab.locator("[data-filter=flow-table]").fill("mailbox-migration")
    assert tab.locator("#flow-table tbody tr:visible").count() == sum(
        f.direction == "inbound" and f.scenario == "mailbox-migration" for f in plan.flows
    )
    assert errors == []
    tab.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_not_wider_than_the_screen(browser: object, page: Path, width: int) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_the_page_prints_everything(browser: object, page: Path) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.emulate_media(media="print")
    hidden = tab.evaluate("[...document.querySelectorAll('details li')].filter(e => e.getClientRects().length === 0).length")
    assert hidden == 0
    tab.close()
