"""The implementation of `lookup`.

It also runs without click (see `perimeter365.cli`), so it imports neither click nor the catalog's classes.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from perimeter365.cli._age import note_age
from perimeter365.errors import InputError
from perimeter365.intake import stdin_lines
from perimeter365.model.cloud import Cloud
from perimeter365.model.freshness import ages
from perimeter365.model.lookup import Index, LookupResult, Match
from perimeter365.model.query import entry_ports
from perimeter365.workspace import Workspace

NOTHING_FOUND = 1


def run(
    values: list[str],
    clouds: list[str],
    as_json: bool,
    workspace: Workspace,
    *,
    quiet: bool = False,
    brief: bool = False,
) -> int:
    """Look up each value and print the answers on stdout.

    Args:
        values: The values to look up; `-` for the lines of stdin, each answered before the next one is read.
        clouds: Names of clouds; [] for all.
        as_json: Print one JSON document, or one object per line if stdin is read.
        workspace: The workspace whose lists are searched.
        quiet: Omit the note about the age of the catalog.
        brief: Omit ports, categories and paths from text.

    Returns:
        The exit code: 0, 1 if nothing was found for any value, or 2 if a line of stdin is not a valid value.

    Raises:
        InputError: an argument is not a valid value, or a cloud does not exist. Nothing has been printed.
    """
    index = workspace.index()
    clouds = [_cloud(name, index) for name in clouds]
    today = datetime.now(UTC).date()
    note_age(ages(index.versions, index.seen, today, clouds), quiet=quiet, chosen=bool(clouds))
    answers = {value: index.lookup(value, clouds) for value in values if value != "-"}
    found = bad = False
    if as_json and "-" not in values:
        print(json.dumps([answers[value].to_dict() for value in values], indent=2))
        return 0 if any(answer.matches for answer in answers.values()) else NOTHING_FOUND
    for value in values:
        for each in _lines() if value == "-" else [value]:
            try:
                answer = answers.get(each) or index.lookup(each, clouds)
            except InputError as error:
                print(f"error[{error.code}]: {error.message}", file=sys.stderr, flush=True)
                bad = True
                continue
            found = found or bool(answer.matches)
            shown = json.dumps(answer.to_dict()) if as_json else to_text(answer, clouds or list(index.versions), brief=brief)
            print(shown)
            if value == "-":
                sys.stdout.flush()
    if bad:
        return InputError.exit_code
    return 0 if found else NOTHING_FOUND


def to_text(answer: LookupResult, clouds: list[str], *, brief: bool = False) -> str:
    """Format an answer as text: the value, then a line per entry, or notes."""
    cells = _brief_cells if brief else _cells
    lines = [answer.query.value]
    if answer.matches:
        lines += _columns([cells(match) for match in answer.matches])
    else:
        lines.append(f"  in no endpoint set and no row of {', '.join(clouds)}")
    if answer.partial:
        lines.append("  partly contained in")
        lines += [f"  {line}" for line in _columns([cells(match) for match in answer.partial])]
    lines += [f"  {note}" for note in answer.notes]
    for name, text in answer.explained:
        lines.append(f"  {name.id}  {text}  {name.title}")
        lines += [f"    {line}" for line in (name.text, name.advice(listed=answer.listed))]
        lines.append(f"    evidence: {name.document} ({name.date}, {name.confidence} confidence)")
    return "\n".join(lines)


def _cells(match: Match) -> list[str]:
    entry = match.entry
    what = ", ".join(match.parts[:3]) + ", …" * (len(match.parts) > 3) or match.matched
    relation = {"destination": "to", "source": "from", "site": "browser site", "record": "DNS record"}[entry.role]
    rest = [entry_ports(entry), entry.category or ""]
    rest += [f"only {' '.join(entry.paths)}"] if entry.paths else []
    rest += [f"retired {entry.retired}"] if entry.retired else []
    rest += ["assigned by area"] if match.assigned else []
    rest += [f"{match.confidence} confidence"] if match.confidence != "high" else []
    words = [entry.direction or "", relation, what]
    return [entry.id, entry.cloud, entry.scenario, " ".join(w for w in words if w), "; ".join(r for r in rest if r)]


def _brief_cells(match: Match) -> list[str]:
    entry_id, cloud, _, what, _ = _cells(match)
    return [entry_id, cloud, what]


def _columns(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cloud(name: str, index: Index) -> str:
    if name in index.versions:
        return name
    return str(Cloud.parse(name, map(Cloud.named, index.versions)))


def _lines() -> Iterator[str]:
    """Yield the lines of stdin, stripped; empty lines and comments (`#`) are skipped."""
    for raw in stdin_lines():
        line = raw.decode("utf-8", "replace").lstrip("\ufeff").strip()
        if line and not line.startswith("#"):
            yield line
