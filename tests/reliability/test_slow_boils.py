"""Slow boils: a little of something foreign with each list. It is held before ten foreign entries are in force.

A drip is one step of an attack on the list of the step before. What is counted is in force: entries that their set
did not have at first, other attributes, lost ports. An honest drip of harmless names, one a step, has to come into
force.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from perimeter365.history.sync import sync
from perimeter365.model.cloud import Cloud
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history.upstream import MemoryUpstream
from tests.memory import in_memory
from tests.reliability.attack import Site, publish
from tests.reliability.perimeter import RawList, minus, of_items, of_sets
from tests.reliability.poison import NOON, RENTED, copied, embedded_list
from tests.sweep import sweep
from tests.upstream.bodies import Items

W, C, G = Cloud.WORLDWIDE, Cloud.CHINA, Cloud.GCCHIGH
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST = 10
"""Foreign entries in force before which a boil has to be held."""
STEPS = 11

Drip = Callable[[Items, int, Cloud], object]
"""Changes a list in its n-th step, n from 0."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with in_memory() as folder:
        yield Site(folder)


def _named(items: Items, step: int) -> dict[str, list[str]]:
    named = [item for item in items if item.get("urls")]
    return named[step % len(named)]


def _with_addresses(items: Items, step: int) -> dict[str, list[str]]:
    found = [item for item in items if item.get("ips")]
    return found[step % len(found)]


def a_name(items: Items, step: int, cloud: Cloud) -> None:
    _named(items, step)["urls"].append(f"cdn{step}.m365-assets{step}.com")


def a_name_of_one_domain(items: Items, step: int, cloud: Cloud) -> None:
    """A name of a domain that the list of the step before had, too."""
    _named(items, 0)["urls"].append(f"cdn{step}.m365-assets.net")


def a_rented_name(items: Items, step: int, cloud: Cloud) -> None:
    _named(items, step)["urls"].append(f"m365cdn{step}.blob.core.windows.net")


def two_prefixes(items: Items, step: int, cloud: Cloud) -> None:
    _with_addresses(items, step)["ips"] += [f"95.213.{2 * step % 256}.0/24", f"2a01:4f8:{step:x}::/48"]


def two_rented_prefixes(items: Items, step: int, cloud: Cloud) -> None:
    """Addresses in Azure that anyone can rent, in a set that rows take as inbound sources."""
    start = RENTED[cloud].rpartition(".")[0]
    items[0].setdefault("ips", []).extend(f"{start}.{4 * step + at}/31" for at in (0, 2))


def prefixes_of_another_set(items: Items, step: int, cloud: Cloud) -> None:
    """A prefix of SharePoint becomes an inbound source."""
    other = next(item for item in items if item["serviceArea"] == "SharePoint" and item.get("ips"))
    items[0]["ips"].append(other["ips"].pop() if len(other["ips"]) > 1 else other["ips"][0])


def a_swap(items: Items, step: int, cloud: Cloud) -> None:
    one, two = items[2 * step % len(items)], items[(2 * step + 1) % len(items)]
    one["id"], two["id"] = two["id"], one["id"]
    items.sort(key=lambda item: item["id"])


def a_lost_port(items: Items, step: int, cloud: Cloud) -> None:
    found = [item for item in items if item.get("tcpPorts") in ("80,443", "443,80")]
    if found:
        found[0]["tcpPorts"] = "80"


def a_new_port(items: Items, step: int, cloud: Cloud) -> None:
    item = items[step % len(items)]
    item["tcpPorts"] = ",".join(filter(None, (item.get("tcpPorts", ""), str(3300 + step))))


def a_category(items: Items, step: int, cloud: Cloud) -> None:
    found = [item for item in items if item["category"] == "Default"]
    if found:
        found[0]["category"] = "Optimize"


def an_area(items: Items, step: int, cloud: Cloud) -> None:
    found = [item for item in items if item["serviceArea"] != "MEM"]
    found[0]["serviceArea"] = "MEM"


def a_requirement(items: Items, step: int, cloud: Cloud) -> None:
    found = [item for item in items if item["required"]]
    if found:
        found[0]["required"] = False


def growth_by_two_in_five_hundred(items: Items, step: int, cloud: Cloud) -> None:
    count = sum(len(item.get(key, [])) for item in items for key in ("urls", "ips"))
    for at in range(max(1, round(count * 0.004))):
        _named(items, step + at)["urls"].append(f"n{step}-{at}.m365-growth.net")


def a_renamed_label(items: Items, step: int, cloud: Cloud) -> None:
    """`login.live.com` becomes `login.l1ve.com`."""
    item = _named(items, step)
    name = next((n for n in item["urls"] if "1" not in n and ("i" in n or "l" in n)), None)
    if name:
        labels = name.split(".")
        labels[-2] = labels[-2].replace("l", "1").replace("i", "1").replace("o", "0") + ("" if "i" in labels[-2] else "1")
        item["urls"][item["urls"].index(name)] = ".".join(labels)


BOILS: tuple[Drip, ...] = (
    a_name, a_name_of_one_domain, a_rented_name, two_prefixes, two_rented_prefixes, prefixes_of_another_set, a_swap,
    a_lost_port, a_new_port, a_category, an_area, a_requirement, growth_by_two_in_five_hundred, a_renamed_label,
)  # fmt: skip


def harm(first: RawList, now: RawList) -> int:
    """Count what is in force and was not at first, and ports that were."""
    count = 0
    for number, s in now.items():
        was = first.get(number)
        if was is None:
            count += len(s.entries)
            continue
        count += len(s.entries - was.entries)
        count += (s.area != was.area) + (s.category != was.category) + (s.required != was.required)
        count += sum(bool(minus(s.ports[p], was.ports[p])) + bool(minus(was.ports[p], s.ports[p])) for p in s.ports)
    return count


def boil(site: Site, drip: Drip, cloud: Cloud, *, steps: int, step: timedelta, look: timedelta) -> Iterator[RawList]:
    """Drip into the embedded list, a step each `step`, with a look each `look`; yield what is in force after each step."""
    items, now = copied(embedded_list(cloud)), NOON
    place = site.store(cloud, items, str(embedded().versions[cloud].version), NOON)
    source = MemoryUpstream()
    with Store(place, clock=lambda: now) as store:
        for number in range(steps):
            drip(items, number, cloud)
            publish(source, cloud, items, f"{now + step:%Y%m%d%H}")
            for _ in range(max(1, step // look)):
                now += look
                sync(store, source, [cloud], base=embedded())
            head = store.head(cloud)
            assert head is not None
            yield of_sets(head.sets)


SHARP = {
    *(a_name_of_one_domain, a_rented_name, two_prefixes, prefixes_of_another_set, a_swap, a_lost_port),
    *(growth_by_two_in_five_hundred, a_renamed_label),
}


@pytest.mark.parametrize("hours", sweep([24, 1], [24]))
@pytest.mark.parametrize("drip", sweep(BOILS, SHARP.__contains__), ids=lambda drip: drip.__name__)
def test_a_boil_is_held_before_ten_foreign_entries(site: Site, drip: Drip, hours: int) -> None:
    """The clouds take turns: an attacker has all of them."""
    cloud = (W, W, C, G)[(BOILS.index(drip) + hours) % 4]
    pace = timedelta(hours=hours)
    worst = 0
    for now in boil(site, drip, cloud, steps=STEPS, step=pace, look=pace):
        worst = max(worst, harm(of_items(embedded_list(cloud)), now))
        if worst >= MOST:
            break
    assert worst < MOST


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("look", [HOUR, DAY], ids=["hourly", "daily"])
@pytest.mark.parametrize("cloud", [W, C, G], ids=str)
@pytest.mark.parametrize("drip", BOILS, ids=lambda drip: drip.__name__)
def test_a_boil_of_a_year_is_held_before_ten_foreign_entries(site: Site, drip: Drip, cloud: Cloud, look: timedelta) -> None:
    for now in boil(site, drip, cloud, steps=365, step=DAY, look=look):
        found = harm(of_items(embedded_list(cloud)), now)
        assert found < MOST


@pytest.mark.parametrize("hours", [24, 1])
@pytest.mark.parametrize("cloud", [W, C, G], ids=str)
def test_a_harmless_name_a_step_comes_into_force(site: Site, cloud: Cloud, hours: int) -> None:
    def honest_drip(items: Items, step: int, cloud: Cloud) -> None:
        item = next(i for i in items if i.get("urls"))
        name = item["urls"][0].removeprefix("*.")
        item["urls"].append(f"n{step}.{name}")

    pace = timedelta(hours=hours)
    *_, now = boil(site, honest_drip, cloud, steps=5, step=pace, look=pace)
    assert harm(of_items(embedded_list(cloud)), now) == 5


# -- attacks of several steps ----------------------------------------------------------------------------------------------


def _reused(items: Items) -> list[Items]:
    """A set goes; a day later its number is back with addresses and names of another one."""
    other = next(item for item in items if item["serviceArea"] == "SharePoint" and item.get("ips"))
    gone = [item for item in items if item["required"] is False and not item.get("ips")][:1] or [items[-1]]
    without = [item for item in items if item["id"] != gone[0]["id"]]
    back = {**gone[0], "urls": list(other.get("urls", [])), "ips": list(other["ips"]), "category": "Optimize"}
    return [without, without, sorted([*without, back], key=lambda item: item["id"])]


def _seeded(items: Items) -> list[Items]:
    """A domain is listed, withdrawn, and listed again with a wildcard."""
    first = [{**items[0], "urls": [*items[0]["urls"], "cdn.m365-assets.net"]}, *items[1:]]
    again = [{**items[0], "urls": [*items[0]["urls"], "*.m365-assets.net", "x.m365-assets.net"]}, *items[1:]]
    return [first, items, again, items, again]


def _copied_then_moved(items: Items) -> list[Items]:
    """Addresses of another set are listed in the inbound set, too; later they leave their own."""
    other = next(item for item in items if item["serviceArea"] == "SharePoint" and item.get("ips"))
    both = [{**items[0], "ips": [*items[0].get("ips", []), *other["ips"][:2]]}, *items[1:]]
    moved = [{**item, "ips": item["ips"][2:] or item["ips"][:1]} if item["id"] == other["id"] else item for item in both]
    return [both, both, moved]


def _two_halves(items: Items) -> list[Items]:
    """Every second version has the foreign name, the others are honest and differ."""
    bad = {**items[0], "urls": [*items[0]["urls"], "cdn.m365-assets.net"]}
    return [
        [bad if at % 2 else items[0], *({**item, "urls": [*item["urls"], f"v{at}.{item['urls'][0].removeprefix('*.')}"]}
         if item is items[1] and item.get("urls") else item for item in items[1:])]
        for at in range(6)
    ]  # fmt: skip


SEQUENCES: Mapping[str, tuple[Callable[[Items], list[Items]], frozenset[str]]] = {
    "reused-number": (_reused, frozenset()),
    "seeded-domain": (_seeded, frozenset({"cdn.m365-assets.net", "*.m365-assets.net", "x.m365-assets.net"})),
    "copied-then-moved": (_copied_then_moved, frozenset()),
    "every-second-version": (_two_halves, frozenset({"cdn.m365-assets.net"})),
}


RARELY = timedelta(days=35)
PLAYED = [(name, cloud, pace) for name in SEQUENCES for cloud in (W, C, G) for pace in (HOUR, RARELY)]


@pytest.mark.parametrize(("name", "cloud", "pace"), sweep(PLAYED, lambda each: each[1:] in ((W, HOUR), (C, RARELY))))
def test_several_steps_do_not_reach_what_one_does_not(site: Site, name: str, cloud: Cloud, pace: timedelta) -> None:
    make, bad = SEQUENCES[name]
    first = of_items(embedded_list(cloud))
    lists, now = make(copied(embedded_list(cloud))), NOON
    place = site.store(cloud, embedded_list(cloud), str(embedded().versions[cloud].version), NOON)
    source = MemoryUpstream()
    with Store(place, clock=lambda: now) as store:
        for items in lists:
            now += pace
            publish(source, cloud, items, f"{now:%Y%m%d%H}")
            sync(store, source, [cloud], base=embedded())
            head = store.head(cloud)
            assert head is not None
            now_listed = {(n, value) for n, s in of_sets(head.sets).items() for value in s.entries}
            at_first = {(n, value) for n, s in first.items() for value in s.entries}
            found = sorted(each for each in now_listed - at_first if not bad or each[1] in bad)
            assert found == []
