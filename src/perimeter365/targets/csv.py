"""CSV: the whole plan as tables, for spreadsheets, change requests and scripts.

Output: five tables (RFC 4180: commas, double quotes, CRLF, a header line; UTF-8):

    flows.csv      one line for each flow, protocol and host or prefix of the external end
    sites.csv      one line per browser site
    records.csv    one line per DNS record
    warnings.csv   one line per warning of the plan
    about.csv      organization, profile hash and catalog versions, as name and value

Supported: the whole plan, without losses. In flows.csv the external end has one host or prefix per line, and the
organization's end all its hosts and prefixes, separated by spaces; `any` is an end that the requirement does not restrict,
and an empty cell is an unknown end. `source_kind` and `destination_kind` say which it is: `host`, `prefix`, `list` (of the
organization), `any` or `unknown`. An internal flow has one line per protocol, with lists in both cells. `protocol` and
`ports` are empty if no port is known. Sets and paths are separated by spaces; pieces of evidence, each
`document|date|confidence`, by a semicolon and a space. `inside` is the organization's addresses inside of the NAT, where
they differ from the public ones.
A cell that would start with one of = + - @ tab CR ' is prefixed with an apostrophe, so that no spreadsheet reads it as a
formula (OWASP, CSV injection); remove one apostrophe to get the value.
Vendor page: none, only RFC 4180.
Not supported: no device reads these files.
Excel reads an opened file as UTF-8 only with `bom=on`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from perimeter365.model.evidence import Evidence
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning
from perimeter365.targets.life import Manual, does_not_apply, program, tried
from perimeter365.targets.target import FULL_CAPABILITIES, Artifact, Option, Target

_PARTS = {
    "source": ("source_role", "source"),
    "destination": ("destination_role", "destination"),
    "tcp": ("protocol", "ports"),
    "udp": (),
}
"""The columns of a flow's keys that have more or fewer than one."""
_ENDS = ("source", "destination")
FLOWS = [
    *(column for key in PlanFlow.KEYS for column in _PARTS.get(key, (key,))),
    "inside",
    *(f"{end}_kind" for end in _ENDS),
]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class Csv(Target):
    """Tables of the plan."""

    name = "csv"
    side = "both"
    title = "CSV tables"
    kind = "data"
    vendor_page = "https://www.rfc-editor.org/rfc/rfc4180"
    proof = "consumer"
    proof_detail = "read back with Python's csv module, the tables give the same plan"
    capabilities = replace(FULL_CAPABILITIES, comments=False)
    options = {"bom": Option(default="off", choices=("off", "on"), help="on: byte order mark, which Excel needs")}
    manual = Manual(
        where="the folder of the files",
        install=("# open the tables, or import them into the program that reads them",),
        remove=("rm *.csv",),
    )
    tried = (
        tried(program("Python's csv module"), "install", "empty", "again", "grow", "shrink", "back", "remove")
        | tried(does_not_apply("the files are written as a whole, each under a temporary name first"), "interrupted")
        | tried(does_not_apply("each render is complete; there are no files of changes"), "unordered")
        | tried(does_not_apply("the files are in a folder of their own"), "neighbors")
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the five tables; a table without rows has its header line."""
        yield self._table("flows.csv", FLOWS, (row for flow in plan.flows for row in _rows(flow)))
        yield self._table("sites.csv", PlanSite.KEYS, (_row(site) for site in plan.sites))
        yield self._table("records.csv", PlanRecord.KEYS, (_row(record) for record in plan.records))
        warnings = ([*w.to_dict().values()] for w in plan.warnings)
        yield self._table("warnings.csv", list(PlanWarning.keys), warnings)
        about = [["organization", plan.organization], ["profile", plan.profile_hash]]
        about += [[f"catalog {c}", f"{v.version} {v.origin}"] for c, v in plan.versions.items()]
        yield self._table("about.csv", ["name", "value"], about)

    def _table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Artifact:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        count = 0
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            count += 1
        encoding = "utf-8-sig" if self.option("bom") == "on" else "utf-8"
        return Artifact(name=name, content=out.getvalue().encode(encoding), entries=count)


def _rows(flow: PlanFlow) -> Iterator[list[object]]:
    """Yield the rows of a flow.

    There is a row for each protocol and each host or prefix of the external end.
    """
    common: dict[str, object] = {**{key: getattr(flow, key) for key in flow.KEYS}, "evidence": _evidence(flow.evidence)}
    common |= {"source_role": flow.source.role, "source": " ".join(_entries(flow.source))}
    common |= {"destination_role": flow.destination.role, "destination": " ".join(_entries(flow.destination))}
    common["inside"] = " ".join(str(p) for end in (flow.source, flow.destination) for p in end.inside)
    protocols = [(name, str(ports)) for name, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports]
    outside = "source" if flow.direction == "inbound" else "destination"
    entries = [{outside: entry} for entry in _entries(flow.theirs)] if flow.theirs else [{}]
    for protocol, ports in protocols or [("", "")]:
        for entry in entries:
            line = {**common, "protocol": protocol, "ports": ports, **entry}
            line |= {f"{end}_kind": _kind(getattr(flow, end), str(line[end]), single=end in entry) for end in _ENDS}
            yield [line[column] for column in FLOWS]


def _row(item: PlanSite | PlanRecord) -> list[object]:
    values = {**item.to_dict(), "evidence": _evidence(item.evidence)}
    return [values[column] for column in item.KEYS]


def _entries(party: PlanParty) -> list[str]:
    """Return the hosts and prefixes of an end.

    The result is ["any"] for anyone, and [""] if none are known.
    """
    found = [*(h.text for h in party.hosts), *(str(p) for p in party.prefixes)]
    return found or ["any" if party.anyone else ""]


def _kind(party: PlanParty, cell: str, *, single: bool) -> str:
    """Return the kind of an end's cell: `host`, `prefix`, `list`, `any` or `unknown`."""
    if party.anyone:
        return "any"
    if not cell:
        return "unknown"
    return ("prefix" if "/" in cell else "host") if single else "list"


def _evidence(evidence: Iterable[Evidence]) -> str:
    return "; ".join(f"{e.document}|{e.date}|{e.confidence}" for e in evidence)


def _cell(value: object) -> str:
    """Convert a value to text.

    None becomes "", booleans become yes and no, and formulas become plain text.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
