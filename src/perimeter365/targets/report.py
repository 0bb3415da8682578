"""One page that a person looks at: the perimeter as a picture, and every flow, site, record, warning and loss.

What it makes: `index.html`, self-contained (no script, style, font or image from elsewhere), and `perimeter.svg`.
Vendor page: none; it is our own document, HTML 5 with inline SVG 1.1.
What it can say: everything in the plan, with reasons and evidence. What it cannot: nothing is left out.
Install: open it in a browser, print it, or send it. Tables filter as you type; without scripts they are
simply whole. Each line has a link of its own (`#f-…`).
Update: render it again after a change of the profile or the catalog.

The losses shown are those of the targets in the option `losses_of`, rendered with their own defaults.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from perimeter365.errors import Perimeter365Error
from perimeter365.model.role import ROLES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.show.page import html
from perimeter365.targets._bases.acl import flow_name
from perimeter365.targets._bases.perimeter import picture
from perimeter365.targets.target import Artifact, Capabilities, Option, Target


class Report(Target):
    """The plan for people."""

    name = "report"
    title = "Perimeter report"
    kind = "document"
    vendor_page = "https://html.spec.whatwg.org/multipage/"
    proof = "consumer"
    proof_detail = "Chromium shows it, filters it and prints it"
    capabilities = Capabilities(
        addresses=True,
        hosts=("exact", "suffix", "glued", "inner"),
        ports=True,
        directions=("outbound", "inbound", "internal"),
        paths=True,
        sites=True,
        records=True,
    )
    options = {
        "losses_of": Option(
            default="nftables,pac,paloalto-edl,trusted-sites-reg",
            help="targets whose losses are shown, separated by commas; empty for none",
            check=lambda value: all(c.islower() or c.isdigit() or c in "-," for c in value),
        )
    }

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The page and the picture by itself."""
        svg = picture(plan)
        page = html(
            "targets/report.html.j2",
            plan=plan,
            svg=Markup(svg),  # noqa: S704  (our own SVG, its texts escaped where it is drawn)
            flows=[self._flow(f) for f in plan.flows],
            losses=list(self._losses_of(plan)),
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
            "values": [*(h.text for h in party.hosts), *(str(p) for p in party.prefixes)],
        }

    def _losses_of(self, plan: Plan) -> Iterator[tuple[str, dict[str, str]]]:
        from perimeter365.targets import targets  # the registry imports this module, so it is asked late

        for name in filter(None, self.option("losses_of").split(",")):
            try:
                losses = targets[name]().render(plan).losses
            except Perimeter365Error as error:  # a limit of that device is news for the reader, not the end of the report
                yield name, {"kind": "refused", "id": "", "subject": "all", "reason": error.message, "proposal": error.help}
            else:
                yield from ((name, loss.to_dict()) for loss in losses)
