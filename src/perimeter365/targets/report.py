"""Report: a page with decisions, a picture of the perimeter, and the whole plan.

Output: `index.html`, self-contained (no external script, style, font or image), and `perimeter.svg`. The page lists
decisions first, then every flow (by scenario), site, record, warning and loss. Warnings and losses have one line for each
reason, with the details folded. Of a role that has other addresses inside of a NAT, both are shown.
Vendor page: none; the page is HTML 5 with inline SVG 1.1.
Supported: the whole plan, with conditions and evidence, and the losses of the targets that are rendered in the same run.
Not supported: nothing is left out. Printed, the details of losses are folded; `losses.json` of each target has them.
Tables are filtered as you type: by words, by an address (finds the
prefixes that contain it) or by a host name (finds the wildcards that match it). The filter is part of the page's address,
so a link opens the page filtered. Without scripts, tables are shown completely. Each flow has its own link (`#f-…`).
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from perimeter365.model.role import ROLES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.show.page import html
from perimeter365.targets._bases.acl import flow_name
from perimeter365.targets._bases.perimeter import picture
from perimeter365.targets._bases.report_lines import (
    ARROWS,
    FlowGroup,
    finding_groups,
    flow_groups,
    scenario_counts,
    sources,
)
from perimeter365.targets.life import Manual, does_not_apply, program, tried
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
    proof_detail = "Chromium displays, filters and prints it, and axe checks it"
    capabilities = Capabilities(
        addresses=True,
        hosts=("exact", "suffix", "glued", "inner"),
        ports=True,
        directions=("outbound", "inbound", "internal"),
        paths=True,
        sites=True,
        records=True,
    )
    manual = Manual(
        where="the folder of the files",
        install=("# open index.html in a browser, print it, or send it",),
        remove=("rm index.html perimeter.svg",),
    )
    tried = (
        tried(program("Chromium"), "install", "empty", "again", "grow", "shrink", "back", "remove")
        | tried(does_not_apply("the files are written as a whole, each under a temporary name first"), "interrupted")
        | tried(does_not_apply("each render is complete; there are no files of changes"), "unordered")
        | tried(does_not_apply("the files are in a folder of their own"), "neighbors")
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the page, and the picture as a separate file."""
        svg = picture(plan)
        batch = self.style.batch
        warnings = [w for w in plan.warnings if not (w.level == "decide" or w.accepted)]
        page = html(
            "targets/report.html.j2",
            plan=plan,
            svg=Markup(svg),  # noqa: S704  (generated SVG, with escaped texts)
            groups=[self._group(g) for g in flow_groups(plan)],
            checks=finding_groups(w for w in warnings if w.level == "check"),
            notes=finding_groups(w for w in warnings if w.level == "note"),
            counts={level: sum(w.level == level for w in warnings) for level in ("check", "note")},
            accepted=[w for w in plan.warnings if w.accepted],
            losses=batch_losses(batch),
            rendered=[each.target for each in batch],
            anchors={f.id: f"f-{flow_name(f)}" for f in reversed(plan.flows)},
            sources=sources(plan),
            counted=scenario_counts(plan),
            arrows=ARROWS,
        )
        entries = len(plan.flows) + len(plan.sites) + len(plan.records)
        yield Artifact(name="index.html", content=page.encode(), entries=entries)
        yield Artifact(name="perimeter.svg", content=svg.encode(), entries=len(plan.flows))

    def _group(self, group: FlowGroup) -> dict[str, Any]:
        return {"group": group, "source": self._party(group.source), "flows": [self._flow(f) for f in group.flows]}

    def _flow(self, flow: PlanFlow) -> dict[str, Any]:
        return {
            "anchor": f"f-{flow_name(flow)}",
            "flow": flow,
            "ports": "; ".join(f"{n} {p}" for n, p in (("TCP", flow.tcp), ("UDP", flow.udp)) if p) or "unknown",
            "destination": self._party(flow.destination),
        }

    def _party(self, party: PlanParty) -> dict[str, Any]:
        return {
            "title": ROLES[party.role].title,
            "anyone": party.anyone,
            "values": [*(h.text for h in party.hosts), *(str(p) for p in party.prefixes)],
            "inside": [str(p) for p in party.inside],
        }
