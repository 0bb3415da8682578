"""The mirror of Microsoft's web service: /version, /endpoints and /changes.

    GET /version/worldwide?AllVersions&format=RSS&ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7

/version, /changes and the feed end with the announced version (`Edition.latest`); /endpoints serves the list in
force. `mirror_query` describes the requests.

Intune's sets are served only if MEM is asked for. They are those of the package, which the web service does not list, under
their numbers from 9000 on, which Microsoft does not use. A set of which NoIPv6 leaves nothing is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import INNER, HostPattern
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.prefix import PrefixSet
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition, ServedCloud, modified
from perimeter365.web.mirror_query import (
    ChangesQuestion,
    EndpointsQuestion,
    Form,
    MirrorQuestion,
    VersionQuestion,
    read_question,
    unknown_instance,
)
from perimeter365.web.request import Request
from perimeter365.wire import csv_lists, rss, write

TYPES: Mapping[Form, str] = {
    "JSON": "application/json; charset=utf-8",
    "CSV": "text/csv; charset=utf-8",
    "RSS": "application/rss+xml; charset=utf-8",
}
"""Form of an answer -> Content-Type."""


class Mirror:
    """Answers in the language of the web service."""

    def read(self, request: Request) -> MirrorQuestion:
        """Return the question of a request. Raises RefusedError."""
        return read_question(request)

    def answer(self, question: MirrorQuestion, edition: Edition) -> Answer:
        """Answer a question.

        Raises RefusedError, and StoreError if an earlier list cannot be read.
        """
        match question:
            case VersionQuestion():
                return _version(question, edition)
            case EndpointsQuestion():
                return _endpoints(question, edition)
            case ChangesQuestion():
                return _changes(question, edition)

    def clouds(self, question: MirrorQuestion, edition: Edition) -> tuple[Cloud, ...]:
        """Return the clouds on whose lists an answer depends. Raises RefusedError."""
        if question.instance:
            return (served_cloud(edition, question.instance).cloud,)
        return tuple(cloud for cloud in edition.clouds if cloud.instance)


def served_cloud(edition: Edition, instance: str) -> ServedCloud:
    """Return the cloud of an instance, by its name in lower case. Raises RefusedError."""
    for cloud, served in edition.clouds.items():
        if cloud.folder.lower() == instance:
            return served
    raise unknown_instance()


def _version(question: VersionQuestion, edition: Edition) -> Answer:
    name = question.instance
    asked = [served_cloud(edition, name)] if name else [s for c, s in edition.clouds.items() if c.instance]
    clouds = [served.until(edition.latest(served.cloud)) for served in asked]
    found = {
        each.cloud: (each.number, [v.number for v in reversed(each.versions)] if question.every else ()) for each in clouds
    }
    if question.form == "RSS":
        items = sorted((item for each in clouds for item in _items(each)), key=lambda item: item.at, reverse=True)
        title = f"Microsoft 365 endpoints: {clouds[0].cloud.folder if name else 'all instances'}"
        body = rss.versions(items, base=edition.base, title=title, single=bool(name))
    elif question.form == "CSV":
        body = csv_lists.versions(found)
    elif name:
        ((cloud, (latest, rest)),) = found.items()
        body = write.version(cloud, latest, rest)
    else:
        body = write.versions(found)
    return Answer(body=body, type=TYPES[question.form], modified=modified(clouds), cache=edition.cache)


def _items(served: ServedCloud) -> Iterator[rss.VersionItem]:
    """Yield the versions of a cloud, newest first."""
    for each in reversed(served.versions):
        records = [record for record in served.records if record.version == each.number]
        yield rss.VersionItem(cloud=served.cloud, version=each.number, at=each.since, records=records)


def _endpoints(question: EndpointsQuestion, edition: Edition) -> Answer:
    served = served_cloud(edition, question.instance)
    own = (s for s in edition.catalog.endpoint_sets(served.cloud) if s.id >= SYNTHETIC_ID)
    sets = tuple(_shown((*served.sets, *own), question))
    body = csv_lists.endpoints(sets) if question.form == "CSV" else write.endpoints(sets, synthetic=True)
    return Answer(body=body, type=TYPES[question.form], modified=served.modified, cache=edition.cache)


def _shown(sets: Iterable[EndpointSet], question: EndpointsQuestion) -> Iterator[EndpointSet]:
    """Yield the sets that are asked for, as they are asked for."""
    for each in sets:
        if each.area not in question.areas:
            continue
        made = fill_tenant(each, question.tenant) if question.tenant else each
        if not question.ipv6 and any(":" in text for text in each.listed):
            listed = tuple(text for text in each.listed if ":" not in text)
            if not (listed or each.hosts):
                continue
            made = replace(made, listed=listed, prefixes=PrefixSet.parse(listed))
        yield made


def fill_tenant(each: EndpointSet, tenant: str) -> EndpointSet:
    """Return a set with the name of a tenant in the patterns that stand for it.

    These are `autodiscover.*.onmicrosoft.com`.

    Other stars stand for more than the tenant, so they stay.
    """
    hosts = {HostPattern(host.text.replace("*", tenant)) if host.kind == INNER else host for host in each.hosts}
    return replace(each, hosts=tuple(sorted(hosts)))


def _changes(question: ChangesQuestion, edition: Edition) -> Answer:
    served = served_cloud(edition, question.instance)
    served = served.until(edition.latest(served.cloud))
    since = question.since
    records = [r for r in served.records if (r.version == since if question.only else r.version > since)]
    body = csv_lists.changes(records) if question.form == "CSV" else write.changes(records)
    return Answer(body=body, type=TYPES[question.form], modified=served.modified, cache=edition.cache)
