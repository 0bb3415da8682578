"""`perimeter365 import`: import recorded lists, or compare a recorded page."""

from collections import Counter
from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, Command, declare_group, json_option, pass_settings
from perimeter365.cli._complete import complete_cloud
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_of, open_store
from perimeter365.model.cloud import Cloud
from perimeter365.model.quantity import quantity


@declare_group("import", VERSIONS)
def command() -> None:
    """Import recorded lists, or compare a page.

    Examples:
        perimeter365 import history lists
        perimeter365 import page page.md
    """


@command.command("history", cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--cloud",
    metavar="C",
    callback=cloud_of,
    shell_complete=complete_cloud,
    help="Cloud of files whose folder does not name one. Default: worldwide, for files directly in DIR only.",
)
@json_option
@pass_settings
def history(settings: Settings, folder: Path, cloud: Cloud | None, json: bool) -> None:
    """Store the recorded lists of a folder.

    Imported lists do not come into force.

    Files are named NNN-YYYY-MM-DD.json or YYYYMMDDNN.json; the name of a folder is the web service instance of its
    files. If any file is invalid or of a day in the future, all errors are reported and nothing is stored.

    Examples:
        perimeter365 import history lists
        perimeter365 import history lists/china --cloud china
    """
    from perimeter365.history.load import latest_day, read_recorded_lists

    # before a store is created
    states, skipped = read_recorded_lists(folder, cloud, latest=latest_day())
    clouds = {each.value: count for each, count in sorted(Counter(state.cloud for state in states).items())}
    with open_store(settings, create=True) as store:
        added = store.add(states)
    if json:
        print_json({"read": len(states), "clouds": clouds, "added": added, "skipped": [str(path) for path in skipped]})
        return
    each = ", ".join(f"{count} of {name}" for name, count in clouds.items())
    settings.log(f"{quantity(len(states), 'list')} read ({each}), {added} of them new")
    for path in skipped:
        settings.log(f"skipped: the name of {path} is neither a version nor a date")


@command.command("page", cls=Command)
@click.argument("source", metavar="FILE|URL")
@click.option("--form", type=click.Choice(["markdown", "html", "text"]), help="Format of the page. Default: detected.")
@click.option("--changed", is_flag=True, help="Text with only the rows that differ.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if a row differs, is missing, or contains unreadable text.")
@json_option
@pass_settings
def page(settings: Settings, source: str, form: str | None, changed: bool, exit_code: bool, json: bool) -> int:
    """Compare Microsoft's page with the catalog.

    The page of other endpoints is compared row by row.

    FILE may be `-` for stdin; URL is an https address. The page is Markdown, HTML, or text copied from a browser, in any
    language. Nothing is stored and the catalog is not changed. Any other document is rejected.

    Examples:
        perimeter365 import page page.md
        perimeter365 import page page.html --exit-code --json
    """
    from perimeter365.sources.page.compare import compare_page
    from perimeter365.sources.page.copy import fetch_page
    from perimeter365.sources.page.reader import extract

    copy = fetch_page(source)
    found = extract(copy.body, form, copy.charset)
    rows = compare_page(found, settings.load_catalog())
    strange = [row.flat() for row in found.unknown_rows]
    code = int(exit_code and (bool(strange or found.hidden) or any(row.differs for row in rows.values())))
    if found.hidden:
        settings.log(f"ignored, because it is hidden on the page: {_shown(list(found.hidden))}")
    if json:
        made = {"rows": [row.to_dict() for row in rows.values()], "hash": found.hash, "form": found.form, "strange": strange}
        print_json(made)
        return code
    from perimeter365.show.tables import Table

    missing = [str(number) for number, row in rows.items() if not row.present]
    if not (strange or found.hidden or any(row.differs for row in rows.values())):
        same = sum(len(row.same) for row in rows.values())
        print(f"The page does not differ from the catalog: {quantity(same, 'value')} in {len(rows)} rows.")
        settings.log(f"version of the page: {found.hash}")
        return code
    cells = []
    for row in rows.values():
        if changed and not (row.present and row.differs):
            continue
        counts = (str(len(row.same)), str(len(row.added)), str(len(row.removed)), str(len(row.unreadable)))
        details = [f"+{t}" for t in row.added] + [f"-{t}" for t in row.removed] + [f"?{t}" for t in row.unreadable]
        cells.append((str(row.row), *counts, _shown(details) if row.present else "not on this page"))
    if changed and missing:
        cells.append((f"{len(missing)} rows", "0", "0", "0", "0", f"not on this page: {', '.join(missing)}"))
    cells += [("new", "0", str(len(tokens)), "0", "0", _shown([f"+{t}" for t in tokens])) for tokens in strange]
    columns = ("row", "same", "added", "removed", "unreadable", "")
    settings.print_tables([Table(title=f"The page ({found.form}) against the catalog", columns=columns, rows=tuple(cells))])
    settings.log(f"version of the page: {found.hash}")
    return code


def _shown(details: list[str]) -> str:
    return " ".join(details[:6]) + (f" … and {len(details) - 6} more" if len(details) > 6 else "")
