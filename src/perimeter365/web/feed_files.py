"""The files of a target for a selection or a named profile.

The files are those of `perimeter365 render`, byte by byte: the plan is the edition's, and the target renders it within the
operator's constraints. A file without entries is never among them.

Only targets whose files a device or program polls by URL are served:

    target                  polled by                                        without a profile
    the kind `feed`         the firewalls of their vendors                   yes
    text                    any program that reads one entry per line        yes
    csv                     data pipelines, spreadsheets                     yes
    clickhouse-dictionary   ClickHouse, a dictionary with the source HTTP    yes
    tls-bypass              proxies that read a list of names                yes
    squid                   a timer, before `squid -k reconfigure`           no: its rules have the addresses of the clients
    dnsmasq, unbound        a timer, before a reload                         no: they have the addresses of your resolvers

Others are not lists. A set of rules, a script or a policy is loaded by a person or a job with the commands of its manual
(`ipset`, `nftables` …); `/pac` has the PAC files; Parquet and MaxMind DB need libraries that the service does not load.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from perimeter365.errors import (
    CatalogError,
    EmptyArtifactError,
    HostPatternError,
    LimitError,
    MissingExtraError,
    NeverListError,
    OptionError,
    Perimeter365Error,
    ProfileError,
    UnknownNameError,
)
from perimeter365.plan.aggregate import Budget
from perimeter365.targets import Style, targets
from perimeter365.web.answer import TEXT
from perimeter365.web.request import RefusedError
from perimeter365.web.selection import said, unknown

if TYPE_CHECKING:
    from perimeter365.model.catalog import CatalogVersion
    from perimeter365.model.cloud import Cloud
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile
    from perimeter365.targets import Artifact
    from perimeter365.web.edition import Edition
    from perimeter365.web.selection import Selection
    from perimeter365.workspace import Workspace

FEEDS = (
    "checkpoint-gdc",
    "checkpoint-network-feed",
    "cisco-si-feed",
    "f5-datagroup",
    "fortigate-feed",
    "paloalto-edl",
    "sonicwall-deag",
    "srx-feed",
    "url-table-alias",
    "zscaler-url-category",
)
"""The targets of the kind `feed`; those of other distributions are served, too."""

PLAIN = ("clickhouse-dictionary", "csv", "text", "tls-bypass")
OWN = ("dnsmasq", "squid", "unbound")
"""Targets that are only served for a named profile."""

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8; header=present",
        "json": "application/json; charset=utf-8",
        "tgz": "application/gzip",
    }
)
"""Ending of a file -> its content type; text for all others, scripts too."""

HELPERS = ("index.txt", "load.sh", "m365.sql")
"""Files beside the lists, for a person."""

KEEPING = 16
"""How many plans, and how many targets' files, are kept."""

_T = TypeVar("_T")


def content_type(name: str) -> str:
    """Return the content type of a file."""
    return TYPES.get(name.rpartition(".")[2], TEXT)


def check_target(name: str, *, own: bool) -> None:
    """Raise RefusedError if a target is not served.

    Args:
        name: the target.
        own: whether it is for a named profile.
    """
    known = (*FEEDS, *PLAIN, *(OWN if own else ()))
    if name in known:
        return
    if name in OWN:
        raise RefusedError(404, f"{name} has addresses of your own: put a profile on the server and fetch /p/NAME/{name}.")
    try:
        there = name in targets and targets[name].kind
    except Perimeter365Error:
        there = False  # of another distribution, and broken
    if there == "feed":
        return
    if there:
        raise RefusedError(404, f"{name} is not a list that devices poll: `perimeter365 render {name}` writes it.")
    raise RefusedError(404, unknown("feed target", name, sorted(known)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What is asked for: a target for a profile, narrowed by a selection."""

    target: str
    profile: Profile
    selection: Selection
    name: str = ""
    """The name of the profile; "" for that of the selection."""

    @property
    def key(self) -> tuple[str, str, Selection]:
        """What the plan depends on besides the lists and the day.

        Hashes of profiles are short: only those of the operator's own files are part of it.
        """
        return self.name, self.profile.hash if self.name else "", self.selection

    @property
    def style(self) -> Style:
        """The style without kept numbers."""
        most = self.selection.max_prefixes
        return Style(budget=Budget(most=most) if most else None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The files of a feed."""

    made: Mapping[str, Artifact] = field(default_factory=dict)
    """Those with entries, by name."""
    empty: str = ""
    """Why there are none; "" if there are some."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """The lists and their contents, open and closed (`RenderResult.kept`); () for targets without a number of them."""
    versions: Mapping[Cloud, CatalogVersion] = field(default_factory=dict)

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the files that a device can be pointed at."""
        return tuple(name for name in self.made if name not in HELPERS)

    @property
    def lists_text(self) -> str:
        """The clouds and versions: `worldwide 2026080200`."""
        return ", ".join(f"{cloud} {each.version}" for cloud, each in self.versions.items())

    @property
    def bundled(self) -> bool:
        """Whether one file has all lists, so that a list is not a file."""
        return any(name not in self.made for name in self.kept)


class Renderer:
    """Renders feeds.

    It keeps the last plans, which several targets need, and the last files, which are asked for singly.
    """

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[object, ...], Plan] = OrderedDict()
        self._files: OrderedDict[tuple[object, ...], Files] = OrderedDict()
        self._lock = threading.Lock()

    def files(self, edition: Edition, feed: Feed, kept: Mapping[str, int] | None = None) -> Files:
        """Return the files of a feed.

        Args:
            edition: what is served.
            feed: the feed.
            kept: lists of an earlier render, which are closed if they are not needed any more.

        Raises:
            RefusedError: the profile, the target or the operator's constraints do not allow them.
            OutdatedError: the store has changed since the edition was loaded.
            StoreError, InputError: the store, or the file of the constraints, cannot be read.
        """
        key = edition.generation, edition.day, feed.target, feed.key, tuple(sorted((kept or {}).items()))
        with self._lock:
            if found := self._files.get(key):
                return found
        try:
            files = render_plan(edition.workspace, feed, self._plan(edition, feed), kept or {})
        except _REFUSED as error:
            raise RefusedError(422, _text(error)) from None
        except _WRONG as error:
            raise RefusedError(400, _text(error)) from None
        edition.check()
        self._keep(self._files, key, files)
        return files

    def _plan(self, edition: Edition, feed: Feed) -> Plan:
        key = edition.generation, edition.day, feed.key
        with self._lock:
            if found := self._plans.get(key):
                return found
        plan = feed.selection.part_of(edition.plan(feed.profile, at=feed.selection.at))
        self._keep(self._plans, key, plan)
        return plan

    def _keep(self, kept: OrderedDict[tuple[object, ...], _T], key: tuple[object, ...], value: _T) -> None:
        with self._lock:
            kept[key] = value
            while len(kept) > KEEPING:
                kept.popitem(last=False)


def render_plan(workspace: Workspace, feed: Feed, plan: Plan, kept: Mapping[str, int]) -> Files:
    """Render a plan for a feed within the operator's constraints.

    Raises as `Workspace.render`, but a target with nothing is `Files.empty`.

    Args:
        workspace: the operator's constraints.
        feed: the feed.
        plan: its plan.
        kept: lists of an earlier render, which are closed if they are not needed any more.
    """
    try:
        rendered = workspace.render(plan, feed.target, replace(feed.style, kept=kept, allow_empty=bool(kept)))
    except EmptyArtifactError as error:
        return Files(empty=error.message, versions=plan.versions)
    made = {each.name: each for each in rendered.artifacts if each.entries or kept}
    return Files(
        made=made,
        empty="" if made else f"{feed.target}: there are no entries for this selection",
        kept=rendered.kept if targets[feed.target].kind == "feed" else {},
        versions=plan.versions,
    )


_REFUSED = (LimitError, NeverListError, OptionError, MissingExtraError)
_WRONG = (UnknownNameError, ProfileError, HostPatternError, CatalogError)


def _text(error: Perimeter365Error) -> str:
    return said(error.message, error.help).replace("--max-prefixes", "max_prefixes")
