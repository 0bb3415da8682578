"""A store in which entries have come and gone: what the tests of effective dates share."""

from dataclasses import replace
from datetime import date

from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store

GONE, NEW = "13.107.64.0/18", "new.example.com"
"""The range that set 11 had until 2024; and a name that set 1 will have."""

PROFILE = """\
[organization]
clouds = ["worldwide"]
[select]
scenarios = ["mailbox-migration"]
[roles]
client = ["10.0.0.0/8"]
mrs-proxy = ["203.0.113.10"]
"""


def with_entries(endpoint_set: EndpointSet, host: str = "", prefix: str = "") -> EndpointSet:
    listed = listing([*endpoint_set.listed, *filter(None, [prefix])])
    hosts = {*endpoint_set.hosts, *([HostPattern(host)] if host else [])}
    return replace(endpoint_set, hosts=tuple(sorted(hosts)), prefixes=PrefixSet.parse(listed), listed=listed)


def synced_on(day: date, sets: dict[int, EndpointSet]) -> State:
    version = f"{day:%Y%m%d}00"
    ordered = tuple(s for _, s in sorted(sets.items()))
    return State(cloud=Cloud.WORLDWIDE, version=Version(version), origin=LIVE, sets=ordered, recorded=day)


def sync_twice() -> None:
    """Two syncs of the embedded list: with GONE in set 11 on 1 June 2030; on 10 June without it and without set 47, and
    with NEW in set 1, announced for 1 July.
    """
    before = {s.id: s for s in embedded().endpoint_sets("worldwide") if s.id < 9000}
    before[11] = with_entries(before[11], prefix=GONE)
    after = dict(before)
    after[11] = {s.id: s for s in embedded().endpoint_sets("worldwide")}[11]
    after[1] = with_entries(before[1], host=NEW)
    del after[47]
    with Store() as store:
        store.commit(synced_on(date(2030, 6, 1), before))
        store.commit(synced_on(date(2030, 6, 10), after), effective={(1, NEW): date(2030, 7, 1)})
