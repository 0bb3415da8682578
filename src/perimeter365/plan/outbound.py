"""Outbound flows of a plan, and what they were before.

A plan that opened the way to Microsoft and does not any more cuts off everybody, and looks like any other plan: a list
whose endpoint sets all moved to another service area is selected by no profile. So a program that knows an earlier plan
(the folder of a render, a sync, a comparison) asks for both:

    had = outbound_flows(old).ids
    outbound_flows(new).emptied(had)
        ('Contoso: the plan has no outbound flow in worldwide any more; it had 31: ws/worldwide/1, …',)

A cloud that the profile does not name any more is no loss, unless nothing is left at all. The flows of endpoint sets count
by themselves too: a row with a name of its own does not replace them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from perimeter365.errors import EmptyPlanError
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import in_set
from perimeter365.model.quantity import quantity
from perimeter365.model.requirement import OUTBOUND
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile

SHOWN = 3
"""The number of ids in a text."""

WRITING = "nothing was written; see what `perimeter365 plan` and `diff` say; to write these files anyway, use --allow-empty"
READING = "do not put this list or profile into force before the reason is understood; `perimeter365 diff` shows the lists"
"""What to do, for commands that write the plan's files, and for those that only read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboundFlows:
    """The outbound flows of a plan, by cloud."""

    organization: str = ""
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Cloud -> the ids of its outbound flows; () for a cloud of the plan that has none."""
    unselected: Mapping[str, str] = field(default_factory=dict)
    """As `Plan.unselected`."""

    def emptied(self, had: Mapping[str, Collection[str]], changed: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return a text for each cloud that had outbound flows and has none now.

        Args:
            had: the `ids` of the earlier plan.
            changed: cloud -> what became of the endpoint sets of these flows, if it is known.
        """
        nothing = not any(self.ids.values())
        found = []
        for cloud, before in had.items():
            now = self.ids.get(cloud)
            if now is None and not nothing:
                continue  # the profile has other clouds
            sets = [each for each in before if in_set(each)]
            lost, what = (sets, "of endpoint sets ") if now and not any(map(in_set, now)) else (before, "")
            if lost and (what or not now):
                why = "the profile does not have this cloud" if now is None else self.unselected.get(cloud, "")
                why = "; ".join(filter(None, [(changed or {}).get(cloud, ""), why]))
                found.append(
                    f"{self.organization}: the plan has no outbound flow {what}in {cloud} any more; it had "
                    f"{_some(lost)}{f': {why}' if why else ''}"
                )
        return tuple(found)


def outbound_flows(plan: Plan) -> OutboundFlows:
    """Return the outbound flows of a plan."""
    ids: dict[str, list[str]] = {str(cloud): [] for cloud in plan.versions}
    for flow in plan.flows:
        if flow.direction == OUTBOUND:
            ids.setdefault(str(flow.cloud), []).append(flow.id)
    return OutboundFlows(
        organization=plan.organization,
        ids={cloud: tuple(found) for cloud, found in ids.items()},
        unselected={str(cloud): text for cloud, text in plan.unselected.items()},
    )


def emptied_by(old: Plan, new: Plan, before: Catalog, after: Catalog) -> tuple[str, ...]:
    """Return the texts of `OutboundFlows.emptied`, with the changes of the sets.

    Args:
        old: the earlier plan of a profile.
        new: its plan from other lists.
        before: the lists of the earlier plan.
        after: the other lists.
    """
    changed = {}
    had = outbound_flows(old).ids
    for cloud in old.versions:
        planned = set(had[str(cloud)])
        sets = [s for s in before.endpoint_sets(cloud) if s.requirement_id in planned]
        changed[str(cloud)] = changed_sets(sets, after.endpoint_sets(cloud))
    return outbound_flows(new).emptied(had, changed)


def check_emptied(texts: Iterable[str], help: str = WRITING) -> None:
    """Raise EmptyPlanError if there is a text of `OutboundFlows.emptied`."""
    if found := tuple(dict.fromkeys(texts)):
        raise EmptyPlanError("\n".join(found), help=help)


def unselected(catalog: Catalog, profile: Profile, cloud: Cloud) -> str:
    """Return what a cloud's list has, and what a profile selects, as one text."""
    wanted = [f"service_areas {', '.join(profile.service_areas) or 'none'}", f"categories {', '.join(profile.categories)}"]
    wanted += ["required_only"] if profile.required_only else []
    sets = catalog.endpoint_sets(cloud)
    has = f"service areas {_counted(s.area for s in sets)}; categories {_counted(s.category for s in sets)}"
    return (
        f"the list has {quantity(len(sets), 'endpoint set')}{f' ({has})' if sets else ''}, [select] has {', '.join(wanted)}"
    )


def changed_sets(old: Iterable[EndpointSet], new: Iterable[EndpointSet]) -> str:
    """Return which endpoint sets were removed, and which attributes changed.

    >>> from perimeter365.sources.embedded import embedded
    >>> from dataclasses import replace
    >>> first, second, *_ = embedded().endpoint_sets("worldwide")
    >>> changed_sets([first, second], [replace(first, area="intune")])
    'worldwide/1 moved from exchange to intune; worldwide/2 removed'
    """
    now = {s.id: s for s in new}
    found: dict[str, list[str]] = {}
    for was in old:
        became = now.get(was.id)
        if became is None:
            found.setdefault("removed", []).append(was.key)
            continue
        if became.area != was.area:
            found.setdefault(f"moved from {was.area} to {became.area}", []).append(was.key)
        if became.category != was.category:
            found.setdefault(f"changed from {was.category} to {became.category}", []).append(was.key)
        if was.required and not became.required:
            found.setdefault("not required any more", []).append(was.key)
    return "; ".join(f"{_keys(keys)} {what}" for what, keys in found.items())


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))


def _some(ids: Collection[str]) -> str:
    shown = ", ".join(list(ids)[:SHOWN])
    return f"{len(ids)}: {shown}{', …' if len(ids) > SHOWN else ''}"


def _keys(keys: list[str]) -> str:
    return f"{', '.join(keys[:SHOWN])}{f' and {len(keys) - SHOWN} more' if len(keys) > SHOWN else ''}"
