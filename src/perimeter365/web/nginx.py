r"""The configuration of nginx that serves a published folder.

It maps requests to files, without code.

>>> digit_ranges("2026080201", "2026110099")[:3]
('202608020[1-9]', '20260802[1-9]\\d{1}', '2026080[3-9]\\d{2}')

    nginx.conf             maps: include it in `http`
    nginx-server.conf      locations: include it in a `server`

A parameter is found in any case, bare or with a value, in any place; of several, the first one counts, as in the service.
Requests that the service refuses get its status and text. /changes of a number that was never a version gets the changes
since the version before it: for this, nginx.conf has the published versions as ranges of numbers.

Source: https://nginx.org/en/docs/http/ngx_http_map_module.html
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from perimeter365.errors import OutputError
from perimeter365.model.cloud import CLOUDS
from perimeter365.web import feed_files
from perimeter365.web.answer import SMALL
from perimeter365.web.edition import Edition
from perimeter365.web.mirror_query import MORE_INSTANCES
from perimeter365.web.paths import AREAS, CLIENT, area_choices, area_suffix, instance
from perimeter365.web.request import MAX_PAIRS, MAX_PATH, MAX_QUERY, RefusedError, Request
from perimeter365.web.room import Room

if TYPE_CHECKING:
    from jinja2 import Environment

MAPS, LOCATIONS = "nginx.conf", "nginx-server.conf"

TYPES: Mapping[str, str] = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}
"""End of a file name -> content type."""

FEED_TYPES: Mapping[str, str] = feed_files.TYPES
"""The same for lists; all others are text."""

PAC_TYPE = "application/x-ns-proxy-autoconfig"

TENANT = 27
"""The maximum length of the name of a tenant under onmicrosoft.com. A longer one is filled in as it was written."""

NOTHING = "There is nothing here."
METHOD = "Only GET and HEAD are possible here."

SPACE = r"(?:%20|\+)*"
_HEX = r"[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-|[0-9a-f]{12})[0-9a-f]{12}"
_GUID = rf"(?:{_HEX}|(?:\{{|%7b){_HEX}(?:\}}|%7d)|(?:\(|%28){_HEX}(?:\)|%29))"
_ON, _OFF = "(?:true|yes|on|1)?", "(?:false|no|off|0)"


def configurations(folder: Path, edition: Edition, rooms: Mapping[str, Room[Any]]) -> Mapping[str, bytes]:
    """Return the configuration files of a published folder.

    Args:
        folder: the folder, with its absolute path.
        edition: what is published.
        rooms: they give the texts of refusals.

    Raises:
        OutputError: the path of the folder cannot stand in a configuration.
    """
    if not str(folder).isprintable() or any(char in str(folder) for char in "\"\\$'{};"):
        raise OutputError(f"{str(folder)!r} cannot stand in a configuration of nginx", help="choose another path")
    values = {
        "folder": str(folder),
        "small": SMALL,
        "max_age": edition.max_age,
        "max_path": MAX_PATH + 1,
        "max_query": MAX_QUERY + 1,
        "max_pairs": MAX_PAIRS,
        "types": TYPES,
        "prefix": r"(?:/extended|/p/[^/]+/extended)?",
        "instances": dict(_instances(edition)),
        "clouds": {str(cloud): "|".join(sorted({str(cloud), cloud.instance.lower()} - {""})) for cloud in edition.clouds},
        "wpad": _wpad(edition),
        "listed": not edition.profiles,
        "tenant_length": TENANT,
        "letters": ascii_lowercase,
        "feed_types": FEED_TYPES,
        "pac_type": PAC_TYPE,
        "area_bits": _area_bits(),
        "since": tuple(_since(edition)),
        "texts": {name: _quoted(text) for name, text in _texts(edition, rooms).items()},
        "tenants": {"autodiscover.*.onmicrosoft.com": "autodiscover.$m365_tenant.onmicrosoft.com"},
        "guid": _GUID,
        "space": SPACE,
        "on": _ON,
        "off": _OFF,
        "first": first,
        "area_words": "|".join(("common", *AREAS, "any", "all")),
        "AREAS": AREAS,
    }
    templates = _environment()
    return {name: templates.get_template(f"web/{name}.j2").render(**values).encode("utf-8") for name in (MAPS, LOCATIONS)}


def first(name: str) -> str:
    """Return the pattern of a query up to the first parameter with a name.

    Its value is not part of it.
    """
    return rf"^(?:(?!{name}(?:=|&|$))[^&]*&)*{name}"


def digit_ranges(low: str, high: str) -> tuple[str, ...]:
    """Return the patterns of the numbers from `low` to `high`.

    Both have the same number of digits.
    """
    if low == high:
        return (low,)
    rest = len(low) - 1
    if not low.strip("0") and not high.strip("9"):
        return (rf"\d{{{len(low)}}}",)
    if low[0] == high[0]:
        return tuple(low[0] + each for each in digit_ranges(low[1:], high[1:]))
    start, end, made = int(low[0]), int(high[0]), []
    if low[1:].strip("0"):
        made += [low[0] + each for each in digit_ranges(low[1:], "9" * rest)]
        start += 1
    last = []
    if high[1:].strip("9"):
        last = [high[0] + each for each in digit_ranges("0" * rest, high[1:])]
        end -= 1
    if start <= end:
        made.append((f"[{start}-{end}]" if start < end else str(start)) + (rf"\d{{{rest}}}" if rest else ""))
    return (*made, *last)


def _instances(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the name of each instance, and the pattern of the words for it.

    Clouds that have no list yet have one, too.
    """
    names = dict.fromkeys([*(cloud.folder.lower() for cloud in CLOUDS), *map(instance, edition.clouds.values())])
    for name in names:
        yield name, "|".join([name, *(other for other, meant in MORE_INSTANCES.items() if meant == name)])


def _wpad(edition: Edition) -> Mapping[str, str]:
    """Return the profile of /wpad.dat for each mail domain that one profile has."""
    found: dict[str, list[str]] = {}
    for name, profile in edition.profiles.items():
        for domain in profile.email_domains:
            found.setdefault(str(domain).lower(), []).append(name)
    return {domain: names[0] for domain, names in sorted(found.items()) if len(names) == 1}


def _area_bits() -> Mapping[str, str]:
    return {"".join(str(int(word in words)) for word in AREAS): area_suffix(words) for words in area_choices()}


def _since(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Yield instance, pattern of numbers, and a version.

    The numbers are not versions; they get the changes of that version.
    """
    for served in edition.clouds.values():
        known = [str(each.number) for each in served.until(edition.latest(served.cloud)).versions]
        marks = ["0000000000", *known]
        for version, after in zip(marks, [*known, "9999999999"], strict=True):
            low, high = f"{int(version) + 1:010}", f"{int(after) - 1:010}"
            if low <= high:
                yield instance(served), "|".join(digit_ranges(low, high)), version


def _texts(edition: Edition, rooms: Mapping[str, Room[Any]]) -> Mapping[str, str]:
    """Return the texts of refusals, as the rooms say them."""

    def ask(path: str, query: str = CLIENT) -> str:
        request = Request(path=path, query=query)
        room = rooms[request.parts[0]]
        try:
            room.answer(room.read(request), edition)
        except RefusedError as refused:
            return refused.text
        raise AssertionError(f"{path}?{query} is not refused")

    return {
        "nothing": NOTHING,
        "method": METHOD,
        "long": f"The path is limited to {MAX_PATH} bytes, the query to {MAX_QUERY}.",
        "path": "The path is not valid.",
        "alone": "This folder has the answer without further parameters alone.",
        "selection": "This folder has the lists of a cloud (?cloud=NAME), and of a profile without a query.",
        "shape": ask("/version/a/b"),
        "pairs": ask("/version", "a&" * MAX_PAIRS),
        "version_client": ask("/version", ""),
        "client": ask("/endpoints/worldwide", ""),
        "instance": ask("/endpoints/not-an-instance"),
        "number": ask("/changes/worldwide/1"),
        "version_form": ask("/version", f"{CLIENT}&format=x"),
        "form": ask("/endpoints/worldwide", f"{CLIENT}&format=x"),
        "areas": ask("/endpoints/worldwide", f"{CLIENT}&serviceareas=x"),
        "every": ask("/version", f"{CLIENT}&allversions=x"),
        "v6": ask("/endpoints/worldwide", f"{CLIENT}&noipv6=x"),
        "tenant": ask("/endpoints/worldwide", f"{CLIENT}&tenantname=."),
        "only": ask("/changes/worldwide/0000000000", f"{CLIENT}&singleversion=x"),
    }


def _quoted(text: str) -> str:
    """Return a line of text as a string of nginx, which cannot contain a dollar sign."""
    if "$" in text or not text.isprintable():
        raise ValueError(f"{text!r} cannot stand in a configuration of nginx")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}\\n"'


@cache
def _environment() -> "Environment":
    """Return the environment of configurations.

    Unlike that of pages, it escapes nothing: all values are checked before.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(  # noqa: S701
        loader=PackageLoader("perimeter365", "."),
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
