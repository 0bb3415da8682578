"""Why a value is in no endpoint set and no row: what comes near it, and what would have to be different.

Only hints are given, each with the entry that it rests on; whether an address belongs to Microsoft at all is nothing
that the catalog knows.
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Protocol

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.ids import in_set
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.query import Entry, Query, miss
from perimeter365.model.special import NOT_PUBLIC

NEAR = {4: 1 << 16, 6: 1 << 96}
"""A listed prefix is near when at most so many addresses lie between, by family: a /16, a /32."""

MICROSOFT = (
    "appcenter.ms", "azure-api.net", "azure.com", "azurefd.net", "bing.com", "bing.net", "cortana.ai", "dynamics.com",
    "github.com", "linkedin.com", "live.com", "microsoft.com", "microsoftonline.com", "microsoftpersonalcontent.com",
    "minecraft.net", "msedge.net", "msn.com", "nuget.org", "onenote.com", "outlook.com", "powerapps.com", "powerbi.com",
    "s-microsoft.com", "skype.com", "trafficmanager.net", "visualstudio.com", "vo.msecnd.net", "windows.com",
    "windows.net", "windowsupdate.com", "xbox.com", "xboxlive.com",
)  # fmt: skip
"""Domains that people know as Microsoft's; names under them come up in logs without being part of Microsoft 365."""


class Held(Protocol):
    """An entry that holds a value, and by which of its names or prefixes."""

    entry: Entry
    matched: str


class Known(Protocol):
    """What `model.lookup.Index` can be asked."""

    def covering(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Held]:
        """Entries that hold all of a value."""

    def overlapping(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Held]:
        """Entries that hold a part of it."""

    def addresses(self, clouds: Collection[str] = ()) -> Iterator[tuple[Entry, list[PrefixSet]]]:
        """Entries with addresses."""

    def names(self, clouds: Collection[str] = ()) -> dict[str, list[Entry]]:
        """Every pattern, with its entries."""


def notes_on(index: Known, query: Query, clouds: Collection[str] = ()) -> list[str]:
    """Sentences that say why nothing in the chosen clouds holds a value, nearest reason first."""
    notes = [f"{_name(e)} has {m} {why}" for e, m, why in _near_misses(index, query, clouds)]
    if clouds:
        elsewhere = [m.entry for m in index.covering(query) if m.entry.cloud not in clouds and not miss(m.entry, query)]
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


def _near_misses(index: Known, query: Query, clouds: Collection[str]) -> Iterator[tuple[Entry, str, str]]:
    for match in index.covering(query, clouds):
        if why := miss(match.entry, query):
            yield match.entry, match.matched, why


def _near_prefix(index: Known, prefix: Prefix, clouds: Collection[str]) -> Iterator[str]:
    for what, space in NOT_PUBLIC.items():
        if prefix in space:
            yield f"it is {what}, which nobody's service on the internet has"
            return
    best: tuple[int, Prefix, Entry] | None = None
    for entry, sets in index.addresses(clouds):
        for listed in (p for s in sets for p in s.prefixes(prefix.family)):
            distance = max(listed.first - prefix.last, prefix.first - listed.last)
            if distance > 0 and (best is None or distance < best[0]):
                best = (distance, listed, entry)
    if best is not None:
        distance, listed, entry = best
        if distance <= NEAR[prefix.family]:
            where = "begins above it" if listed.first > prefix.last else "ends below it"
            yield f"the nearest listed prefix, {listed} ({_name(entry)}), {where}"


def _near_host(index: Known, host: HostPattern, clouds: Collection[str]) -> Iterator[str]:
    names = index.names(clouds)
    if entries := names.get(f"*.{host.text}"):
        yield f"*.{host.text} ({_names(entries)}) stands for the names under it, not for {host.text} itself"
        return
    if host.kind != EXACT:
        inside = [text for text in names if host.matches(text)]
        if inside:
            yield f"it is wider than what is listed under it: {_some(inside)}"
            return
    labels = host.apex.removeprefix("*").split(".")
    listed = [HostPattern(text) for text in names if "<" not in text]
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if domain.count(".") == 1 and len(domain.partition(".")[0]) <= 3 and len(labels[-1]) == 2:
            break  # com.cn, co.uk: sold to anyone
        under = [p.text for p in listed if p.text == domain or p.text.endswith(f".{domain}")]
        if under:
            wide = [p for p in under if HostPattern(p).kind == SUFFIX]
            yield f"under {domain} the catalog lists other names: {_some(wide + [p for p in under if p not in wide])}"
            break
    else:
        if domain := next((d for d in MICROSOFT if host.text == d or host.text.endswith(f".{d}")), ""):
            yield f"{domain} is a domain of Microsoft's, but the catalog lists no name under it"
    if close := get_close_matches(host.text, [p.text for p in listed if p.kind == EXACT], n=1, cutoff=0.85):
        yield f"the listed name that is spelled most alike: {close[0]} ({_names(names[close[0]])})"


def _name(entry: Entry) -> str:
    return entry.id if in_set(entry.id) else f"{entry.id} ({entry.cloud})"


def _names(entries: list[Entry]) -> str:
    return _name(entries[0]) + (" and others" if len(entries) > 1 else "")


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
