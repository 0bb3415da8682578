"""Replace embedded lists with the lists in force of a store.

They are replaced in a catalog and in the index of `lookup`.

    overlay(embedded(), (head.read() for head in heads())).versions[Cloud.WORLDWIDE].origin
        'live'

    >>> from perimeter365.sources.embedded import embedded
    >>> overlay(embedded(), ()) == embedded()
    True

Rows and DNS records stay, and so do the sets with synthetic numbers (Intune's, from pages of their own). A list in force
with sets of that service area adds them: the web service's are known to be incomplete.
"""

import json
from collections.abc import Iterable

from perimeter365.errors import StoreError
from perimeter365.model.ids import SYNTHETIC_ID, in_set, set_id, set_number

TYPE_CHECKING = False  # type checkers treat it as true; importing `typing` would double the start-up time of `lookup`
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from perimeter365.model.catalog import Catalog
    from perimeter365.model.effective import SetDates
    from perimeter365.model.state import State
    from perimeter365.store.heads import CloudList, Head


def overlay(catalog: "Catalog", lists: "Iterable[CloudList]", dates: "Mapping[str, SetDates] | None" = None) -> "Catalog":
    """Return a catalog with its lists replaced by the given ones.

    Sets with a synthetic number stay.

    Args:
        catalog: the catalog.
        lists: the lists, at most one per cloud; () returns an equal catalog.
        dates: effective dates of entries of these lists.
    """
    from perimeter365.model.catalog import Catalog

    sets, versions, known = dict(catalog.sets), dict(catalog.versions), dict(catalog.provenance)
    for cloud, version, new in lists:
        numbers = {s.id for s in new}
        synthetic = tuple(s for s in catalog.sets.get(cloud, ()) if s.id >= SYNTHETIC_ID and s.id not in numbers)
        sets[cloud] = (*new, *synthetic)
        versions[cloud] = version
        if old := known.pop(cloud, None):
            known[cloud] = old.for_sets({s.id for s in synthetic})
    return Catalog(sets=sets, versions=versions, rows=catalog.rows, dns=catalog.dns, dates=dates or {}, provenance=known)


def with_states(catalog: "Catalog", states: "Iterable[State]", dates: "Mapping[str, SetDates] | None" = None) -> "Catalog":
    """Return a catalog with its lists replaced by those of states.

    There is at most one state per cloud; `dates` is as in `overlay`.
    """
    from perimeter365.model.catalog import CatalogVersion

    lists = ((s.cloud, CatalogVersion(version=s.version, origin=s.origin), s.sets) for s in states)
    return overlay(catalog, lists, dates)


def overlay_index(data: "dict[str, Any]", found: "Iterable[Head]") -> "dict[str, Any]":
    """Return a compiled catalog with its lists replaced by those in force.

    Raises StoreError if a list has another form.

    `model.compiled.compile_catalog` makes compiled catalogs. This function does not load the classes of the catalog.
    """
    entries: list[dict[str, Any]] = data["entries"]
    versions = dict(data["versions"])
    remarks: list[dict[str, Any]] = data["remarks"]
    seen: dict[str, str] = {}
    for head in found:
        try:
            made = [_entry(head.cloud, item) for item in json.loads(head.body)["sets"]]
            numbers = {int(set_number(entry["id"])) for entry in made}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise StoreError(f"the store is damaged: the list of {head.cloud} {head.version}: {error}") from None
        versions[head.cloud] = head.version
        seen |= {head.cloud: head.seen} if head.seen else {}
        entries = [
            entry
            for entry in entries
            if not (in_set(entry["id"]) and entry["cloud"] == head.cloud)
            or (set_number(entry["id"]) >= SYNTHETIC_ID and set_number(entry["id"]) not in numbers)
        ]
        entries = made + entries
        remarks = [remark for remark in remarks if remark["cloud"] != head.cloud]
    return {"versions": versions, "entries": entries, "remarks": remarks, **({"seen": seen} if seen else {})}


def _entry(cloud: str, item: "dict[str, Any]") -> "dict[str, Any]":
    facts = {
        "direction": "outbound",
        "category": _text(item["category"]),
        "tcp": _text(item["tcp"]),
        "udp": _text(item["udp"]),
        "hosts": [_text(host) for host in item["hosts"]],
        "prefixes": [_text(prefix) for prefix in item["prefixes"]],
    }
    made = {"id": set_id(cloud, item["id"]), "cloud": cloud, "scenario": _text(item["area"]), "as": "destination"}
    return {**made, **{key: value for key, value in facts.items() if value}}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a text")
    return value
