"""Report: one page with the perimeter as a picture and everything in the plan.

Output: `index.html`, self-contained (no external script, style, font or image), and `perimeter.svg`. The page lists every
flow, site, record, warning and loss.
Vendor page: none; the page is HTML 5 with inline SVG 1.1.
Supported: the whole plan, with reasons and evidence.
Not supported: nothing is left out.
Install: open it in a browser, print it, or send it. Tables are filtered as you type; without scripts they are shown
completely. Each line has its own link (`#f-…`).
Update: render again after a change of the profile or the catalog.
The losses are those of the targets that are rendered in the same run; rendered alone, the report has none.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from perimeter365.model.role import ROLES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.show.page import html
from perimeter365.targets._bases.acl import flow_name
from perimeter365.targets._bases.perimeter import picture
from perimeter365.targets.target import Artifact, Capabilities, Target, batch_losses


class Report(Target):
    """Report of the plan for human readers."""

    name = "report"
    side = "both"
    title = "Perimeter report"
    kind = "document"
    vendor_page = "https://html.spec.whatwg.org/multipage/"
    reads_batch = True
    proof = "consumer"
    proof_detail = "Chromium displays, filters and prints it"
    capabilities = Capabilities(
        addresses=True,
        hosts=("exact", "suffix", "glued", "inner"),
        ports=True,
        directions=("outbound", "inbound", "internal"),
        paths=True,
        sites=True,
        records=True,
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the page, and the picture as a separate file."""
        svg = picture(plan)
        page = html(
            "targets/report.html.j2",
            plan=plan,
            svg=Markup(svg),  # noqa: S704  (generated SVG, with escaped texts)
            flows=[self._flow(f) for f in plan.flows],
            losses=batch_losses(self.style.batch),
            rendered=[each.target for each in self.style.batch],
            roles=ROLES,
            counts={d: sum(f.direction == d for f in plan.flows) for d in ("outbound", "inbound", "internal")},
        )
        entries = len(plan.flows) + len(plan.sites) + len(plan.records)
        yield Artifact(name="index.html", content=page.encode(), entries=entries)
        yield Artifact(name="perimeter.svg", content=svg.encode(), entries=len(plan.flows))

    def _flow(self, flow: PlanFlow) -> dict[str, Any]:
        return {
            "anchor": f"f-{flow_name(flow)}",
            "flow": flow,
            "ports": "; ".join(f"{n} {p}" for n, p in (("TCP", flow.tcp), ("UDP", flow.udp)) if p) or "unknown",
            "source": self._party(flow.source),
            "destination": self._party(flow.destination),
        }

    def _party(self, party: PlanParty) -> dict[str, Any]:
        return {
            "title": ROLES[party.role].title,
            "anyone": party.anyone,
            "values": [*(h.text for h in party.hosts), *map(str, party.prefixes), *(f"{p} (inside)" for p in party.inside)],
        }
