"""Play a list to a sync and look at what is in force afterwards."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from perimeter365.errors import Perimeter365Error
from perimeter365.history.effective import effective_catalog
from perimeter365.history.sync import Outcome, sync
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import Profile, parse_profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.overlay import with_states
from perimeter365.store.store import Store
from perimeter365.wire.names import AREAS
from perimeter365.wire.read import parse_endpoints
from tests.history.upstream import MemoryUpstream
from tests.reliability.perimeter import Opened, RawList, list_problems, of_items, of_sets, openings, plan_problems
from tests.reliability.poison import Played, embedded_list
from tests.upstream.bodies import Items, encode

Sync = Callable[..., Sequence[Outcome]]

LATER = timedelta(days=130)
"""From then on no grace time of today lasts any more, and every announcement is in use."""

_AREAS = {theirs: ours for ours, theirs in AREAS.items()}
_HYBRID = ("mailbox-migration", "exchange-hybrid-coexistence", "graph-change-notifications")


@cache
def profile(cloud: Cloud) -> Profile:
    """Return a profile of a cloud with all service areas, and with rows whose inbound sources are endpoint sets."""
    rows = _HYBRID if cloud.value in ("worldwide", "gcchigh", "dod", "china") else ()
    return parse_profile(
        f"""
        [organization]
        name = "Contoso"
        clouds = ["{cloud}"]
        tenant = "contoso"
        email_domains = ["contoso.com"]
        [select]
        service_areas = ["common", "exchange", "sharepoint", "teams", "intune"]
        scenarios = {list(rows)}
        [roles]
        exchange-server = ["203.0.113.20"]
        mrs-proxy = ["203.0.113.10"]
        notification-receiver = ["203.0.113.30"]
        """
    )


def state_of(cloud: Cloud, items: Items, version: str) -> State:
    """Return a list as the reader of the service's JSON reads it. Raises UpstreamError."""
    return State(cloud=cloud, version=Version(version), origin=LIVE, sets=parse_endpoints(encode(items), cloud))


def unread_state(cloud: Cloud, items: Items, version: str) -> State:
    """Return a list without the checks of the reader. Raises an error for what no state can contain."""
    sets = []
    for item in sorted(items, key=lambda each: each["id"]):
        listed = listing(item.get("ips", ()))
        sets.append(
            EndpointSet(
                id=item["id"],
                cloud=cloud,
                area=_AREAS[item["serviceArea"]],
                category=item["category"].lower(),
                required=item["required"],
                express_route=item["expressRoute"],
                tcp=PortSet.parse(item.get("tcpPorts", "")),
                udp=PortSet.parse(item.get("udpPorts", "")),
                hosts=tuple(sorted({HostPattern(name) for name in item.get("urls", ())})),
                prefixes=PrefixSet.parse(listed),
                listed=listed,
            )
        )
    return State(cloud=cloud, version=Version(version), origin=LIVE, sets=tuple(sets))


def publish(source: MemoryUpstream, cloud: Cloud, items: Items, version: str) -> None:
    """Publish a list in the service's form; what the reader rejects is an error of upstream."""
    source.versions[cloud] = version
    try:
        source.states[cloud] = state_of(cloud, items, version)
    except Perimeter365Error as error:
        source.states[cloud] = error


@dataclass
class Site:
    """Stores in which a list is in force, one file for each list and instant; cases get copies."""

    folder: Path
    made: dict[tuple[str, ...], Path] = field(default_factory=dict)
    number: int = 0

    def store(self, cloud: Cloud, before: Items | None, version: str, looked: datetime) -> str:
        """Return the path of a new store that was synced with a list, or was never synced."""
        self.number += 1
        place = self.folder / f"case-{self.number}.sqlite"
        if before is not None:
            key = (cloud.value, version, looked.isoformat())
            if key not in self.made:
                path = self.folder / f"template-{len(self.made)}.sqlite"
                state = state_of(cloud, before, version)
                with Store(str(path), clock=lambda: looked) as store:
                    store.commit(replace(state, recorded=looked.date()))
                    (outcome,) = sync(store, MemoryUpstream({cloud: state}), [cloud], base=embedded())
                    assert outcome.status == "unchanged", outcome
                self.made[key] = path
            shutil.copyfile(self.made[key], place)
        return str(place)


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    statuses: tuple[str, ...]
    """Those of the looks, in order."""
    problems: tuple[str, ...]
    """What is wrong with the perimeter afterwards; () if nothing."""
    in_force: RawList
    codes: tuple[str, ...]
    """Reasons of what is held, for a message only."""

    def check(self) -> None:
        """Fail if anything is wrong."""
        if self.problems:
            shown = "\n  ".join(self.problems[:5])
            pytest.fail(f"{', '.join(self.statuses)} ({', '.join(self.codes) or 'no reason'}):\n  {shown}", pytrace=False)


def play(
    site: Site,
    cloud: Cloud,
    played: Played,
    *,
    run: Sync = sync,
    looks: Sequence[timedelta] = (),
    listed: bool = True,
    later: bool = True,
) -> Result:
    """Sync a poisoned list, and again after each time of `looks`; compare what is in force.

    Args:
        site: the stores.
        cloud: the cloud of the list.
        played: the lists.
        run: the sync under test.
        looks: later looks at the same list, as times after the first.
        listed: compare the list; else only the plan.
        later: compare also the plan after all grace times.
    """
    place = site.store(cloud, played.before, played.previous, played.last_look)
    now = played.now
    source = MemoryUpstream(records={cloud: played.records})
    publish(source, cloud, played.poisoned, played.version)
    outcomes: list[Outcome] = []
    with Store(place, clock=lambda: now) as store:
        for after in (timedelta(), *looks):
            now = played.now + after
            outcomes += run(store, source, [cloud], base=embedded())
        head = store.head(cloud)
    before = embedded_list(cloud) if played.before is None else played.before
    was, could = of_items(before), of_items(played.honest)
    has = of_sets(head.sets) if head else was
    problems = [*list_problems(was, could, has)] if listed else []
    if (has not in (was, could) or played.records) and not problems:
        problems += _plan_problems(place, cloud, before, played.honest, now, later=later)
    return Result(
        statuses=tuple(o.status for o in outcomes),
        problems=tuple(problems),
        in_force=has,
        codes=tuple(sorted({r.code for o in outcomes if o.held for r in o.held.reasons})),
    )


def _plan_problems(
    place: str, cloud: Cloud, before: Items, honest_now: Items, now: datetime, *, later: bool
) -> Iterator[str]:
    """Yield what is wrong with the plan of the day, and with that of a day after all grace times."""
    was, could = planned(cloud, before), planned(cloud, honest_now)
    for day in (now.date(), (now + LATER).date()) if later else (now.date(),):
        catalog = effective_catalog(place, profile(cloud), at=day)
        has = openings(make_plan(catalog, profile(cloud), today=day))
        yield from (f"{day}: {problem}" for problem in plan_problems(was, could, has))


_plans: dict[tuple[Cloud, bytes], tuple[Opened, ...]] = {}


def planned(cloud: Cloud, items: Items) -> tuple[Opened, ...]:
    """Return what the plan of a list opens."""
    key = (cloud, encode(items))
    if key not in _plans:
        catalog = with_states(embedded(), [state_of(cloud, items, "2026080299")])
        _plans[key] = openings(make_plan(catalog, profile(cloud), today=datetime(2026, 8, 20).date()))  # noqa: DTZ001
    return _plans[key]


def accept_everything(raw: Items, records: Sequence[ChangeRecord]) -> Sync:
    """Return a sync without a reader and without gates: it commits a list as it is."""

    def run(store: Store, source: MemoryUpstream, clouds: Sequence[Cloud], **_: object) -> Sequence[Outcome]:
        for cloud in clouds:
            store.commit(unread_state(cloud, raw, source.version(cloud)), records=records)
        return ()

    return run
