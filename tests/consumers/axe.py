"""The accessibility checks of axe-core on a page that Chromium shows.

    axe_violations(tab)
        ["color-contrast: .soft, .bad", "label: input"]

All rules of WCAG 2.2 levels A and AA and of good practice are used, also the size of targets, which axe leaves out by
default.
"""

from typing import TYPE_CHECKING

from tests.consumers import need

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


def axe_violations(tab: "Page") -> list[str]:
    """Return the violated rules, each with the selectors of some elements."""
    script = need("axe").with_name("axe.min.js").read_text("utf-8")
    tab.evaluate(f"() => {{ {script} }}")
    elements = "v.nodes.slice(0, 5).map(n => n.target.join(' ')).join(', ')"
    found = tab.evaluate(
        "tags => axe.run(document, {runOnly: tags, rules: {'target-size': {enabled: true}}}).then(r => ({"
        f"ran: r.passes.length, bad: r.violations.map(v => v.id + ': ' + {elements})}}))",
        list(TAGS),
    )
    assert found["ran"] > 10, "axe checked hardly anything"
    violations: list[str] = found["bad"]
    return violations
