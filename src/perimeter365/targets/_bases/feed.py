"""Feeds: lists that a firewall downloads.

There is one for each group of the plan, and an index.

A feed is an object. The administrator's rule that refers to it has the ports, the direction and the organization's side, and
the index lists them. So ports are not a loss of a feed. Losses are the entries that the device does not support: names on a
device for addresses, addresses on a device for names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.list import SPLITS, Group, groups, index_lines
from perimeter365.targets._empty import Denial
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Option, Side, Target, TargetKind

SPLIT = Option(default="scenario", choices=SPLITS, help="how finely to split; a coarser split gives fewer feeds")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The external hosts and addresses of a group, as far as the device can list them."""

    group: Group
    prefixes: Mapping[Prefix, list[str]]
    """Prefixes with the ids of the requirements that need them; empty on a device for names only."""
    hosts: Mapping[HostPattern, tuple[PlanFlow, ...]]
    """Hosts with the flows that need them, sorted; empty for inbound groups, since sources cannot be matched by name."""

    @property
    def name(self) -> str:
        """The name for files and objects."""
        return self.group.name


class FeedTarget(Target):
    """Base class of lists by group. Subclasses convert a `Feed` to files."""

    side: ClassVar[Side] = "none"
    kind: ClassVar[TargetKind] = "feed"
    denies_by_default: ClassVar[Denial] = "all"
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({"split": SPLIT})
    host_reason = "the device supports whole names, or a wildcard at the start of a name"
    """Why a host cannot be listed, for losses."""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files of each feed, and the index."""
        index = []
        for feed in self.feeds(plan):
            files = list(self.files(plan, feed))
            yield from files
            if files:
                index.append((feed.group, ", ".join(f"{a.name} {a.entries}" for a in files)))
        head = self.header(plan, "Each group: files and entries; then what a rule over them says.")
        yield self.text("index.txt", [*head, *index_lines(plan, index)], entries=len(index))

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the files of one feed.

        There is no file for an empty list, which many devices read as a list that matches nothing.
        """
        raise NotImplementedError

    def feeds(self, plan: Plan) -> Iterator[Feed]:
        """Yield the plan's feeds in the order of its groups.

        Report the entries that the device does not support.
        """
        for group in groups(plan, self.option("split")):
            hosts: dict[HostPattern, list[PlanFlow]] = {}
            for flow in group.flows:
                for host in self._hosts(flow):
                    hosts.setdefault(host, []).append(flow)
            yield Feed(
                group=group,
                prefixes=group.requirements_by_prefix() if self.capabilities.addresses else {},
                hosts=MappingProxyType({h: tuple(hosts[h]) for h in sorted(hosts)}),
            )

    def _hosts(self, flow: PlanFlow) -> Iterator[HostPattern]:
        """Yield the names of a flow that the device supports; report the flow's losses."""
        can, end = self.capabilities, flow.theirs
        if end is None:
            return
        if flow.direction == "inbound" or not can.hosts:
            if not (end.prefixes and can.addresses):
                inbound = "unaddressed-sources" if can.addresses else "no-addresses"
                reason = inbound if flow.direction == "inbound" else "unaddressed-hosts"
                self.report_loss(flow, DROPPED, reason if end.hosts or end.prefixes else "unknown-end")
                return
            for host in end.unaddressed:
                reason = "unaddressed-sources" if flow.direction == "inbound" else "unaddressed-hosts"
                self.report_loss(flow, NARROWED, reason, host=host)
            return
        if not end.hosts and not can.addresses:
            self.report_loss(flow, DROPPED, "no-addresses" if end.prefixes else "unknown-end")
        for host in end.hosts:
            if flow.path and not can.paths:
                self.report_loss(flow, WIDENED, "no-paths", path=True)
            yield from self.express(flow, host, self.host_reason)
