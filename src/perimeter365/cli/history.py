"""`perimeter365 history`: when an address or host name was added and removed."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.show.tables import Table
    from perimeter365.store.entries import Interval

NOTHING_FOUND = 1
MAX_ROWS = 20
"""Rows of each table, and lines of the drawing."""


@declare("history", VERSIONS)
@click.argument("value", metavar="VALUE")
@cloud_option
@json_option
@pass_settings
def command(settings: Settings, value: str, cloud: Cloud | None, json: bool) -> int:
    """Show when an address, host or URL was listed.

    Print one line per endpoint set and interval of versions, and a timeline.

    `from` is the first version that lists the value, `to` the first later version that does not. For a value that was
    never listed itself, print the prefixes and patterns that contain it. Without --json, also print other entries that
    contain the value or are part of it. Exit code 1 if no entry ever contained the whole value.

    Examples:
        perimeter365 history 52.112.0.0/14
        perimeter365 history outlook.office.com --cloud worldwide
    """
    with open_reader(settings) as store, store.reading():
        related = store.related(value)
        itself, wider, narrower = (_of(cloud, each) for each in (related.exact, related.wider, related.narrower))
        found = itself or wider
        if json:
            print_json([each.to_dict() for each in found])
            return 0 if found else NOTHING_FOUND
        versions = store.versions(cloud)
    settings.print_tables(_tables(value, itself, wider, narrower))
    if drawn := [*itself, *wider]:
        from perimeter365.history.draw.strips import strips

        width = shutil.get_terminal_size((100, 24)).columns
        print("", *strips(drawn[:MAX_ROWS], versions, width, blocks=settings.can_print("█▒·")), sep="\n")
    if not found and narrower:
        settings.log(f"no stored version contains the whole of {value}, but parts of it are or were listed")
    elif not found:
        settings.log(f"no stored version contains {value}")
    elif itself and wider and all(each.until for each in itself) and not all(each.until for each in wider):
        settings.log(f"{value} itself is no longer listed, but an entry that contains it still is")
    elif not itself:
        settings.log(f"{value} itself was never listed; the entries above contain it")
    return 0 if found else NOTHING_FOUND


def _of(cloud: Cloud | None, found: "Iterable[Interval]") -> "list[Interval]":
    return [each for each in found if cloud in (None, each.cloud)]


def _tables(
    value: str, itself: "Sequence[Interval]", wider: "Sequence[Interval]", narrower: "Sequence[Interval]"
) -> "Iterator[Table]":
    from perimeter365.show.tables import Table

    for title, found in (
        (f"History of {value}", itself),
        (f"Entries that contain {value}", wider),
        (f"Parts of {value}", narrower),
    ):
        rows = [(each.value, each.id, each.since, each.until or "still listed") for each in found]
        more = f" ({MAX_ROWS} of {len(rows)})" if len(rows) > MAX_ROWS else ""
        if rows:
            yield Table(title=f"{title}{more}", columns=("value", "set", "from", "to"), rows=tuple(rows[:MAX_ROWS]))
