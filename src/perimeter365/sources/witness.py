"""The embedded witness of Microsoft's address space, or a newer one of a store.

    witness = embedded_witness()
    witness.day, "52.96.0.0/14" in witness.space(Cloud.WORLDWIDE)
        (datetime.date(2026, 8, 6), True)

`facts/witness.json` has one source of Microsoft, or one prefix of an operator, in each line (`tasks/witness.py` writes it):

    {"kind": "PublicIPs", "name": "MSFT_PublicIPs_20260806.csv", "day": "2026-08-06", "own": "4.128.0.0/9 ..."}
    {"cloud": "france", "prefix": "86.232.96.0/19", "first": "2025-08-21", "document": "https://...", "confidence": "medium"}

A sync that has places of newer files (`follow.refresh`) keeps their sources in a note of the store, in the same form. Of
each kind the newest source counts, never two together: space that Microsoft gave away has to leave. So a store that is older
than the package never makes the witness older.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from perimeter365.errors import CatalogError, StoreError, UpstreamDataError
from perimeter365.intake import read_text
from perimeter365.model.cloud import Cloud
from perimeter365.model.day import parse_day
from perimeter365.model.decode import decode, fields, many, natural, optional, or_none, parse_json, parsed, string
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.witness import PUBLIC, AddressSource, AddressWitness, OperatorPrefix
from perimeter365.sources.embedded import FACTS, LARGEST
from perimeter365.sources.public_ips import parse_public_ips
from perimeter365.sources.service_tags import DATACENTERS, is_relevant, parse_service_tags

if TYPE_CHECKING:
    from perimeter365.store.reader import Reader

NOTE = "witness"
"""The note of a store with the newer sources: a JSON list of them."""

# Matches "MSFT_PublicIPs_20260806.csv" and "ServiceTags_Public_20251117.json", not "20260806" or "x_2026080600.json".
_NAMED = re.compile(r"[A-Za-z0-9_.-]*_([0-9]{4})([0-9]{2})([0-9]{2})\.(?:csv|json)", re.ASCII)


@cache
def embedded_witness() -> AddressWitness:
    """Return the embedded witness. It is read once in a process."""
    return read_witness(read_text(FACTS / "witness.json", most=LARGEST, kind=CatalogError))


def read_witness(text: str) -> AddressWitness:
    """Read the text of `facts/witness.json`. Raises CatalogError with the place."""
    return decode("witness.json", _witness, parse_json(text), CatalogError)


def witness_of(store: "Reader | None") -> AddressWitness:
    """Return the newest source of each kind, of the package or the store.

    Raises:
        StoreError: the store cannot be read, or its sources are damaged.
    """
    found = embedded_witness()
    for source in stored_sources(store) if store else ():
        known = found.source(source.kind)
        if known is None or (source.day, source.change) > (known.day, known.change):
            found = found.with_source(source)
    return found


def stored_sources(store: "Reader") -> tuple[AddressSource, ...]:
    """Return the sources in a store. Raises StoreError."""
    text = store.note(NOTE)
    try:
        return decode(f"the note {NOTE!r}", lambda value: many(_source)(parse_json(value)), text, StoreError) if text else ()
    except StoreError as error:
        error.help = "`perimeter365 sync --witness FILE` writes it again"
        raise


def file_day(name: str) -> date | None:
    """Return the day in the name of a file of Microsoft, or None.

    >>> file_day("ServiceTags_Public_20251117.json"), file_day("ServiceTags_Public.json")
    (datetime.date(2025, 11, 17), None)
    """
    found = _NAMED.fullmatch(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def parse_source(data: bytes, name: str, day: date) -> AddressSource:
    """Parse the public ranges (CSV) or service tags (JSON) of Microsoft.

    Args:
        data: the file. Text that begins with `{` is JSON.
        name: the name of the file.
        day: the day on which it was published.

    Raises:
        UpstreamError: the file is not valid; the message has the place.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        found = parse_service_tags(data)
        everything = own = datacenters = PrefixSet()
        for tag, space in found.tags.items():
            everything |= space
            if tag == DATACENTERS:
                datacenters = space
            elif is_relevant(tag):
                own |= space
        own |= everything - datacenters
        return AddressSource(kind=found.cloud, name=name, day=day, change=found.change, own=own, datacenters=datacenters)
    try:
        return AddressSource(kind=PUBLIC, name=name, day=day, own=parse_public_ips(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise UpstreamDataError(f"the file is not UTF-8 at byte {error.start}") from error


def to_text(sources: Iterable[AddressSource]) -> str:
    """Return the note with these sources."""
    return json.dumps([source_dict(source) for source in sources])


def to_json(witness: AddressWitness) -> str:
    """Return the text of `facts/witness.json`."""
    lists = {
        "sources": [source_dict(source) for source in witness.sources],
        "operators": [operator_dict(each) for each in witness.operators],
    }
    lines = {key: ",\n  ".join(map(json.dumps, items)) for key, items in lists.items()}
    return "{\n" + ",\n".join(f' "{key}": [\n  {text}\n ]' for key, text in lines.items()) + "\n}\n"


def source_dict(source: AddressSource) -> Mapping[str, Any]:
    """Return a source as an object of the file."""
    texts = {key: " ".join(map(str, getattr(source, key))) for key in ("own", "datacenters")}
    made = {"kind": source.kind, "name": source.name, "day": source.day.isoformat(), "change": source.change, **texts}
    return {key: value for key, value in made.items() if value}


def operator_dict(each: OperatorPrefix) -> Mapping[str, Any]:
    """Return a prefix of an operator as an object of the file."""
    days = {"first": each.first.isoformat(), "gone": each.gone.isoformat() if each.gone else None}
    made = {"cloud": each.cloud.value, "prefix": str(each.prefix), **days}
    return {k: v for k, v in (made | {"document": each.document, "confidence": each.confidence}).items() if v}


def _witness(value: object) -> AddressWitness:
    return AddressWitness(**fields(value, sources=many(_source), operators=many(_operator)))


def _source(value: object) -> AddressSource:
    return AddressSource(
        **fields(
            value,
            kind=string,
            name=string,
            day=_day,
            change=optional(natural, 0),
            own=optional(_prefixes, PrefixSet()),
            datacenters=optional(_prefixes, PrefixSet()),
        )
    )


def _operator(value: object) -> OperatorPrefix:
    return OperatorPrefix(
        **fields(
            value,
            cloud=parsed(Cloud.named),
            prefix=parsed(Prefix.parse),
            first=_day,
            gone=optional(or_none(_day), None),
            document=string,
            confidence=string,
        )
    )


def _prefixes(value: object) -> PrefixSet:
    return PrefixSet.parse(string(value).split())


def _day(value: object) -> date:
    return parse_day(string(value))
