"""Feeds: lists that a firewall downloads.

There is one for each group of the plan, and an index.

A feed is an object. The administrator's rule that refers to it has the ports, the direction and the organization's side, and
the index lists them. So ports are not a loss of a feed, unless its requirements need different ones. Other losses are the
entries that the device does not support: names on a device for addresses, addresses on a device for names.

A device keeps its copy of a list that it cannot fetch any more, and so everything that its last version allowed. So a list
that the plan no longer needs is not removed at once: it is closed, with one entry that nothing can match (`CLOSED`), until
an administrator has removed the rule and renders with `gone=remove`. That removes what the last render closed, and still
closes what leaves the plan in this one: the number that is kept of each list (`Target.kept`) is that of its content, and 3
more if it is closed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal, get_args

from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.list import SPLITS, Group, groups, index_lines
from perimeter365.targets._bases.ports import report_mixed_ports
from perimeter365.targets._empty import Denial
from perimeter365.targets.life import model, tried
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Option, Side, Target, TargetKind

SPLIT = Option(default="ports", choices=SPLITS, help="how finely to split; a coarser split gives fewer feeds")
GONE = Option(
    default="close",
    choices=("close", "remove"),
    help="lists that have no entries any more: close (one entry that nothing matches); remove: those closed last time",
)
PATHS = Option(
    default="host",
    choices=("host", "path"),
    help="path: entries with the URL path, which a device only sees where it decrypts TLS; host: the whole host",
)
Content = Literal["addresses", "names", "urls"]
_CONTENTS: tuple[Content, ...] = get_args(Content)
ADDRESSES = (0, len(_CONTENTS))
"""The kept numbers of lists of addresses, open and closed."""
CLOSED: Mapping[Content, str] = MappingProxyType(
    {"addresses": "192.0.2.255/32", "names": "closed.invalid", "urls": "closed.invalid/"}
)
"""The only entry of a closed list: an address for documentation (RFC 5737), or a name that never exists (RFC 6761)."""


def is_place(text: str) -> bool:
    """Return whether a text is an absolute path without `.` and `..`."""
    return re.fullmatch(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+", text, re.ASCII) is not None


FOLDER = Option(
    default="/srv/www/m365",
    help="the web server's folder, for the commands of the manual; one for each organization",
    check=is_place,
)
FEED_OPTIONS: Mapping[str, Option] = MappingProxyType({"gone": GONE, "folder": FOLDER})
_OURS = "grep -qsF '{title} for ' index.txt"
PUBLISH = (
    f"{_OURS} && mkdir -p {{folder}}/{{target}}",
    f"{_OURS} && rsync -a --delay-updates --delete-after --exclude=losses.json --exclude='.*' ./ {{folder}}/{{target}}/",
)
"""The lines of a manual that publish a target's folder; the manifest and the losses, which tell more, stay here.

In another folder, each of them does nothing: it would publish what is there, and delete the lists.
"""
FETCHED = tried(model("a device that fetches lists from nginx 1.22"))
WITHDRAW = "rm -r {folder}/{target}"


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
    keeps = True
    kept_names = r"(?!index\.txt)[a-z0-9][a-z0-9._-]{0,180}\.txt"
    kept_most = 5
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({"split": SPLIT, **FEED_OPTIONS})
    by_ports: ClassVar[bool] = True
    """Whether a rule over a list names ports, so that a list of mixed ports opens more than each requirement needs."""
    host_reason = "the device supports whole names, or a wildcard at the start of a name"
    """Why a host cannot be listed, for losses."""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files of each feed, and the index."""
        index = []
        for feed in self.feeds(plan):
            files = list(self.files(plan, feed))
            yield from files
            self.announce(feed.group, [each.name for each in files])
            if files:
                index.append((feed.group, ", ".join(f"{a.name} {a.entries}" for a in files)))
        closed = list(self.closed(plan))
        yield from closed
        head = self.header(plan, "Each group: files and entries; then what a rule over them says.", load=None)
        lines = [*head, *index_lines(plan, index), *closed_lines(each.name for each in closed)]
        yield self.text("index.txt", lines, entries=len(index))

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the files of one feed.

        There is no file for an empty list, which many devices read as a list that matches nothing.
        """
        raise NotImplementedError

    def list_of(self, name: str, content: Content, lines: Sequence[str], head: Sequence[str] = ()) -> Iterator[Artifact]:
        """Yield the file of a list if it has entries, and keep it for the next render.

        Args:
            name: the file.
            content: whether its entries are addresses or names.
            lines: its entries.
            head: the comment lines at the top.
        """
        if lines:
            self.kept[name] = _CONTENTS.index(content)
            yield self.text(name, [*head, *lines], entries=len(lines))

    def announce(self, group: Group, names: Iterable[str]) -> None:
        """Report the lists of a group that the last render did not have: they need a rule."""
        for name in names:
            if self.style.kept and name not in self.style.kept:
                for flow in group.flows:
                    self.report_loss(flow, NARROWED, "new-list", subject=name)

    def paths(self, flow: PlanFlow) -> tuple[str, ...]:
        """Return the URL paths for the entries of a flow; () for the whole host.

        Report what that changes: a device sees a path only in plain HTTP, or where it decrypts TLS (option `paths`).
        """
        if not flow.path or str(flow.tcp) == "80":
            return flow.path
        if self.option("paths") == "path":
            self.report_loss(flow, NARROWED, "encrypted-paths", path=True)
            return flow.path
        self.report_loss(
            flow, WIDENED, "no-paths", "paths are only seen where TLS is decrypted", "set paths=path", path=True
        )
        return ()

    def closed(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the lists of the last render that are not in this one any more, closed."""
        for name, content in self.leaving():
            yield self.text(name, [self.closing(content)], entries=1)

    def leaving(self) -> Iterator[tuple[str, Content]]:
        """Yield the lists that this render closes, and keep them as closed.

        They are those of the last render that are not kept yet; with `gone=remove` without those that it closed.
        """
        kinds = len(_CONTENTS)
        for name, number in sorted(self.style.kept.items()):
            if name not in self.kept and number < (kinds if self.option("gone") == "remove" else 2 * kinds):
                self.kept[name] = number % kinds + kinds
                yield name, _CONTENTS[number % kinds]

    def fewer(self, closed: Collection[Artifact], help: str) -> str:
        """Return the help for too many lists, that for closed ones first."""
        first = "set gone=remove after their rules are removed, or raise the limit for one render"
        return "; ".join(filter(None, [f"{len(closed)} lists are closed: {first}" if closed else "", help]))

    def closing(self, content: Content) -> str:
        """Return the only line of a closed list."""
        return CLOSED[content]

    def words(self) -> Mapping[str, str]:
        """Return the options, and the target's name and title."""
        return {**super().words(), "target": self.name, "title": self.title}

    def feeds(self, plan: Plan) -> Iterator[Feed]:
        """Yield the plan's feeds in the order of its groups.

        Report the entries that the device does not support.
        """
        for group in groups(plan, self.option("split")):
            hosts: dict[HostPattern, list[PlanFlow]] = {}
            for flow in group.flows:
                for host in self._hosts(flow):
                    hosts.setdefault(host, []).append(flow)
            if self.by_ports:
                named = {flow for flows in hosts.values() for flow in flows}
                listed = (
                    f for f in group.flows if f in named or (self.capabilities.addresses and f.theirs and f.theirs.prefixes)
                )
                report_mixed_ports(self, group.name, listed)
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


def closed_lines(names: Iterable[str]) -> Iterator[str]:
    """Yield what an index says of closed lists."""
    for name in names:
        yield ""
        yield f"{name}: closed, since the plan has no entries for it any more."
        yield "    Remove its rule and its object from the device, then render once with gone=remove."
