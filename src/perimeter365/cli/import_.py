"""`perimeter365 import`: takes in what somebody else has recorded."""

from pathlib import Path

import click

from perimeter365.cli._command import KEEP, Command, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_of, opened
from perimeter365.model.cloud import Cloud


@click.group("import")
def command() -> None:
    """Import recorded lists, or compare a page."""


command.section = KEEP  # type: ignore[attr-defined]


@command.command("history", cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--cloud", metavar="C", callback=cloud_of, help="Of files whose folders name none (default: worldwide).")
@json_option
@pass_settings
def history(settings: Settings, folder: Path, cloud: Cloud | None, json: bool) -> None:
    """Store the recorded lists of a folder.

    None of them comes into force.

    Files are named NNN-YYYY-MM-DD.json or YYYYMMDDNN.json; a folder named as the web service's instance says which cloud
    they are of. When one file is wrong, all mistakes are said and nothing is stored.
    """
    from perimeter365.history.load import read

    states, skipped = read(folder, cloud or Cloud.WORLDWIDE)  # before a store is made for nothing
    with opened(settings, create=True) as store:
        added = store.add(states)
    if json:
        print_json({"read": len(states), "added": added, "skipped": [str(path) for path in skipped]})
        return
    settings.say(f"{len(states)} lists read, {added} of them new")
    for path in skipped:
        settings.say(f"left out: {path} is named neither by a version nor by a day")


@command.command("page", cls=Command)
@click.argument("source", metavar="FILE|URL")
@click.option("--form", type=click.Choice(["markdown", "html", "text"]), help="The form of the page; found out by default.")
@click.option("--exit-code", is_flag=True, help="Exit 1 when a row differs, is missing, or holds something unreadable.")
@json_option
@pass_settings
def page(settings: Settings, source: str, form: str | None, exit_code: bool, json: bool) -> int:
    """Compare Microsoft's page with the catalog.

    The page of other endpoints is compared row by row.

    SOURCE is a file, `-` or an https address; Markdown, HTML or text copied from a browser, in any language. Nothing is
    stored: the catalog is never changed by it. A text that is not the page is refused.
    """
    from perimeter365.sources.page.compare import compare
    from perimeter365.sources.page.copy import fetch
    from perimeter365.sources.page.reader import extract

    copy = fetch(source)
    found = extract(copy.body, form, copy.charset)
    rows = compare(found, settings.load_catalog())
    strange = [row.flat() for row in found.strange]
    code = int(exit_code and (bool(strange or found.hidden) or any(row.differs for row in rows.values())))
    if found.hidden:
        settings.say(f"hidden on the page, so not counted: {_shown(list(found.hidden))}")
    if json:
        made = {"rows": [row.to_dict() for row in rows.values()], "hash": found.hash, "form": found.form, "strange": strange}
        print_json(made)
        return code
    from perimeter365.show.tables import Table

    cells = []
    for row in rows.values():
        counts = (str(len(row.same)), str(len(row.added)), str(len(row.removed)), str(len(row.unreadable)))
        details = [f"+{t}" for t in row.added] + [f"-{t}" for t in row.removed] + [f"?{t}" for t in row.unreadable]
        cells.append((str(row.row), *counts, _shown(details) if row.present else "not on this page"))
    cells += [("new", "0", str(len(tokens)), "0", "0", _shown([f"+{t}" for t in tokens])) for tokens in strange]
    columns = ("row", "same", "added", "removed", "unreadable", "")
    settings.tables([Table(title=f"The page ({found.form}) against the catalog", columns=columns, rows=tuple(cells))])
    settings.say(f"version of the page: {found.hash}")
    return code


def _shown(details: list[str]) -> str:
    return " ".join(details[:6]) + (f" … and {len(details) - 6} more" if len(details) > 6 else "")
