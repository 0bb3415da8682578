"""Notes on values without a match: near misses and similar names.

Notes are hints, each with the entry that it is based on. The catalog does not know all addresses of Microsoft.
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Protocol

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.ids import in_set
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet
from perimeter365.model.query import IndexEntry, Query, mismatch
from perimeter365.model.special import NOT_PUBLIC

NEAR = {4: 1 << 16, 6: 1 << 96}
"""The largest distance of a near prefix in addresses, by family: a /16, a /32."""

MICROSOFT = (
    "appcenter.ms", "azure-api.net", "azure.com", "azurefd.net", "bing.com", "bing.net", "cortana.ai", "dynamics.com",
    "github.com", "linkedin.com", "live.com", "microsoft.com", "microsoftonline.com", "microsoftpersonalcontent.com",
    "minecraft.net", "msedge.net", "msn.com", "nuget.org", "onenote.com", "outlook.com", "powerapps.com", "powerbi.com",
    "s-microsoft.com", "skype.com", "trafficmanager.net", "visualstudio.com", "vo.msecnd.net", "windows.com",
    "windows.net", "windowsupdate.com", "xbox.com", "xboxlive.com",
)  # fmt: skip
"""Well-known domains of Microsoft. Not all names under them belong to Microsoft 365."""


class EntryMatch(Protocol):
    """An entry that contains a value, with the matching name or prefix."""

    entry: IndexEntry
    matched: str


class AddressSegment(Protocol):
    """Addresses that are in the same entries."""

    near: list[tuple[Prefix, IndexEntry]] | None


class EntryIndex(Protocol):
    """The part of `model.lookup.Index` that notes need."""

    def covering(self, query: Query, clouds: Collection[str] = ()) -> Iterator[EntryMatch]:
        """Yield the entries that contain a value."""

    def overlapping(self, query: Query, clouds: Collection[str] = ()) -> Iterator[EntryMatch]:
        """Yield the entries that contain a part of a value."""

    def segment(self, prefix: Prefix, clouds: Collection[str] = ()) -> AddressSegment:
        """Return the segment of an address."""

    def addresses(self, clouds: Collection[str] = ()) -> Iterator[tuple[IndexEntry, list[PrefixSet]]]:
        """Yield the entries with addresses."""

    def names(self, clouds: Collection[str] = ()) -> dict[str, list[IndexEntry]]:
        """Return each pattern with its entries."""


def notes_on(index: EntryIndex, query: Query, clouds: Collection[str] = ()) -> list[str]:
    """Return notes on why no entry contains a value, most likely reason first."""
    notes = [f"{_name(e)} has {m} {why}" for e, m, why in _near_misses(index, query, clouds)]
    if clouds:
        elsewhere = [m.entry for m in index.covering(query) if m.entry.cloud not in clouds and not mismatch(m.entry, query)]
        if elsewhere:
            notes.append(f"other clouds have it: {_names(elsewhere)}")
    if notes:
        return notes
    if query.prefix is not None:
        if not any(index.overlapping(query, clouds)):
            notes += _near_prefix(index, query.prefix, clouds)
    elif query.host is not None:
        notes += _near_host(index, query.host, clouds)
    return notes


def _near_misses(index: EntryIndex, query: Query, clouds: Collection[str]) -> Iterator[tuple[IndexEntry, str, str]]:
    for match in index.covering(query, clouds):
        if why := mismatch(match.entry, query):
            yield match.entry, match.matched, why


def _near_prefix(index: EntryIndex, prefix: Prefix, clouds: Collection[str]) -> Iterator[str]:
    for what, space in NOT_PUBLIC.items():
        if prefix in space:
            yield f"it is {what}, which no service on the internet uses"
            return
    segment = index.segment(prefix, clouds)
    if segment.near is None:
        segment.near = _neighbors(index, prefix, clouds)
    near = [(max(p.first - prefix.last, prefix.first - p.last), p, entry) for p, entry in segment.near]
    if near:
        distance, listed, entry = min(near, key=lambda found: found[0])
        if distance <= NEAR[prefix.family]:
            where = "begins above it" if listed.first > prefix.last else "ends below it"
            yield f"the nearest listed prefix, {listed} ({_name(entry)}), {where}"


def _neighbors(index: EntryIndex, prefix: Prefix, clouds: Collection[str]) -> list[tuple[Prefix, IndexEntry]]:
    """Return the nearest listed prefixes below and above an unlisted one.

    Of several entries with the prefix, the first of the catalog is returned.
    """
    width = WIDTH[prefix.family]
    low, high = 0, 1 << width
    found: dict[bool, tuple[Prefix, IndexEntry]] = {}
    for entry, sets in index.addresses(clouds):
        for each in sets:
            start, stop = each.gap(prefix)
            if start > low and (below := each.covering(Prefix(prefix.family, start - 1, width))):
                low, found[False] = start, (below, entry)
            if stop < high and (above := each.covering(Prefix(prefix.family, stop, width))):
                high, found[True] = stop, (above, entry)
    return [found[side] for side in sorted(found)]


def _near_host(index: EntryIndex, host: HostPattern, clouds: Collection[str]) -> Iterator[str]:
    names = index.names(clouds)
    if entries := names.get(f"*.{host.text}"):
        yield f"*.{host.text} ({_names(entries)}) matches the names under {host.text}, not {host.text} itself"
        return
    if host.kind != EXACT:
        inside = [text for text in names if host.matches(text)]
        if inside:
            yield f"it is wider than the names listed under it: {_some(inside)}"
            return
    labels = host.apex.removeprefix("*").split(".")
    listed = [HostPattern(text) for text in names if "<" not in text]
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if domain.count(".") == 1 and len(domain.partition(".")[0]) <= 3 and len(labels[-1]) == 2:
            break  # com.cn, co.uk: anyone can register a name there
        under = [p.text for p in listed if p.text == domain or p.text.endswith(f".{domain}")]
        if under:
            wide = [p for p in under if HostPattern(p).kind == SUFFIX]
            yield f"under {domain} the catalog lists other names: {_some(wide + [p for p in under if p not in wide])}"
            break
    else:
        if domain := next((d for d in MICROSOFT if host.text == d or host.text.endswith(f".{d}")), ""):
            yield f"{domain} is a domain of Microsoft, but the catalog lists no name under it"
    if close := get_close_matches(host.text, [p.text for p in listed if p.kind == EXACT], n=1, cutoff=0.85):
        yield f"the listed name with the most similar spelling: {close[0]} ({_names(names[close[0]])})"


def _name(entry: IndexEntry) -> str:
    return entry.id if in_set(entry.id) else f"{entry.id} ({entry.cloud})"


def _names(entries: list[IndexEntry]) -> str:
    return _name(entries[0]) + (" and others" if len(entries) > 1 else "")


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
