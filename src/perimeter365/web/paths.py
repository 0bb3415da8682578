"""The requests whose answers are published, and the file of each.

    file                                        request
    version.json, version/worldwide-all.json    /version, /version/Worldwide?AllVersions
    endpoints/worldwide.json                    /endpoints/Worldwide
    endpoints/worldwide-exchange-noipv6.csv     /endpoints/Worldwide?ServiceAreas=Exchange&NoIPv6&format=CSV
    endpoints/worldwide-mem.json                /endpoints/Worldwide?ServiceAreas=Exchange,SharePoint,Skype,MEM
    changes/worldwide/2026080200.json           /changes/Worldwide/2026080200
    extended/endpoints/worldwide.json           /extended/endpoints/worldwide
    feeds/dod/text/manifest.json                /feeds/text/manifest.json?cloud=dod
    p/contoso/paloalto-edl/…                    /p/contoso/paloalto-edl/…
    pac/contoso.pac                             /pac/contoso.pac

A file name is the only spelling of a question, so a few hundred files answer all requests of the web service's clients: a
configuration of maps finds the file. The names are paths as well, for object stores that ignore queries. Feeds, /extended
and what belongs to a profile are published for their path alone: their queries have no end.
"""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition, ServedCloud

CLIENT = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"
"""The parameter that the mirror demands, with the GUID of Microsoft's documentation."""

AREAS = ("exchange", "sharepoint", "skype", "mem")
"""The words of ServiceAreas that make a difference, in the order of file names; Common is always included."""


ONLY = "only"
"""Name of the file of a feed that has one list, for the path without a file."""

ENDINGS: Mapping[str, str] = {"text/plain": "txt", "text/csv": "csv", "application/json": "json"}
"""Start of a content type -> the end of such a file's name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedPath:
    """A request, and the file of its answer."""

    file: str
    path: str
    query: str = ""
    fallback: str = ""
    """The file that is used instead if it has the same bytes; it stands before this one."""

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


Ask = Callable[[str, str], Answer | None]
"""Returns the answer to a path and a query; None if the service refuses it."""


def published_paths(edition: Edition, rooms: Container[str], ask: Ask) -> Iterator[PublishedPath]:
    """Yield the requests whose answers are published.

    Args:
        edition: what is served.
        rooms: first segments of the paths that the service has. Others are left out.
        ask: answers the requests of manifests, which name the lists of a feed.
    """
    yield from _mirror(edition)
    if "extended" in rooms:
        yield from _extended(edition, "/extended", ask)
    if "feeds" in rooms:
        for cloud in edition.clouds:
            yield from _feeds(f"feeds/{cloud}", "/feeds", f"cloud={cloud}", ask)
    for name in edition.profiles:
        if "extended" in rooms:
            yield from _extended(edition, f"/p/{name}/extended", ask)
        if "feeds" in rooms:
            yield from _feeds(f"p/{name}", f"/p/{name}", "", ask)
        if "pac" in rooms:
            yield PublishedPath(file=f"pac/{name}.pac", path=f"/pac/{name}.pac")


def area_suffix(words: tuple[str, ...]) -> str:
    """Return the part of a file name for a value of ServiceAreas.

    It is "" for all but MEM, and "-common" for Common alone.
    """
    usual = tuple(word for word in words if word != "mem")
    named = "" if len(usual) == 3 else "".join(f"-{word}" for word in usual) or "-common"
    return f"{named}-mem" if "mem" in words else named


def area_choices() -> Iterator[tuple[str, ...]]:
    """Yield each choice of service areas, those without MEM before those with it."""
    for bits in sorted(product((True, False), repeat=len(AREAS)), key=lambda bits: bits[-1]):
        yield tuple(word for word, chosen in zip(AREAS, bits, strict=True) if chosen)


def instance(served: ServedCloud) -> str:
    """Return the name of a cloud in paths."""
    return (served.cloud.instance or served.cloud.value).lower()


def _mirror(edition: Edition) -> Iterator[PublishedPath]:
    yield from _version("version", "/version")
    for served in edition.clouds.values():
        name = instance(served)
        yield from _version(f"version/{name}", f"/version/{name}")
        for words, v4, form in product(area_choices(), (False, True), ("json", "csv")):
            end = "-noipv6" * v4
            query = [CLIENT]
            if area_suffix(words):
                query.append(f"ServiceAreas={','.join(('common', *words))}")
            query += ["NoIPv6=true"] * v4 + [f"format={form}"] * (form != "json")
            file = f"endpoints/{name}{area_suffix(words)}{end}.{form}"
            without = tuple(word for word in words if word != "mem")
            fallback = "" if without == words else f"endpoints/{name}{area_suffix(without)}{end}.{form}"
            yield PublishedPath(file=file, path=f"/endpoints/{name}", query="&".join(query), fallback=fallback)
        known = served.until(edition.latest(served.cloud)).versions
        for version in ("0000000000", *(each.number for each in known), "9999999999"):
            yield from _changes(name, version, single=version not in ("0000000000", "9999999999"))


def _version(file: str, path: str) -> Iterator[PublishedPath]:
    for every, form in product((False, True), ("json", "csv", "rss")):
        query = "&".join([CLIENT] + ["AllVersions=true"] * every + [f"format={form}"] * (form != "json"))
        yield PublishedPath(file=f"{file}{'-all' * every}.{form}", path=path, query=query)


def _changes(name: str, version: str, *, single: bool) -> Iterator[PublishedPath]:
    for only, form in product((False, True)[: 1 + single], ("json", "csv")):
        query = "&".join([CLIENT] + ["singleVersion=true"] * only + [f"format={form}"] * (form != "json"))
        yield PublishedPath(
            file=f"changes/{name}/{version}{'-single' * only}.{form}", path=f"/changes/{name}/{version}", query=query
        )


def _extended(edition: Edition, base: str, ask: Ask) -> Iterator[PublishedPath]:
    yield PublishedPath(file=f"{base[1:]}/version.json", path=f"{base}/version", query=CLIENT)
    for name in map(instance, edition.clouds.values()):
        every = ask(f"{base}/version/{name}", f"{CLIENT}&AllVersions=true")
        known = json.loads(every.body)["versions"] if every else ()
        places = [f"version/{name}", f"endpoints/{name}"]
        places += [f"changes/{name}/{version}" for version in ("0000000000", *sorted(known))]
        for place in places:
            yield PublishedPath(file=f"{base[1:]}/{place}.json", path=f"{base}/{place}", query=CLIENT)


def _feeds(folder: str, base: str, query: str, ask: Ask) -> Iterator[PublishedPath]:
    found = ask(f"{base}/manifest.json", query)
    if found is None:
        return
    yield PublishedPath(file=f"{folder}/manifest.json", path=f"{base}/manifest.json", query=query)
    for target in json.loads(found.body)["targets"]:
        name = target["target"]
        lists = [each["name"] for each in target["files"]]
        for file in ("manifest.json", *lists):
            yield PublishedPath(file=f"{folder}/{name}/{file}", path=f"{base}/{name}/{file}", query=query)
        only = ask(f"{base}/{name}", query)
        if only and (end := _ending(only.type)) and lists:
            # a path without a file: the only list, or the manifest
            yield PublishedPath(
                file=f"{folder}/{name}/{ONLY}.{end}",
                path=f"{base}/{name}",
                query=query,
                fallback=f"{folder}/{name}/manifest.json",
            )


def _ending(type: str) -> str:
    return next((end for start, end in ENDINGS.items() if type.startswith(start)), "")
