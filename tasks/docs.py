"""Write the generated pages of docs/reference, and the command output in the other pages.

    python -m tasks.docs            write changed pages
    python -m tasks.docs --check    write nothing; exit 1 when a page is stale
    python -m tasks.docs --html     also build everything as HTML into out/docs (needs the group `docs`)

Pages are generated from the code: commands and their variables from the command line, targets from the
registry, rows from the catalog, codes from the errors, profile keys from the profile reader. A key without a
description in this module, or a description without its key, is an error.
"""

import functools
import inspect
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from perimeter365.cli._app import app
from perimeter365.cli._command import PREFIX, SECTIONS
from perimeter365.cli.config import OTHER_VARIABLES, commands, variable
from perimeter365.cli.explain import DATES, LOSSES, explanations
from perimeter365.cli.targets import says
from perimeter365.errors import error_classes
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import AREAS
from perimeter365.model.requirement import CATEGORIES, Flow, Party, Record, Requirement, Site
from perimeter365.model.role import OUR_ROLES, ROLES
from perimeter365.model.row import Row
from perimeter365.plan._read import _TABLES as PROFILE_TABLES
from perimeter365.plan.aggregate import destinations
from perimeter365.plan.budget import cover
from perimeter365.plan.curve import svg
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import WARNINGS
from perimeter365.plan.profile import load_profile, parse_profile
from perimeter365.sources.load import read_catalog
from perimeter365.targets import built_in, render
from perimeter365.targets.target import PROOFS, Target
from tasks.console import DifferError, run_page

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"

HISTORY = Path("shared", "data", "web-service", "history")
"""The recorded lists in the reference data folder next to the repository, which may be missing."""

MADE = "<!-- made by `make docs`; what it says is changed in the thing itself -->\n\n"

KEYS = {
    "organization.name": "What the organization is called in headers of artifacts. Default: our organization.",
    "organization.tenant": "The first label of the tenant's onmicrosoft.com name; fills `<tenant>`.",
    "organization.email_domains": "Mail domains; fill `<email_domain>`, and each has its DNS records planned.",
    "organization.clouds": f"Needed. One or more of {', '.join(f'`{c}`' for c in Cloud)}.",
    "select.service_areas": f"Areas of the web service: {', '.join(f'`{a}`' for a in AREAS)}. Default: all but `intune`.",
    "select.categories": f"Which categories: {', '.join(f'`{c}`' for c in CATEGORIES)}. Default: all three.",
    "select.required_only": "Leave out the web service's sets that Microsoft does not mark as required. Default: false.",
    "select.ipv6": "Plan IPv6 besides IPv4. Default: true.",
    "select.scenarios": "Scenarios, rows (`row/6`), ids of single requirements, or `all`. Default: none.",
    "select.graph_sources": "Row 23 exists in two texts: `union` of both (the default), or `newest`.",
    "effective.ahead": "Open what is announced [before its day](../effective-dates.md), or on it. Default: true.",
    "effective.grace": f"Days that removed entries stay; of {', '.join(f'`{c}`' for c in CATEGORIES)} each 30.",
}
"""Profile key -> its meaning."""


def main(arguments: list[str]) -> int:
    """Run the task and return the exit code."""
    check = "--check" in arguments
    made = pages()
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text]
    stale += left_over(made)
    if check:
        for path in stale:
            print(f"docs: {path.relative_to(ROOT)} is stale; run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    for path in left_over(made):
        path.unlink()
    print(f"docs: {len(stale)} generated pages written", file=sys.stderr)
    for path in written_by_hand():
        try:
            run_page(path, write=True)
        except DifferError as error:
            print(f"docs: {error}", file=sys.stderr)
            return 1
    if "--html" in arguments:
        return html(ROOT / "out" / "docs")
    return 0


def html(folder: Path) -> int:
    """Build everything as HTML in a folder, with warnings as errors. Return Sphinx's exit code."""
    words = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(folder / ".doctrees"), str(DOCS), str(folder)]
    return subprocess.run([sys.executable, "-m", "sphinx", *words], check=False).returncode


def written_by_hand() -> list[Path]:
    """Return the README and every page that is not generated."""
    found = [path for path in sorted(DOCS.rglob("*.md")) if not path.read_text("utf-8").startswith(MADE)]
    return [ROOT / "README.md", *found]


def left_over(made: Collection[Path]) -> list[Path]:
    """Return obsolete generated pages."""
    return [p for p in sorted(REFERENCE.rglob("*.md")) if p not in made and p.read_text("utf-8").startswith(MADE)]


def pages() -> dict[Path, str]:
    """Return every generated page: path -> text."""
    made = {
        "commands.md": commands_page,
        "settings.md": settings_page,
        "profile.md": profile_page,
        "rows.md": rows_page,
        "codes.md": codes_page,
        "targets/index.md": targets_page,
    }
    found = {REFERENCE / name: MADE + _text(page) for name, page in made.items()}
    for name in built_in:
        found[REFERENCE / "targets" / f"{name}.md"] = MADE + _text(partial(target_page, built_in[name]))
    images = {"perimeter.svg": picture(), "budget.svg": curve(), **timeline(ROOT.parent / HISTORY)}
    return {**found, **{DOCS / "images" / name: text for name, text in images.items()}}


def curve() -> str:
    """Return the budget curve of Worldwide's four service areas, IPv4."""
    plan = make_plan(read_catalog("embedded"), parse_profile('[organization]\nclouds = ["worldwide"]\n'))
    return svg(cover(destinations(plan), 4), "Worldwide, IPv4: what fewer prefixes open besides")


@functools.cache
def timeline(folder: Path) -> Mapping[str, str]:
    """Return the timeline of the recorded Worldwide lists; {} if they are missing, so the picture stays unchanged."""
    if not folder.is_dir():
        return {}
    from perimeter365.history.draw.picture import svg
    from perimeter365.history.draw.timeline import timeline
    from perimeter365.history.load import read
    from perimeter365.store.store import Store

    with tempfile.TemporaryDirectory(prefix="perimeter365-docs-") as place, Store(f"{place}/store.sqlite") as store:
        store.add(read(folder)[0])
        found = timeline(store, Cloud.WORLDWIDE)
    return {"timeline.svg": svg([found])} if found else {}


def picture() -> str:
    """Return the perimeter of the example organization, as the target `report` draws it."""
    plan = make_plan(read_catalog("embedded"), load_profile(ROOT / "examples" / "contoso.toml"))
    return next(a.content.decode() for a in render(plan, "report").artifacts if a.name == "perimeter.svg")


def _text(page: Callable[[], Iterator[str]]) -> str:
    return "\n".join(page()).rstrip() + "\n"


# -- commands and settings ---------------------------------------------------------------------------------


def _contexts() -> dict[str, click.Context]:
    root = app.make_context("perimeter365", [], auto_envvar_prefix=PREFIX, resilient_parsing=True)
    return {"": root, **dict(commands(root))}


def commands_page() -> Iterator[str]:
    """Yield every command with its arguments, options and variables."""
    found = _contexts()
    yield "# Commands\n"
    yield "Data goes to stdout, talk to stderr. These options may stand before a command's name or behind it:\n"
    yield from _options(found.pop(""))
    for title in SECTIONS:
        group = [(path, ctx) for path, ctx in found.items() if _section(path) == title]
        if group:
            yield f"\n## {title}"
        for path, ctx in group:
            yield f"\n### {path.replace('.', ' ')}\n"
            yield f"```text\n{ctx.command_path} {' '.join(ctx.command.collect_usage_pieces(ctx))}\n```\n"
            help_text = inspect.cleandoc(ctx.command.help or "")
            for block in help_text.replace("\b\n", "\b").split("\n\n"):
                yield f"```text\n{block[1:]}\n```\n" if block.startswith("\b") else f"{_escape(block)}\n"
            yield from _options(ctx)


def _section(path: str) -> str:
    return str(getattr(app.get_command(None, path.partition(".")[0]), "section", SECTIONS[-1]))


def _options(ctx: click.Context) -> Iterator[str]:
    rows = []
    for option in ctx.command.params:
        if not isinstance(option, click.Option) or option.hidden:
            continue
        record = option.get_help_record(ctx)
        name = f"`{variable(ctx, option)}`" if option.allow_from_autoenv else ""
        rows.append((f"`{record[0] if record else option.name}`", _escape(option.help or ""), name))
    if rows:
        yield from _table(("option", "meaning", "environment variable"), rows)


def settings_page() -> Iterator[str]:
    """Yield every environment variable."""
    yield "# Settings\n"
    yield (
        "Every option is also an environment variable: `PERIMETER365_`, the command, the option, in capitals with `_` for\n"
        "`-`. The options that all commands share leave the command out. A flag wins over a variable, a variable over the\n"
        "default; `perimeter365 config show` tells which it was, and names variables that no option reads.\n"
    )
    rows = [(f"`{name}`", "", _escape(meaning)) for name, meaning in OTHER_VARIABLES.items()]
    for path, ctx in _contexts().items():
        for option in ctx.command.params:
            if isinstance(option, click.Option) and not option.hidden and option.allow_from_autoenv:
                flag = max(option.opts, key=len)
                command = " ".join([*path.split("."), flag]).strip()
                rows.append((f"`{variable(ctx, option)}`", f"`{command}`", _escape(option.help or "")))
    yield from _table(("variable", "option", "meaning"), sorted(rows))


# -- the profile -------------------------------------------------------------------------------------------


def profile_page() -> Iterator[str]:
    """Yield every profile key, role and scenario."""
    existing = {f"{table}.{key}": kind for table, keys in PROFILE_TABLES.items() for key, (kind, _) in keys.items()}
    if existing.keys() != KEYS.keys():
        raise ValueError(
            f"profile keys without a description, or descriptions without a key: {existing.keys() ^ KEYS.keys()}"
        )
    yield "# The profile\n"
    yield (
        "A TOML file that says what your organization is (`[organization]`), uses (`[select]`) and has (`[roles]`),\n"
        "and how it follows changes (`[effective]`).\n"
        "`perimeter365 init` writes one with comments. Whatever is unknown in it is an error with line and column.\n"
    )
    for table in PROFILE_TABLES:
        yield f"\n## `[{table}]`\n"
        rows = [(f"`{k.partition('.')[2]}`", kind, KEYS[k]) for k, kind in existing.items() if k.startswith(f"{table}.")]
        yield from _table(("key", "value", "meaning"), rows)
    yield "\n## `[roles]`\n"
    yield "Each role takes a list of addresses, prefixes and host names.\n"
    yield from _table(("role", "who"), [(f"`{name}`", ROLES[name].title) for name in OUR_ROLES])
    yield "\n## Scenarios\n"
    yield "The service areas are scenarios too. `all` selects every row and the DNS records.\n"
    rows = [
        (
            f"`{name}`",
            f"[row {row.number}](rows.md#row-{row.number})" if row and row.number else "",
            row.title if row else name,
        )
        for name, row in read_catalog("embedded").scenarios.items()
    ]
    yield from _table(("scenario", "row", "what"), rows)


# -- rows --------------------------------------------------------------------------------------------------


def rows_page() -> Iterator[str]:
    """Yield the 25 rows and the DNS scope with their requirements."""
    catalog = read_catalog("embedded")
    yield "# The 25 rows\n"
    yield (
        "What Microsoft's page of other endpoints asks for, as requirements. Facts that several clouds share stand once.\n"
        "`perimeter365 show row/6` tells every fact with its evidence.\n"
    )
    for row in (*catalog.rows.values(), catalog.dns):
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    number = f"row-{row.number}" if row.number else "dns"
    yield f"\n({number})=\n## {f'Row {row.number}: ' if row.number else ''}{_escape(row.title)}\n"
    yield f"{_escape(row.purpose)}\n"
    clouds = ", ".join(str(c) for c in row.clouds)
    yield f"Scenario `{row.scenario}`, in {clouds}."
    if row.retired:
        yield f"**Ended on {row.retired}.** {_escape(row.retired_note)}"
    yield f"\nWhat the page gets wrong or leaves out: {_escape(row.defect)}\n"
    facts: dict[tuple[str, ...], list[str]] = {}
    for req in row.requirements:
        facts.setdefault(_fact(req), []).append(str(req.cloud))
    everywhere = [str(c) for c in row.clouds]
    rows = [(*cells, "" if where == everywhere else ", ".join(where)) for cells, where in facts.items()]
    yield from _table(("id", "what", "from", "to", "ports", "when", "only in"), rows)
    documents = sorted({e.document for r in row.requirements for e in r.evidence})
    yield "\nEvidence: " + ", ".join(f"<{document}>" for document in documents)


def _fact(req: Requirement) -> tuple[str, ...]:
    what, source, destination, ports = type(req).__name__.lower(), "", "", ""
    if isinstance(req, Flow):
        what = req.direction
        source, destination = _end(req.source), _end(req.destination)
        if req.path:
            destination += f" (only {' '.join(f'`{p}`' for p in req.path)})"
        ports = ", ".join(f"{n} {p}" for n, p in (("tcp", req.tcp), ("udp", req.udp)) if p) or "not known"
    elif isinstance(req, Site):
        what = f"site, {req.zone} zone"
        names = [f"`{h}`" for h in req.hosts] + [f"set {n}" for n in req.sets]
        destination = ", ".join(names) + (", cookies allowed" if req.cookies else "")
    elif isinstance(req, Record):
        what = f"record to {req.duty}"
        destination = f"`{req.owner} {req.type} {req.value}`"
    when = " ".join(x for x in (req.condition, f"Only on request: {req.on_request}" if req.on_request else "") if x)
    return f"`{req.id}`", what, source, destination, ports, _escape(when)


def _end(party: Party) -> str:
    names = [f"`{h}`" for h in party.hosts] + [f"`{p}`" for p in party.prefixes]
    if len(names) > 12:
        names = [*names[:10], f"and {len(names) - 10} more"]
    words = [party.role, *names, *(f"set {n}" for n in party.sets)]
    return ", ".join(words)


# -- codes -------------------------------------------------------------------------------------------------


def codes_page() -> Iterator[str]:
    """Yield exit codes, errors, warnings of a plan and kinds of loss."""
    yield "# Codes\n"
    yield "`perimeter365 explain CODE` says the same offline.\n\n## Exit codes\n"
    meanings = {
        0: "done",
        1: "a negative answer: nothing found, stale, not empty",
        2: "wrong usage or input",
        3: "upstream or network",
        4: "held for safety; a person has to decide",
        5: "a loss, or something missing, under `--strict`",
        70: "a defect of perimeter365",
        130: "interrupted",
    }
    yield from _table(("code", "meaning"), [(str(code), text) for code, text in meanings.items()])
    known = explanations()
    errors = [e.code for e in error_classes()]
    for title, codes in (
        ("Errors", errors),
        ("Warnings of a plan", list(WARNINGS)),
        ("Losses of a target", list(LOSSES)),
        ("Effective dates of a plan", list(DATES)),
    ):
        yield f"\n## {title}\n"
        for code in codes:
            head, *rest = known[code].splitlines()
            yield f"**{code}**: {_escape(head.removeprefix('a warning of a plan: '))}. {_escape(' '.join(rest))}\n"


# -- targets -----------------------------------------------------------------------------------------------


def targets_page() -> Iterator[str]:
    """Yield the table of all targets."""
    yield "# Targets\n"
    yield (
        "What a plan can be rendered to. `proof` says how we know that the real consumer accepts the file:\n"
        + "; ".join(f"**{name}**: {meaning}" for name, meaning in PROOFS.items())
        + ".\n"
    )
    rows = [
        (f"[{t.name}]({t.name}.md)", _escape(t.title), t.kind, _escape(says(t)), t.proof)
        for t in sorted(built_in.values(), key=lambda t: (t.kind, t.name))
    ]
    yield from _table(("target", "makes", "kind", "can say", "proof"), rows)
    yield "\n```{toctree}\n:hidden:\n"
    yield from built_in
    yield "```"


def target_page(target: type[Target]) -> Iterator[str]:
    """Yield the page of a target: its module's docstring and the declarations of its class."""
    yield f"# {target.name}\n"
    yield f"{_escape(target.title)}. `perimeter365 render {target.name} --profile PROFILE`\n"
    yield f"```text\n{(inspect.getdoc(sys.modules[target.__module__]) or '').replace('```', '')}\n```\n"
    detail = f": {_escape(target.proof_detail)}" if target.proof_detail else ""
    yield from _table(
        ("", ""),
        [
            ("can say", _escape(says(target)) or "nothing of a plan by itself"),
            ("proof", f"{target.proof}{detail}"),
            ("vendor's page", " ".join(f"<{url}>" for url in re.findall(r"https?://[^\s,]+", target.vendor_page))),
        ],
    )
    if target.limits:
        yield "\n## Limits\n"
        rows = [(f"`{k}`", str(v), f"`--limit {target.name}.{k}=N`") for k, v in target.limits.items()]
        yield from _table(("limit", "default", "to change it"), rows)
    if target.options:
        yield "\n## Options\n"
        yield from _table(
            ("option", "meaning", "values", "default"),
            [
                (
                    f"`--option {target.name}.{k}=…`",
                    _escape(o.help),
                    ", ".join(f"`{c}`" for c in o.choices),
                    f"`{o.default}`" if o.default else "",
                )
                for k, o in target.options.items()
            ],
        )


# -- Markdown ----------------------------------------------------------------------------------------------


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for row in (columns, tuple("---" for _ in columns), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _escape(text: str) -> str:
    """Escape text for Markdown, except code in backticks."""
    parts = text.split("`")
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"([\\*_\[\]~#])", r"\\\1", parts[i]).replace("<", "&lt;").replace(">", "&gt;")
    return "`".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
