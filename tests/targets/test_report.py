"""The report: decisions first, self-contained, complete, usable on a phone, on paper, by keyboard and without scripts."""

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow, PlanWarning
from perimeter365.targets.loss import Loss, LossLevel
from perimeter365.targets.report import Report
from perimeter365.targets.target import RenderResult, Style
from tests.consumers.axe import axe_violations
from tests.consumers.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLE = Path(__file__).parents[2] / "examples" / "contoso.toml"
HOSTILE = 'A"><script>alert(1)</script>&]]>-->{{ 7*7 }}\u202e'
WIDTHS = (320, 400, 1400)


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


def _collect(html: str) -> _Collector:
    collector = _Collector()
    collector.feed(html)
    return collector


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", " ".join(_collect(html).text))


def _page(plan: Plan) -> str:
    return render(plan, "report").artifacts[0].content.decode()


def page_with_losses(plan: Plan, batch: Mapping[str, Sequence[Loss]] | None = None) -> str:
    """The page with the losses of other targets, which the engine gives it."""
    losses = LOSSES if batch is None else batch
    results = tuple(RenderResult(target=target, artifacts=(), losses=tuple(some)) for target, some in losses.items())
    return Report(Style(batch=results)).render(plan).artifacts[0].content.decode()


def _loss(level: LossLevel, code: str, **more: Any) -> Loss:
    values = {"kind": "dropped", "remedy": "use a proxy", "subjects": ("all",), "clouds": ("worldwide",)}
    about = {"level": level, "code": code, "message": f"why {code}", "ids": ("row/6/mrs-proxy", "ws/worldwide/1")}
    return Loss(**{**values, **about, **more})


LOSSES = {
    "nftables": [_loss("known", "unaddressed-hosts", required=2, said_by=("pac", "squid"))],
    "pac": [
        _loss("known", "no-paths", ids=tuple(f"ws/worldwide/{n}" for n in range(1, 20)), subjects=()),
        _loss("decide", "limit", ids=("ws/worldwide/1",)),
        _loss("decide", "wider-match", accepted="the proxy checks it", subjects=("*.contoso.com",)),
    ],
}


# -- content ---------------------------------------------------------------------------------------------------


def test_every_flow_site_record_and_warning_of_the_plan_is_on_the_page(plan: Plan, page: Path) -> None:
    text = _words(page.read_text("utf-8"))
    wanted = {f.id for f in plan.flows} | {s.host.text for s in plan.sites} | {r.name for r in plan.records}
    wanted |= {w.message for w in plan.warnings} | {w.remedy for w in plan.warnings}
    wanted |= {str(p) for f in plan.flows for end in (f.source, f.destination) for p in end.prefixes}
    wanted |= {item.condition for item in (*plan.flows, *plan.sites, *plan.records)}
    wanted |= {e.document for item in (*plan.flows, *plan.sites, *plan.records) for e in item.evidence}
    assert [w for w in wanted if w and w not in text] == []


def test_decisions_are_first_and_each_is_one_line(plan: Plan) -> None:
    html = _page(replace(plan, warnings=(*plan.warnings, _unset("client", "no <address>"))))
    top, _, rest = html.partition("<h2 ")[2].partition("<h2 ")
    assert top.startswith('id="decide"')
    assert "no &lt;address&gt;" in top
    assert top.count("<li>") == sum(w.level == "decide" for w in plan.warnings) + 1
    assert "no &lt;address&gt;" not in rest


def _unset(about: str, message: str, accepted: str = "") -> PlanWarning:
    return PlanWarning(code="role-unset", id=about, message=message, remedy=f"[roles] {about}", accepted=accepted)


def test_nothing_to_decide_is_said(plan: Plan) -> None:
    noted = tuple(w for w in plan.warnings if w.level != "decide")
    assert "Nothing to decide." in _page(replace(plan, warnings=noted))


def test_an_accepted_warning_is_no_decision_and_has_its_reason(plan: Plan) -> None:
    taken = _unset("sbc", "needed by teams", accepted="no telephones yet")
    text = _words(_page(replace(plan, warnings=(taken,))))
    assert "0 to decide" in text
    assert text.index("Nothing to decide.") < text.index("needed by teams") < text.index("Accepted: no telephones yet")


def test_an_accepted_check_is_listed_once(plan: Plan) -> None:
    taken = PlanWarning(code="assumed", id="row/6/mrs-proxy", message="set 1 is assumed", accepted="seen in the logs")
    assert _words(_page(replace(plan, warnings=(taken,)))).count("set 1 is assumed") == 1


def test_checks_and_notes_are_one_line_for_each_code_with_its_count(plan: Plan) -> None:
    found = Counter(w.code for w in plan.warnings if w.level != "decide")
    assert {"assumed", "hosts-without-prefixes"} <= found.keys()
    for id, level in (("checks", "check"), ("notes", "note")):
        part = _page(plan).partition(f'<h2 id="{id}">')[2].partition("<h2 ")[0]
        lines = dict(
            re.findall(r"<summary>(\d+) × <code>([a-z-]+)</code>", part)[i][::-1] for i in range(part.count("<summary>"))
        )
        wanted = {w.code for w in plan.warnings if w.level == level}
        assert {code: int(count) for code, count in lines.items()} == {code: found[code] for code in wanted}


def test_a_source_is_written_once_for_the_flows_of_a_scenario(plan: Plan) -> None:
    flows = _page(plan).partition('<h2 id="flows">')[2].partition("<h2 ")[0]
    common = [f for f in plan.flows if f.scenario == "common"]
    assert len(common) > 20
    assert len({f.source for f in common}) == 1
    heads = [head for head in re.findall(r"<tr class=\"group\".*?</tr>", flows, re.DOTALL) if "<strong>common<" in head]
    assert len(heads) == 1
    assert "10.0.0.0/8" in heads[0]
    assert flows.count("10.0.0.0/8") == len({(f.scenario, f.direction) for f in plan.flows if f.source == common[0].source})


def test_both_sides_of_a_nat_are_shown(plan: Plan) -> None:
    flow = next(f for f in plan.flows if f.id == "row/6/mrs-proxy")
    inside = replace(flow, destination=replace(flow.destination, inside=PrefixSet.of([Prefix.parse("10.1.2.10")])))
    text = _words(_page(replace(plan, flows=(inside,))))
    assert "203.0.113.10/32 2001:db8:e::10/128 inside of the NAT: 10.1.2.10/32" in text


def test_losses_of_the_same_render_are_shown_decisions_at_the_top(plan: Plan) -> None:
    html = page_with_losses(replace(plan, warnings=()))
    top = _words(html.partition('id="decide"')[2].partition("<h2 ")[0])
    assert "pac/limit dropped: why limit → use a proxy 1 requirement" in top
    assert "why unaddressed-hosts" not in top
    assert top.index("Accepted") < top.index("why wider-match") < top.index("Accepted: the proxy checks it")
    assert "1 to decide" in _words(html)
    losses = _words(html.partition('<h2 id="losses">')[2])
    line = "2 × nftables/unaddressed-hosts dropped: why unaddressed-hosts → use a proxy"
    assert f"nftables 1 loss {line} ; 2 required; expressed by pac, squid" in losses
    assert "pac 3 losses, 1 to decide 1 × pac/limit dropped" in losses


def test_the_page_without_other_targets_says_so(plan: Plan) -> None:
    assert "No other target was rendered together with this page" in _page(plan)
    assert "express everything" in page_with_losses(plan, {"pac": [], "squid": []})


def test_the_page_fetches_nothing(page: Path) -> None:
    html = page.read_text("utf-8")
    assert _collect(html).sources == []
    assert not re.search(r"@import|url\(|<link|<iframe", html)


def test_every_inner_link_has_its_target(page: Path) -> None:
    html = page.read_text("utf-8")
    inner = {link[1:] for link in _collect(html).links if link.startswith("#")}
    assert inner
    assert [anchor for anchor in inner if f'id="{anchor}"' not in html] == []
    ids = re.findall(r' id="([^"]*)"', html)
    assert [id for id, count in Counter(ids).items() if count > 1] == []


def test_hostile_text_stays_text(plan: Plan) -> None:
    warning = PlanWarning(code="assumed", id=HOSTILE, message=HOSTILE, remedy=HOSTILE)
    open_, taken = replace(warning, code="role-unset"), replace(warning, code="no-ports", accepted=HOSTILE)
    loss = _loss("decide", HOSTILE, message=HOSTILE, remedy=HOSTILE, ids=(HOSTILE,), subjects=(HOSTILE,), said_by=(HOSTILE,))
    style = Style(batch=(RenderResult(target=HOSTILE, artifacts=(), losses=(loss,)),))
    page, svg = Report(style).render(replace(plan, organization=HOSTILE, warnings=(warning, open_, taken))).artifacts
    assert b"<script>alert" not in page.content + svg.content
    assert "\u202e" not in (page.content + svg.content).decode()
    ElementTree.fromstring(svg.content)
    assert page.content.count(b"<script") == 1


# -- in a browser ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with chromium() as opened:
        yield opened


@contextmanager
def shown(browser: "Browser", url: str, width: int = 1400, scheme: str = "light", scripts: bool = True) -> "Iterator[Page]":
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
    )
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: errors.append(request.url) if not request.url.startswith("file:") else None)
    tab.goto(url)
    yield tab
    context.close()
    assert errors == []


def visible(tab: "Page") -> set[str]:
    """The ids of the flows that are shown."""
    return set(tab.locator("#flow-table tbody tr:not(.group):visible td.id > a code").all_inner_texts())


def _has_address(flow: PlanFlow, typed: str) -> bool:
    wanted = ipaddress.ip_network(typed)
    networks = [ipaddress.ip_network(str(p)) for end in (flow.source, flow.destination) for p in end.prefixes]
    return any(n.version == wanted.version and n.overlaps(wanted) for n in networks)


ADDRESSES = {
    "52.113.1.2": "ws/worldwide/11",  # in 52.112.0.0/14
    "52.112.0.0/13": "ws/worldwide/11",  # contains it
    "2603:1063::1234": "ws/worldwide/11",  # in 2603:1063::/38
    "2603:1063:0:0:0:0:255.255.0.1": "ws/worldwide/11",
    "10.20.30.40": "ws/worldwide/11",  # the source, which the group has
    "203.0.113.10": "row/6/mrs-proxy",
}
"""What is typed -> a flow that has it."""


def test_an_address_finds_the_prefixes_that_contain_it(browser: "Browser", plan: Plan, page: Path) -> None:
    with shown(browser, page.as_uri()) as tab:
        hits = tab.locator("#flow-table .hit")
        for typed, known in ADDRESSES.items():
            wanted = {f.id for f in plan.flows if _has_address(f, typed)}
            assert known in wanted
            assert 0 < len(wanted) < len(plan.flows)
            tab.locator("[data-filter=flow-table]").fill(typed)
            assert visible(tab) == wanted, typed
            assert "found in" in tab.locator("[data-count=flow-table]").inner_text()
            assert hits.count() == tab.locator("#flow-table .hit:visible").count() > 0  # their lists were unfolded
        tab.locator("[data-filter=flow-table]").fill("")
        assert tab.locator("#flow-table details[open]").count() == hits.count() == 0


def test_other_addresses_find_nothing(browser: "Browser", page: Path) -> None:
    others = ("1.2.3.4", "203.0.113.1", "3.0.113.10", "2001:db8:ffff::1", "52.113.1.256", "::ffff:52.113.1.2")
    with shown(browser, page.as_uri()) as tab:
        for typed in others:
            tab.locator("[data-filter=flow-table]").fill(typed)
            assert visible(tab) == set(), typed


HOSTS = {
    "contoso.sharepoint.com": "ws/worldwide/31",  # *.sharepoint.com
    "https://contoso.sharepoint.com/sites/a": "ws/worldwide/31",
    "Outlook.Office365.com.": "ws/worldwide/1",
    "autodiscover.contoso.onmicrosoft.com": "ws/worldwide/8",  # autodiscover.*.onmicrosoft.com
    "my-cdn.onenote.net": "ws/worldwide/51",  # *cdn.onenote.net
    "autodiscover.onmicrosoft.com": "",  # the parts around the star overlap
    "evilsharepoint.com": "",
}


def test_a_host_finds_the_wildcards_that_match_it(browser: "Browser", plan: Plan, page: Path) -> None:
    with shown(browser, page.as_uri()) as tab:
        for typed, known in HOSTS.items():
            host = typed.lower().removeprefix("https://").partition("/")[0].removesuffix(".")
            wanted = {f.id for f in plan.flows for h in (*f.source.hosts, *f.destination.hosts) if h.matches(host)}
            tab.locator("[data-filter=flow-table]").fill(typed)
            assert visible(tab) == wanted, typed
            assert known in wanted or not known


def test_the_filters_are_in_the_address_and_the_back_button_returns(browser: "Browser", plan: Plan, page: Path) -> None:
    inbound = {f.id for f in plan.flows if f.direction == "inbound"}
    both = {f.id for f in plan.flows if f.direction == "inbound" and f.scenario == "mailbox-migration"}
    with shown(browser, page.as_uri()) as tab:
        tab.get_by_label("Direction").select_option("inbound")
        assert visible(tab) == inbound
        box = tab.locator("[data-filter=flow-table]")
        box.press_sequentially("mailbox-migration")  # one entry of the history, not 17
        box.blur()
        assert visible(tab) == both
        link = tab.url
        tab.go_back()
        assert visible(tab) == inbound
        assert box.input_value() == ""
        tab.go_back()
        assert len(visible(tab)) == len({f.id for f in plan.flows})
        tab.go_forward()
        tab.go_forward()
        assert visible(tab) == both
    with shown(browser, link) as tab:  # a link opens filtered
        assert visible(tab) == both
        assert tab.locator("[data-filter=flow-table]").input_value() == "mailbox-migration"
        assert tab.get_by_label("Direction").input_value() == "inbound"


def test_a_link_to_a_flow_shows_it_although_it_is_filtered_out(browser: "Browser", page: Path) -> None:
    with shown(browser, page.as_uri() + "#flow-table=no-such-word") as tab:
        assert visible(tab) == set()
        tab.evaluate("location.hash = 'f-ws-worldwide-11'")
        tab.wait_for_function("!document.getElementById('f-ws-worldwide-11').closest('[hidden]')")
        assert "ws/worldwide/11" in visible(tab)


def test_a_hostile_fragment_is_only_a_filter(browser: "Browser", plan: Plan, page: Path) -> None:
    image = "flow-table=%3Cimg%20src=x%20onerror=alert(1)%3E"
    for state in (image, "flow-table=%", "=&==&%00=1", "%E0%A4%A", "flow-table.direction=up"):
        with shown(browser, f"{page.as_uri()}#{state}") as tab:
            assert tab.locator("img").count() == 0
            assert tab.get_by_label("Direction").evaluate("s => s.selectedIndex") == 0
            tab.locator("[data-filter=flow-table]").fill("row/6/mrs-proxy")
            assert visible(tab) == {"row/6/mrs-proxy"}


def test_without_scripts_the_page_is_complete(browser: "Browser", plan: Plan, page: Path) -> None:
    with shown(browser, page.as_uri() + "#flow-table=mailbox", scripts=False) as tab:
        assert visible(tab) == {f.id for f in plan.flows}
        assert tab.locator(".tools:visible").count() == 0  # a filter that cannot work is not offered


def test_only_the_script_of_the_page_runs(browser: "Browser", page: Path, tmp_path: Path) -> None:
    evil = "<script>document.title = 'evil'</script><img src=x onerror=\"document.title = 'evil'\">"
    (tmp_path / "evil.html").write_text(page.read_text("utf-8").replace("</main>", f"{evil}</main>"), "utf-8")
    with shown(browser, (tmp_path / "evil.html").as_uri()) as tab:
        assert tab.title() == "Perimeter of Contoso"
        assert tab.locator(".tools:visible").count() == 3


@pytest.fixture(scope="module")
def short(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with each kind of element, but few rows: axe is slow."""
    flows = [f for f in plan.flows if not f.id.startswith("ws/")] + [f for f in plan.flows if f.id.startswith("ws/")][:3]
    warnings = (*plan.warnings[::4], _unset("sbc", "open"), _unset("mfa-server", "taken", accepted="no"))
    file = tmp_path_factory.mktemp("short") / "index.html"
    file.write_text(page_with_losses(replace(plan, flows=tuple(flows[::3]), warnings=warnings)), "utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier(browser: "Browser", short: Path, width: int, scheme: str) -> None:
    with shown(browser, short.as_uri(), width, scheme) as tab:
        assert axe_violations(tab) == []
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tab.locator("[data-filter=flow-table]").fill("10.0.0.1")
        assert tab.locator(".hit").count() > 0
        assert axe_violations(tab) == []


OVERLAPS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [];
  for (let node; (node = walker.nextNode());) {
    if (!node.data.trim() || node.parentElement.closest("script,style,select,title")) continue;
    if (!node.parentElement.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects())
      if (r.right > 0 && r.width > 1) boxes.push([r.left + 1, r.top + 3, r.right - 1, r.bottom - 3, node.data.trim()]);
  }
  boxes.sort((a, b) => a[1] - b[1]);
  const bad = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j][1] < boxes[i][3]; j++)
      if (boxes[i][0] < boxes[j][2] && boxes[j][0] < boxes[i][2]) bad.push(boxes[i][4] + " / " + boxes[j][4]);
  return bad;
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_or_overlaps(browser: "Browser", page: Path, width: int) -> None:
    with shown(browser, page.as_uri(), width) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(OVERLAPS) == []


def test_the_focus_is_visible(browser: "Browser", page: Path) -> None:
    with shown(browser, page.as_uri()) as tab:
        seen = []
        for _ in range(25):
            tab.keyboard.press("Tab")
            seen.append(
                tab.evaluate(
                    "() => { const e = document.activeElement, s = getComputedStyle(e);"
                    "return [e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2] }"
                )
            )
        assert [tag for tag, outlined in seen if not outlined] == []
        assert {"A", "INPUT", "SELECT"} <= {tag for tag, _ in seen}


def test_the_print_is_complete_and_at_most_12_pages(browser: "Browser", page: Path) -> None:
    with shown(browser, page.as_uri()) as tab:
        tab.emulate_media(media="print")
        hidden = (
            "[...document.querySelectorAll('li')].filter(e => !e.checkVisibility() || !e.getClientRects().length).length"
        )
        assert tab.evaluate(hidden) == 0
        pages = re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))
        assert 3 < len(pages) <= 12


def test_a_filtered_print_says_so(browser: "Browser", page: Path) -> None:
    with shown(browser, page.as_uri() + "#flow-table=ws/worldwide/11") as tab:
        tab.emulate_media(media="print")
        assert tab.locator("[data-count=flow-table]").is_visible()
        assert not tab.locator("[data-filter=flow-table]").is_visible()
