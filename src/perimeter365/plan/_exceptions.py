"""Apply what a profile excludes, adjusts and acknowledges.

An exclusion or adjustment that changes nothing is a decision (`no-effect`), since its author expects a change. It is no
error: Microsoft may remove a set or name on any day, and the plan of that day is still needed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NoReturn

from perimeter365.errors import ProfileError, nearest
from perimeter365.model.catalog import Catalog
from perimeter365.model.effective import PORTS, PREFIX, TCP, EntryDate
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import OUTBOUND, Flow, Party, Requirement
from perimeter365.plan._select import WarningSink
from perimeter365.plan.choices import Acceptance, Adjustment, Exclusion
from perimeter365.plan.plan import PlanFlow, PlanParty, PlanSite, PlanWarning
from perimeter365.plan.profile import Profile
from perimeter365.plan.shared import wildcards, with_names


class Exceptions:
    """The exclusions and adjustments of a profile."""

    def __init__(self, profile: Profile, catalog: Catalog, warn: WarningSink) -> None:
        """Prepare the exceptions; `warn` receives their warnings."""
        self.profile = profile
        self.warn = warn
        self._used: set[int] = set()
        self._named: set[tuple[int, HostPattern]] = set()
        self._catalog = catalog

    def excluded(self, req: Requirement) -> bool:
        """Return True if a requirement is excluded as a whole; note it."""
        for each in self.profile.exclude:
            if each.whole and each.covers(req.id):
                self._used.add(id(each))
                self.warn("excluded", req.id, f"not planned: {each.reason}")
                return True
        return False

    def adjusted(self, flow: Flow) -> Flow:
        """Return a flow with the adjusted source and ports."""
        for each in self.profile.adjust:
            if not each.covers(flow.id):
                continue
            if each.source and flow.direction == "inbound":
                if each.id == flow.id:  # a wildcard is for the flows whose source is ours
                    _fail(each, f"{flow.id} is inbound: its source is {flow.source.role}", "only sources of our own change")
            elif each.source:
                self._used.add(id(each))
                if each.source != flow.source.role:
                    self.warn("adjusted", flow.id, _why(f"from {each.source} instead of {flow.source.role}", each.reason))
                    flow = replace(flow, source=Party(role=each.source))
            if (each.tcp or each.udp) and (flow.tcp or flow.udp):
                if each.id != flow.id:
                    continue  # a wildcard is for the flows without ports
                self._used.add(id(each))
                text = f"[[adjust]]: the ports of {flow.id} are published: tcp {flow.tcp or '-'}, udp {flow.udp or '-'}"
                self.warn("no-effect", flow.id, text, "[[adjust]] tcp or udp")
            elif each.tcp or each.udp:
                self._used.add(id(each))
                self.warn("adjusted", flow.id, _why(f"tcp {each.tcp or '-'}, udp {each.udp or '-'}", each.reason))
                flow = replace(flow, tcp=each.tcp, udp=each.udp)
        return flow

    def named(self, flow: PlanFlow) -> PlanFlow:
        """Return a flow with the names of the profile in place of shared wildcards."""
        for each in self.profile.adjust:
            if not (each.hosts and each.covers(flow.id)):
                continue
            found = wildcards(flow, partial(_matching, each.hosts))
            for host, names in found.items():
                self._used.add(id(each))
                self._named.update((id(each), name) for name in names)
                text = f"{', '.join(map(str, names))} instead of {host}"
                self.warn("adjusted", flow.id, _why(text, each.reason))
            flow = with_names(flow, found) if found else flow
        return flow

    def keeps(self, identity: str, host: HostPattern) -> bool:
        """Return False for an excluded host, whose addresses are not planned either."""
        return not any(host in each.hosts for each in self._partial(identity))

    def flow(self, flow: PlanFlow) -> PlanFlow | None:
        """Return a planned flow without the excluded parts; None if nothing is left."""
        for each in self._partial(flow.id):
            flow = self._without(flow, each)
            if not (flow.tcp or flow.udp) and (each.tcp or each.udp):
                return None
            if flow.theirs and not (flow.theirs.hosts or flow.theirs.prefixes or flow.theirs.anyone):
                return None
        return flow

    def site(self, site: PlanSite) -> bool:
        """Return False if the host of a site is excluded."""
        for each in self._partial(site.id):
            if site.host in each.hosts:
                self._use(each, site.id, site.host.text)
                return False
        return True

    def dated(self, entry: EntryDate) -> bool:
        """Return False for a dated entry that is excluded."""
        for each in self._partial(entry.id):
            if entry.value in {h.text for h in each.hosts}:
                return False
            if entry.kind == PREFIX and not PrefixSet.parse([entry.value]) - each.prefixes:
                return False
            if entry.kind in PORTS and PortSet.parse(entry.attribute) <= (each.tcp if entry.kind == TCP else each.udp):
                return False
        return True

    def check_used(self, flows: Sequence[PlanFlow]) -> None:
        """Warn of statements without an effect, and of what another flow still opens."""
        for table, statements in (("exclude", self.profile.exclude), ("adjust", self.profile.adjust)):
            for each in statements:
                if id(each) not in self._used:
                    known = sorted({r.id for r in self._catalog.requirements() if r.cloud in self.profile.clouds})
                    exists = any(each.covers(name) for name in known)
                    near = None if exists else nearest(each.id, known)
                    why = "is not selected, or does not have it" if exists else "is not the id of a requirement"
                    text = f"[[{table}]]: {each.id} {why}{f'; did you mean {near}?' if near else ''}"
                    self.warn("no-effect", each.id, text, f"[[{table}]] id")
        for adjusted in self.profile.adjust:
            for name in adjusted.hosts:
                if id(adjusted) in self._used and (id(adjusted), name) not in self._named:
                    text = f"[[adjust]]: no wildcard of {adjusted.id} over a shared domain matches {name}"
                    self.warn("no-effect", adjusted.id, text, "[[adjust]] hosts")
        for each in self.profile.exclude:
            for host in each.hosts:
                for flow in flows:
                    if flow.direction == OUTBOUND and any(other.covers(host) for other in flow.destination.hosts):
                        text = f"{host} is excluded from {each.id}, but {flow.id} still opens it for {flow.source.role}"
                        self.warn("still-open", each.id, text, f"[[exclude]] id = {flow.id!r}")

    def _partial(self, identity: str) -> Iterator[Exclusion]:
        return (each for each in self.profile.exclude if not each.whole and each.covers(identity))

    def _use(self, each: Exclusion, identity: str, what: str) -> None:
        self._used.add(id(each))
        self.warn("excluded", identity, f"planned without {what}: {each.reason}")

    def _without(self, flow: PlanFlow, each: Exclusion) -> PlanFlow:
        theirs = flow.theirs
        if theirs is None and (each.hosts or each.prefixes) and each.id == flow.id:
            _fail(each, f"{flow.id} is between our own hosts", "exclude the flow as a whole")
        gone: list[str] = []
        if theirs and (each.hosts or each.prefixes):
            hosts = self._hosts(flow, theirs, each)
            prefixes = theirs.prefixes - each.prefixes
            gone += [h.text for h in theirs.hosts if h not in hosts] + [str(p) for p in theirs.prefixes & each.prefixes]
            left = tuple(h for h in theirs.unaddressed if h in hosts)
            end = replace(theirs, hosts=hosts, prefixes=prefixes, unaddressed=left)
            flow = replace(flow, source=end) if flow.direction == "inbound" else replace(flow, destination=end)
        gone += [f"{name} {ports}" for name, ports in (("tcp", flow.tcp & each.tcp), ("udp", flow.udp & each.udp)) if ports]
        flow = replace(flow, tcp=flow.tcp - each.tcp, udp=flow.udp - each.udp)
        if gone:
            self._use(each, flow.id, ", ".join(gone))
        return flow

    def _hosts(self, flow: PlanFlow, theirs: PlanParty, each: Exclusion) -> tuple[HostPattern, ...]:
        """Return the hosts that stay.

        A host under a wildcard that stays is an error, since excluding it would close nothing.
        """
        left = tuple(h for h in theirs.hosts if h not in each.hosts)
        for host in each.hosts:
            if cover := next((other for other in left if other.covers(host)), None):
                _fail(each, f"{host} stays open through {cover} of {flow.id}", f"exclude {cover} too, or leave it out")
        return left


def accept(profile: Profile, warnings: Iterable[PlanWarning], today: date) -> Iterator[PlanWarning]:
    """Yield the warnings, marked where acknowledged, and those about acknowledgements.

    Acknowledgements of losses are the targets' business (`Plan.accept`), but not their expiry.
    """
    valid = [each for each in profile.accept if not each.expired(today)]
    used: set[int] = set()
    for warning in warnings:
        found = [each for each in valid if each.code == warning.code and each.covers(warning.id)]
        used.update(map(id, found))
        yield replace(warning, accepted=found[0].reason) if found else warning
    for each in profile.accept:
        where = f"[[accept]] {each.about} {each.id}"
        if each.expired(today):
            text = f"{where} expired on {each.expires}: {each.reason}"
            yield PlanWarning(code="accept-expired", id=each.id, message=text, remedy="[[accept]] expires")
        elif each.code and id(each) not in used and each.code not in _OF_TARGETS:
            yield PlanWarning(code="accept-unused", id=each.id, message=f"{where} fits no warning", remedy="[[accept]]")


_OF_TARGETS = ("value-needed", "extra-needed")
"""Codes that are also those of targets that are left out, which the plan does not know."""


def in_force(profile: Profile, today: date) -> tuple[Acceptance, ...]:
    """Return the acknowledgements that count on a day.

    Targets apply them to losses, and to decisions about targets that are left out.
    """
    return tuple(each for each in profile.accept if not each.expired(today))


def _matching(names: Iterable[HostPattern], host: HostPattern) -> tuple[HostPattern, ...]:
    return tuple(name for name in names if host.matches(name.text))


def _why(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text


def _fail(each: Exclusion | Adjustment, message: str, help: str) -> NoReturn:
    if each.place is None:
        raise ProfileError(message, help=help)
    problem = replace(each.place, message=message, remedy=help)
    raise ProfileError(str(problem), problems=(problem,))
