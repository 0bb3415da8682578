"""`perimeter365 history`: when an address or a name came into a list and when it went."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, cloud_option
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.show.tables import Table
    from perimeter365.store.entries import Interval

NOTHING_FOUND = 1
SHOWN = 20
"""Lines of other values."""


@declare("history", KEEP)
@click.argument("value", metavar="VALUE")
@cloud_option
@json_option
@pass_settings
def command(settings: Settings, value: str, cloud: Cloud | None, json: bool) -> int:
    """Show when an address, host or URL was listed.

    One line for each endpoint set and interval of versions, with a picture.

    `from` is the first version that lists it, `to` the first that does not any more. A value that was never listed by
    itself is answered with the prefixes and patterns that hold it. Without --json, what else holds it, or is a part of
    it, is told besides. Exit code 1 when nothing ever listed or held it as a whole.
    """
    with asked(settings) as store, store.reading():
        related = store.related(value)
        itself, wider, narrower = (_of(cloud, each) for each in (related.exact, related.wider, related.narrower))
        found = itself or wider
        if json:
            print_json([each.to_dict() for each in found])
            return 0 if found else NOTHING_FOUND
        versions = store.versions(cloud)
    settings.tables(_tables(value, itself, wider, narrower))
    if drawn := [*itself, *wider]:
        from perimeter365.history.draw.strips import strips

        width = shutil.get_terminal_size((100, 24)).columns
        print("", *strips(drawn[:SHOWN], versions, width, blocks=settings.draws("█▒·")), sep="\n")
    if not found and narrower:
        settings.say(f"{value} as a whole is in none of the stored versions; parts of it are or were")
    elif not found:
        settings.say(f"{value} is in none of the stored versions")
    elif itself and wider and all(each.until for each in itself) and not all(each.until for each in wider):
        settings.say(f"{value} is not listed by itself any more, but what holds it still is")
    elif not itself:
        settings.say(f"{value} was never listed by itself; this is what holds it")
    return 0 if found else NOTHING_FOUND


def _of(cloud: Cloud | None, found: "Iterable[Interval]") -> "list[Interval]":
    return [each for each in found if cloud in (None, each.cloud)]


def _tables(
    value: str, itself: "Sequence[Interval]", wider: "Sequence[Interval]", narrower: "Sequence[Interval]"
) -> "Iterator[Table]":
    from perimeter365.show.tables import Table

    for title, found in (
        (f"History of {value}", itself),
        (f"What holds {value}", wider),
        (f"Parts of {value}", narrower),
    ):
        rows = [(each.value, each.id, each.since, each.until or "still listed") for each in found]
        more = f" ({SHOWN} of {len(rows)})" if len(rows) > SHOWN else ""
        if rows:
            yield Table(title=f"{title}{more}", columns=("value", "set", "from", "to"), rows=tuple(rows[:SHOWN]))
