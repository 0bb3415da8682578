"""A store with added and removed entries, shared by the tests of effective dates."""

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
"""The prefix that set 11 had until 2024, and a host name that set 1 will have."""

PROFILE = """\
[organization]
clouds = ["worldwide"]
[select]
scenarios = ["mailbox-migration"]
[roles]
client = ["10.0.0.0/8", "2001:db8:c::/48"]
mrs-proxy = ["203.0.113.10", "2001:db8:e::10"]
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
    """Sync the embedded list twice.

    On 1 June 2030, set 11 contains GONE. On 10 June, GONE and set 47 are removed, and set 1 contains NEW, announced for
    1 July.
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


def sync_moved() -> None:
    """Sync the embedded list on 1 June 2030, and on 10 June with all endpoint sets in another service area."""
    before = {s.id: s for s in embedded().endpoint_sets("worldwide") if s.id < 9000}
    with Store() as store:
        store.commit(synced_on(date(2030, 6, 1), before))
        store.commit(synced_on(date(2030, 6, 10), {n: replace(s, area="intune") for n, s in before.items()}))
