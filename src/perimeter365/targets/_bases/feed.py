"""What feeds share: lists that a firewall fetches by itself, one for each group of the plan, with an index beside.

A feed is an object: the admin's rule that names it gives ports, direction and our side, and the index says which. So a
feed loses no ports; it loses what the device cannot list: names on a device of addresses, addresses on one of names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.list import SPLITS, Group, groups, index_lines
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Option, Target

SPLIT = Option(default="scenario", choices=SPLITS, help="how finely to split; coarser needs fewer feeds")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """One group's outside ends as the device can list them."""

    group: Group
    prefixes: Mapping[Prefix, list[str]]
    """With the ids of the requirements that each is there for; empty on a device of names alone."""
    hosts: Mapping[HostPattern, tuple[PlanFlow, ...]]
    """Sorted; empty for inbound groups, since nothing recognizes a source by its name."""

    @property
    def name(self) -> str:
        """For files and objects."""
        return self.group.name


class FeedTarget(Target):
    """Lists by group. Subclasses turn a `Feed` into files."""

    kind = "feed"
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({"split": SPLIT})
    host_reason = "the device's lists take whole names, or a star in front of one"
    """Why a host cannot be listed."""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The files of each feed, and the index."""
        index = []
        for feed in self.feeds(plan):
            files = list(self.files(plan, feed))
            yield from files
            if files:
                index.append((feed.group, ", ".join(f"{a.name} {a.entries}" for a in files)))
        head = self.header(plan, "Each group: files and entries; then what a rule over them says.")
        yield self.text("index.txt", [*head, *index_lines(plan, index)], entries=len(index))

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """The files of one feed; an empty list gives none, since many devices read an empty list as nothing to match."""
        raise NotImplementedError

    def feeds(self, plan: Plan) -> Iterator[Feed]:
        """The plan's feeds in the order of its groups; notes what the device cannot list."""
        for flow in plan.flows:
            if flow.theirs is None:
                self.lose(
                    flow, DROPPED, "all", "a feed holds outside ends; this stays between our own hosts", "write a rule"
                )
        for group in groups(plan, self.option("split")):
            hosts: dict[HostPattern, list[PlanFlow]] = {}
            for flow in group.flows:
                for host in self._hosts(flow):
                    hosts.setdefault(host, []).append(flow)
            yield Feed(
                group=group,
                prefixes=group.reasons() if self.capabilities.addresses else {},
                hosts=MappingProxyType({h: tuple(hosts[h]) for h in sorted(hosts)}),
            )

    def _hosts(self, flow: PlanFlow) -> Iterator[HostPattern]:
        """The names of one flow that the device can list, and the losses of the flow."""
        can, end = self.capabilities, flow.theirs
        if end is None:
            return
        if flow.direction == "inbound" or not can.hosts:
            if not (end.prefixes and can.addresses):
                where = "a source has to be an address" if flow.direction == "inbound" else "the device lists addresses"
                missing = "none is published" if can.addresses else "its lists hold names alone"
                self.lose(flow, DROPPED, "all", f"{where}, and {missing}", "use a device or proxy that knows names")
                return
            for host in end.unaddressed:
                reason = "no address is published for the host; the list has the addresses of the others"
                self.lose(flow, NARROWED, host.text, reason, "use a device or proxy that knows names")
            return
        if not end.hosts and not can.addresses:
            self.lose(flow, DROPPED, "all", "it is published by address, and the device lists names", "use an address list")
        for host in end.hosts:
            if flow.path and not can.paths:
                self.lose(
                    flow, WIDENED, ",".join(flow.path), "the device lists hosts; every path of it is in", "use a proxy"
                )
            yield from self.express(flow, host, self.host_reason)
