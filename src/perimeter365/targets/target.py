"""Base class of all targets, and the objects that they produce.

A target is a short subclass of `Target`, one per file, and the file has the target's name (`paloalto_edl.py` defines
`paloalto-edl`). The class declares what the device can express and what its limits are. `artifacts` yields the files and
calls `report_loss` for everything that it leaves out, narrows or widens, with the code of a reason (`reasons`). The module's
docstring is the first part of the target's manual page: its output, the vendor's page, what it supports and what it does
not. `manual` has the commands that install, update and remove the files, and `tried` says how each step of their life was
tried (`life`). The file is long, because the author of a target reads it as a whole.
"""

import json
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from perimeter365.errors import HostPatternError, LimitError, OptionError, ValueNeededError, nearest
from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, TEMPLATE, HostPattern
from perimeter365.model.requirement import Direction
from perimeter365.plan.aggregate import Budget
from perimeter365.plan.observed import ObservedHosts
from perimeter365.plan.outbound import OutboundFlows, outbound_flows
from perimeter365.plan.plan import NatSide, Plan, PlanFlow, PlanRecord, PlanSite
from perimeter365.show.page import BREAKS
from perimeter365.targets._cover import Key, Scope, facts_of, key_of, uncovered
from perimeter365.targets._empty import Denial, check_empty
from perimeter365.targets._judge import LossReport, judge, outside
from perimeter365.targets.life import PARTS, STEPS, Manual, Part, Trials, trial_of
from perimeter365.targets.loss import ALL_PARTS, DROPPED, NARROWED, WIDENED, Loss, LossDetail, LossKind
from perimeter365.targets.reasons import REASONS

if TYPE_CHECKING:
    from perimeter365.model.host import HostKind

__all__ = [
    "ALL",
    "DROPPED",
    "EFFECTS",
    "FULL_CAPABILITIES",
    "KINDS",
    "NARROWED",
    "PROOFS",
    "WIDENED",
    "Artifact",
    "Capabilities",
    "Denial",
    "EarlierRender",
    "Effect",
    "Loss",
    "LossDetail",
    "LossKind",
    "Option",
    "Proof",
    "RenderResult",
    "Style",
    "Target",
    "TargetKind",
    "batch_losses",
    "ids",
    "names_below",
    "no_name_reason",
    "one_line",
]

Proof = Literal["consumer", "second opinion", "by eye"]
PROOFS: Mapping[Proof, str] = {
    "consumer": "the program that the file is for accepted it and acted on it",
    "second opinion": "another generator allows the same packets, or an independent parser reads the same packets back",
    "by eye": "compared line by line with the vendor's page",
}
ALL = "all"
"""Means every target, so no target can have this name."""

Side = NatSide | Literal["both", "none"]
SIDES: Mapping[Side, str] = {
    "inside": "inside of the NAT",
    "public": "the public side of the NAT",
    "original": "as in the original packet, before the NAT translates it: sources inside, destinations public",
    "both": "both sides of the NAT",
    "none": "none; only the other ends of connections",
}
"""The organization's own addresses that a target writes, where a NAT translates them."""

TargetKind = Literal["firewall", "feed", "cloud", "proxy", "vpn", "dns", "client", "data", "document"]
KINDS: tuple[TargetKind, ...] = get_args(TargetKind)

Effect = Literal["permit", "route", "inspect", "resolve", "publish", "browse", "list"]
EFFECTS: Mapping[Effect, str] = {
    "permit": "lets traffic through, or blocks it",
    "route": "chooses the way of traffic: tunnel, proxy or direct",
    "inspect": "exempts traffic from inspection",
    "resolve": "answers or forwards DNS queries",
    "publish": "publishes DNS records",
    "browse": "configures browsers",
    "list": "is read by programs or people, and changes no traffic",
}
_EFFECT_OF: Mapping[TargetKind, Effect] = {
    "firewall": "permit",
    "feed": "permit",
    "cloud": "permit",
    "proxy": "permit",
    "vpn": "route",
    "dns": "resolve",
    "client": "browse",
    "data": "list",
    "document": "list",
}
_ONE_LIST: tuple[Effect, ...] = ("route", "inspect", "resolve", "browse")
"""Effects of entries that are for everyone and for all ports."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """One output file of a target."""

    name: str
    """Relative path, `/` between folders: `optimize-ip.txt`. Only safe characters; no segment starts or ends with a dot."""
    content: bytes
    entries: int
    """Number of rules, prefixes, hosts or records, for the summary and the limits."""

    def __post_init__(self) -> None:
        if len(self.name) > 200 or not _PATH.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a relative path of at most 200 letters, digits and ._-")


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderResult:
    """The result of rendering a plan for one target."""

    target: str
    artifacts: tuple[Artifact, ...]
    losses: tuple[Loss, ...] = ()
    """One for each reason and kind, decisions first, as judged for the targets that were rendered together."""
    outside: Mapping[str, int] = field(default_factory=dict)
    """Kind of requirement (`reasons.OUTSIDE`) -> how many the target is not for."""
    report: LossReport = LossReport(scope=Scope(target="", effect="list"), details=())
    """The parts of requirements behind `losses`."""
    details: tuple[LossDetail, ...] = ()
    """Everything that the target reported, sorted, without duplicates: also what other lines of the artifact cover."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """The plan's `organization`, `profile` and `catalog`, as in the plan's JSON."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """Numbers that the next render has to keep, by name; the manifest of the output folder contains them (`write`)."""
    outbound: OutboundFlows = OutboundFlows()
    """The outbound flows of the plan; the manifest of the output folder contains their ids (`write`)."""
    saved_plan: bytes = b""
    """Content of plan.json, from which the next `--since` computes changes; b"" = not supported by the target."""

    def __post_init__(self) -> None:
        names = [artifact.name.lower() for artifact in self.artifacts]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.target}: two artifacts have the same name (case is ignored)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """An option of a target."""

    default: str | None
    """None if only the organization knows the value: it has to be given in the profile, or with -O."""
    help: str
    choices: tuple[str, ...] = ()
    """The allowed values; () = any text that `check` accepts."""
    example: str = ""
    """An example of a value, for an option without default."""
    several: bool = False
    """Whether the value is a list: separated by commas with -O, an array in the profile."""
    check: Callable[[str], bool] = field(default=lambda value: value.isascii() and value.isprintable())
    """Return whether a text is a valid value. Values are written to artifacts: accept only what cannot be syntax there."""

    @property
    def meaning(self) -> str:
        """What the value is, with an example if there is one."""
        return self.help + (f", such as {self.example}" if self.example else "")


_OUR_NAME = re.compile(r"(?:m365|p365|perimeter365)(?![a-z0-9])", re.ASCII | re.IGNORECASE)
# matches the start of `m365-client-v4`, `P365-FORWARD`, `perimeter365 client`; not of `m365x`
PREFIX = Option(
    default="",
    help="follows m365 and P365 in all names; one for each organization on a shared device: at most 8 of a-z and 0-9",
    check=lambda v: re.fullmatch(r"(?:[a-z][a-z0-9]{0,7})?", v, re.ASCII) is not None,
)
"""The option `prefix`.

Names with two prefixes are never equal, since no prefix contains the character that follows it. They also start with a name
of ours: what an update deletes is found by it, and an administrator may name objects after the organization, too.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a device can express.

    The command `targets` lists it; the base classes of the families use it.
    """

    addresses: bool = False
    """Whether it matches addresses."""
    hosts: "tuple[HostKind, ...]" = ()
    """Kinds of host patterns (`model.host.KINDS`) that it can express."""
    ports: bool = False
    directions: tuple[Direction, ...] = ()
    """Directions of flows that it can express."""
    families: tuple[int, ...] = (4, 6)
    paths: bool = False
    sites: bool = False
    records: bool = False
    comments: bool = True


FULL_CAPABILITIES = Capabilities(
    addresses=True,
    hosts=(EXACT, SUFFIX, GLUED, INNER),
    ports=True,
    directions=("outbound", "inbound", "internal"),
    paths=True,
    sites=True,
    records=True,
)
"""The capabilities of a format that contains the whole plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierRender:
    """An earlier render of a target: its plan and its style."""

    plan: Plan
    style: "Style"


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How to render a plan: everything that is not part of the plan itself."""

    options: Mapping[str, str] = field(default_factory=dict)
    """Values of the target's options, by name."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Overrides of the device's limits, by name."""
    allow_widen: bool = False
    """Whether to widen hosts that the device cannot express exactly; each is reported as a loss."""
    allow_empty: bool = False
    """Whether to render an artifact that denies everything because the plan has nothing for it."""
    batch: tuple[RenderResult, ...] = ()
    """The results of the targets that are rendered together, for targets that show them (`Target.reads_batch`)."""
    observed: ObservedHosts | None = None
    """Names observed on this network, used in place of wildcards that the device cannot express."""
    budget: Budget | None = None
    """Bound on the number of prefixes of the outbound destinations (`plan.aggregate`)."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """Numbers that an earlier render fixed, by name: of policies, priorities, a zone's serial (`RenderResult.kept`)."""
    since: EarlierRender | None = None
    """The render that is on the device now: firewalls then also write the changes since it (`since.load_render`)."""


class Target(ABC):
    """An output format. Subclasses set the class variables and implement `artifacts`."""

    name: ClassVar[str]
    """The NAME in `render NAME`: the module's name with `-` in place of `_`."""
    title: ClassVar[str]
    kind: ClassVar[TargetKind]
    """One of `KINDS`."""
    side: ClassVar[Side] = "public"
    """A key of `SIDES`: which of the organization's own addresses the device compares, where a NAT translates them."""
    vendor_page: ClassVar[str]
    """URL of the documentation that the target follows."""
    proof: ClassVar[Proof]
    """A key of `PROOFS`."""
    proof_detail: ClassVar[str] = ""
    """The program, or the method."""
    capabilities: ClassVar[Capabilities]
    limits: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """The device's limits by name: entries, bytes, line length …; `check_limits` checks the common ones."""
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    own_names: ClassVar[bool] = False
    """Whether it names objects on a device that several organizations can share; it then has the option `prefix`."""
    extra: ClassVar[str] = ""
    """The extra that installs its libraries; "" if it needs none."""
    comment: ClassVar[str] = "#"
    """The start of a comment line."""
    comments: ClassVar[Literal["ascii", "utf-8"]] = "ascii"
    """The characters of comment lines. `utf-8` only if the format's specification, or the program itself, accepts them."""
    effect: ClassVar[Effect | None] = None
    """What its files do to traffic; None for the usual effect of its kind."""
    by_role: ClassVar[bool] = False
    """Whether its rules are for the machines of a role, whatever their addresses."""
    denies_by_default: ClassVar[Denial] = "no"
    """Whether the device refuses what the files do not permit. Such a target is not rendered without entries (`Denial`)."""
    keeps: ClassVar[bool] = False
    """Whether it numbers entries, and keeps the numbers of an earlier render (`Style.kept`, `Target.kept`)."""
    kept_names: ClassVar[str] = r"(?!)"
    """The form of the names of kept numbers, as a regular expression: the manifest that has them can be edited by others."""
    kept_most: ClassVar[int] = 2**32 - 1
    """The largest kept number."""
    kept_unique: ClassVar[bool] = False
    """Whether no two names can have the same number."""
    manual: ClassVar[Manual | None] = None
    """How the files get to the device, are updated and removed."""
    tried: ClassVar[Trials] = MappingProxyType({})
    """How each step of the files' life was tried; a step that is missing was not. The tests in tests/life say the same."""
    reads_batch: ClassVar[bool] = False
    """Whether it shows the results of the other targets, and is rendered after them."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.own_names:
            cls.options = MappingProxyType({**cls.options, "prefix": PREFIX})

    def __init__(self, style: Style | None = None) -> None:
        self.style = style or Style()
        self.kept: dict[str, int] = {}
        """The numbers of this render by name, filled by `artifacts` of a target that `keeps`."""
        self._losses: set[LossDetail] = set()
        self._unselected: set[Key] = set()
        self._two_sided = False
        for key, value in self.style.options.items():
            self.check_option(key, value)
        for key in self.style.limits:
            if key not in self.limits:
                raise OptionError(f"{self.name} has no limit {key!r}", help=_near(key, self.limits))

    @abstractmethod
    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the output files for a plan."""

    def render(self, plan: Plan) -> RenderResult:
        """Make the files, check them against the device's limits, and collect the losses.

        The same plan and style give the same bytes. Raises LimitError if a limit is exceeded, and EmptyArtifactError if the
        files would refuse everything; nothing is written then.
        """
        if missing := self.missing(plan):
            raise ValueNeededError(self.name, missing)
        self.kept.clear()
        self._losses.clear()
        self._unselected.clear()
        self._two_sided = plan.two_sided
        plan = self.seen(plan)
        made = tuple(self.artifacts(plan))
        about = {
            "organization": plan.organization,
            "profile": plan.profile_hash,
            "catalog": {str(c): {"version": v.version, "origin": v.origin} for c, v in plan.versions.items()},
        }
        self._report_nothing(plan, made)
        details = tuple(sorted(self._losses, key=LossDetail.sort_key()))
        report = LossReport(
            scope=self.scope(),
            details=uncovered(plan, self.scope(), details, self._unselected),
            unselected=frozenset(self._unselected),
        )
        if not self.style.allow_empty:
            self.check_empty(plan, details)
        said = self._left_out(plan, report)
        made = tuple(replace(each, content=_say(each.content, said)) for each in made)
        for artifact in made:
            self.check_limits(artifact)
        return RenderResult(
            target=self.name,
            artifacts=made,
            losses=judge(plan, [report])[self.name],
            outside=outside(plan, report),
            report=report,
            details=details,
            about=about,
            kept=dict(sorted(self.kept.items())),
            outbound=outbound_flows(plan),
        )

    def _report_nothing(self, plan: Plan, made: Iterable[Artifact]) -> None:
        """Report that the files have no entry, because an option leaves out everything."""
        if self.scope().effect in ("route", "inspect") and not any(artifact.entries for artifact in made):
            for flow in plan.flows:
                if key_of(flow) in self._unselected:
                    self.report_loss(flow, DROPPED, "nothing-selected")
            self._unselected.clear()

    @classmethod
    def scope(cls) -> Scope:
        """Return what the target is for, and what its entries match."""
        can, effect = cls.capabilities, cls.effect or _EFFECT_OF[cls.kind]
        return Scope(
            target=cls.name,
            effect=effect,
            directions=can.directions,
            sites=can.sites,
            records=can.records,
            paths=can.paths,
            by_rule=effect not in _ONE_LIST,
            by_role=cls.by_role,
        )

    def denial(self) -> Denial:
        """Return `denies_by_default`, or what the options make of it."""
        return self.denies_by_default

    def check_empty(self, plan: Plan, details: Iterable[LossDetail]) -> None:
        """Raise EmptyArtifactError if the device would refuse everything.

        Or everything of one IP version.

        Args:
            plan: the plan that was rendered.
            details: what the target reported for it.
        """
        denial = self.denial()
        if denial != "no":
            can = self.capabilities
            families = can.families if denial == "family" else ()
            check_empty(self.name, plan, self.scope(), details, families, names=bool(can.hosts))

    def seen(self, plan: Plan) -> Plan:
        """Return a plan with the own addresses that the device compares."""
        return plan if self.side == "both" else plan.seen_from("public" if self.side == "none" else self.side)

    def check_limits(self, artifact: Artifact) -> None:
        """Check the common limits of one file, `entries` and `bytes`.

        Targets add their own.
        """
        self.check_limit("entries", artifact.entries, artifact.name)
        self.check_limit("bytes", len(artifact.content), artifact.name)

    def check_limit(self, limit: str, value: int, what: str, help: str = "") -> None:
        """Raise LimitError if the device has a limit of this name and `value` exceeds it.

        Args:
            limit: the limit's name.
            value: the number that is needed.
            what: what needs it, for the message: `the plan`, or the name of a file or object.
            help: the first proposal of the message.
        """
        bound = self.limit(limit)
        if bound is not None and value > bound:
            raise LimitError(
                f"{self.name}: {what} needs {value} {limit}, the limit is {bound}",
                help=help or "select less, use --max-prefixes",
                option=f"{self.name}.{limit}={value}",
            )

    def limit(self, name: str) -> int | None:
        """Return the limit in force, the user's or the device's.

        Return None if there is no such limit.
        """
        return self.style.limits.get(name, self.limits.get(name))

    def option(self, name: str) -> str:
        """Return the value of an option, the user's or the default.

        Raises ValueNeededError if it has neither.
        """
        value = self.style.options.get(name, self.options[name].default)
        if value is None:
            raise ValueNeededError(self.name, {name: self.options[name].meaning})
        return value

    def own_name(self, name: str) -> str:
        """Return a name with the organization's prefix, in the name's case.

        An example is `m365fabrikam-client-v4` for `m365-client-v4`. Without a prefix, the name is returned as it is. A name
        that does not start with a name of ours has one in front.
        """
        prefix = self.option("prefix")
        if not prefix:
            return name
        ours = _OUR_NAME.match(name)
        if ours is None:
            return f"m365{prefix}-{name}"
        return ours[0] + (prefix.upper() if ours[0].isupper() else prefix) + name[ours.end() :]

    def needed(self, plan: Plan) -> Iterable[str]:
        """Return the names of the options without default that a plan needs."""
        return (name for name, option in self.options.items() if option.default is None)

    def missing(self, plan: Plan) -> Mapping[str, str]:
        """Return the options that a plan needs and that have no value, with their meaning."""
        return {name: self.options[name].meaning for name in self.needed(plan) if name not in self.style.options}

    def report_loss(
        self,
        about: PlanFlow | PlanSite | PlanRecord,
        kind: LossKind,
        reason: str,
        message: str = "",
        remedy: str | None = None,
        *,
        subject: str = "",
        host: HostPattern | None = None,
        protocol: str = "",
        family: int = 0,
        path: bool = False,
        adds: Iterable[HostPattern | None] = (),
    ) -> None:
        """Report that the files do not express a requirement, or a part of it, exactly.

        The same loss reported twice is listed once. Without a part, the loss is about the whole requirement.

        Args:
            about: the requirement.
            kind: widened, narrowed or dropped.
            reason: the code of a reason in `reasons.REASONS`.
            message: the reason with this target's detail, the same for all requirements; "" for the registry's sentence.
            remedy: what the user can do; None for the registry's remedy.
            subject: the affected part as text, if the next arguments do not describe it.
            host: the affected host.
            protocol: `tcp` or `udp` if only that is affected.
            family: 4 or 6 if only that IP version is affected.
            path: whether the URL paths of a flow are affected.
            adds: for a widened host, the names that are added; None stands for names that no pattern describes.
        """
        if reason not in REASONS:
            raise ValueError(f"{reason!r} is not the code of a reason in targets.reasons")
        known = REASONS[reason]
        added = tuple(adds)
        self._losses.add(
            LossDetail(
                code=reason,
                id=about.id,
                cloud=str(about.cloud),
                part=key_of(about)[2],
                kind=kind,
                subject=subject or _subject(about, host, protocol, family, path),
                host=host,
                protocol=protocol,
                family=family,
                path=path,
                adds=tuple(a for a in added if a) if all(added) else (),
                message=message or known.sentence,
                remedy=known.remedy if remedy is None else remedy,
            )
        )

    def report_widened(
        self, about: PlanFlow | PlanSite, host: HostPattern, message: str = "", remedy: str | None = None
    ) -> None:
        """Report that an entry also includes the domain itself and all names below."""
        more = HostPattern(host.apex) if host.kind == SUFFIX else names_below(host.text)
        what = message or "an entry also includes the domain itself, and every name below it"
        self.report_loss(about, WIDENED, "wider-match", what, remedy, host=host, adds=(more,))

    def leave_unselected(self, about: PlanFlow | PlanSite | PlanRecord) -> None:
        """Count a requirement that an option such as `categories` leaves out."""
        self._unselected.add(key_of(about))

    def express(
        self, about: PlanFlow | PlanSite, host: HostPattern, reason: str, kinds: tuple[str, ...] = ()
    ) -> tuple[HostPattern, ...]:
        """Return the patterns that express a host on the device; report the losses.

        In this order: the host itself, if the device supports its kind; the observed names that it matches, if there are
        any (narrowed); the enclosing `*.name`, if widening is allowed and the device supports it (widened); otherwise
        nothing (dropped).

        Args:
            about: the flow or site that needs the host.
            host: the host pattern of the plan.
            reason: why the device cannot express it, for the loss: `a wildcard must be a whole label`.
            kinds: the supported kinds, if they depend on an option; () = those of the capabilities.
        """
        kinds = kinds or self.capabilities.hosts
        if host.kind in kinds:
            return (host,)
        wider = host.enclosing if SUFFIX in kinds else None
        if seen := self.style.observed.under(host) if self.style.observed else ():
            names = ", ".join(str(s) for s in seen[:3]) + (", ..." if len(seen) > 3 else "")
            self.report_loss(about, NARROWED, "observed-only", subject=f"{host}: {names}", host=host)
            return tuple(s.host for s in seen)
        if wider and self.style.allow_widen:
            self.report_loss(
                about, WIDENED, "allow-widen", f"{reason}; widened with --allow-widen", host=host,
                subject=f"{host} to {wider}", adds=(wider,),
            )  # fmt: skip
            return (wider,)
        if host.kind == TEMPLATE:
            self.report_loss(about, DROPPED, "no-value", host=host)
        else:
            self.report_loss(about, DROPPED, "wildcard-form", reason, _WAYS if SUFFIX in kinds else None, host=host)
        return ()

    def words(self) -> Mapping[str, str]:
        """Return what replaces `{name}` in the lines of the manual.

        The words are the options, and what a target adds.
        """
        return {
            key: self.style.options.get(key, option.example.strip("'") if option.default is None else option.default)
            for key, option in self.options.items()
        }

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the filled-in lines of a part of the manual; () if there is none."""
        words = self.words()
        lines = self.manual.lines(part) if self.manual else ()
        return tuple(_WORD.sub(lambda found: words[found[1]], line) for line in lines)

    def header(self, plan: Plan, *more: str, load: Part | None = "install") -> list[str]:
        """Return the comment lines at the top of a file.

        They have the title, the profile, the catalog, what the file does besides, and how to load it. They never contain the
        current date.

        Args:
            plan: the plan.
            more: further lines.
            load: the part of the manual that the lines quote; None for none.
        """
        # Separate lines: in one line, a long name or five clouds would push the rest beyond the length of a comment.
        versions = ", ".join(f"{cloud} {v.version} ({v.origin})" for cloud, v in plan.versions.items())
        lines = [
            f"{self.title} for {plan.organization}",
            f"Made by perimeter365 for profile {plan.profile_hash}; do not edit, render it again.",
            f"Catalog: {versions or 'none'}",
            *([f"Entries: {plan.differs}"] if plan.differs else []),
            *([f"Own addresses: {SIDES[self.side]}"] if self._two_sided and self.side != "none" else []),
            *more,
        ]
        said = [*(one_line(line, self.comments) for line in lines), _LEFT_OUT]
        if self.manual and load:
            said += [f"{title}: {text}" for title, text in (("Besides", self.besides()), ("First", self.first())) if text]
            said += [f"{PARTS[load]} ({self.manual.where}):", *(f"  {line}" for line in self.commands(load))]
        return [f"{self.comment} {line}".rstrip() for line in said]

    def besides(self) -> str:
        """Return the other effects of loading the files; "" if there are none.

        They are what loading changes or refuses besides what the files permit.
        """
        return self.manual.besides if self.manual else ""

    def first(self) -> str:
        """Return how to try the files safely first.

        The text is "" if loading them has no effect by itself.
        """
        return self.manual.first if self.manual else ""

    def _left_out(self, plan: Plan, report: LossReport) -> str:
        """Return how many requirements are not in the files, for their headers."""
        about = {key[:2] for key, fact in facts_of(plan).items() if report.scope.includes(fact)}
        gone = {detail.key[:2] for detail in report.details if detail.whole} | {key[:2] for key in report.unselected}
        parts = {detail.key[:2] for detail in report.details if detail.kind != WIDENED} - gone
        if not (gone or parts):
            return f"All {len(about)} requirements are in it."
        missing = f"Not in it: {len(gone & about)} of {len(about)} requirements"
        return f"{missing}{f', and parts of {len(parts)}' if parts else ''}. losses.json says which, and why."

    def text(self, name: str, lines: Iterable[str], entries: int) -> Artifact:
        """Make a text file of lines, each terminated by a newline.

        Raises ValueError for a line with a line break or a mark that changes the writing direction: a defect of the target.
        """
        lines = list(lines)
        for line in lines:
            if found := BREAKS.search(line.replace(_LEFT_OUT, "")):
                raise ValueError(f"{self.name}: a line of {name} contains {found[0]!r}")
        return Artifact(name=name, content="".join(f"{line}\n" for line in lines).encode(), entries=entries)

    @classmethod
    def check_option(cls, key: str, value: str) -> None:
        """Raise OptionError if an option does not exist, or does not have this value."""
        if key not in cls.options:
            raise OptionError(f"{cls.name} has no option {key!r}", help=_near(key, cls.options))
        option = cls.options[key]
        if option.choices and value not in option.choices:
            raise OptionError(
                f"{value!r} is not a value of {cls.name}.{key}", help=f"the values are {', '.join(option.choices)}"
            )
        if not option.choices and not option.check(value):
            raise OptionError(f"{value!r} is not a value of {cls.name}.{key}", help=option.help)

    @classmethod
    def _manual(cls) -> dict[str, Any]:
        """Return the manual for `describe`, with the examples of options without default."""
        if cls.manual is None:
            return {}
        target = cls()
        commands: dict[str, Any] = {part: list(target.commands(part)) for part in PARTS}
        return {"where": cls.manual.where, "besides": target.besides(), "first": target.first()} | commands

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """Describe the target, as `targets --json` prints it."""
        can = cls.capabilities
        return {
            "name": cls.name,
            "title": cls.title,
            "kind": cls.kind,
            "proof": cls.proof,
            "proof_detail": cls.proof_detail,
            "extra": cls.extra,
            "side": cls.side,
            "manual": cls._manual(),
            "life": {step: trial_of(cls.tried, step) for step in STEPS},
            "vendor_page": cls.vendor_page,
            "capabilities": {key: getattr(can, key) for key in can.__slots__},
            "limits": dict(cls.limits),
            "options": {
                k: {"default": o.default, "choices": list(o.choices), "help": o.help, "several": o.several}
                for k, o in cls.options.items()
            },
        }


def _say(content: bytes, text: str) -> bytes:
    """Put a text in its place in the header of a file, in the encoding of the file."""
    for form in (_LEFT_OUT, json.dumps(_LEFT_OUT)[1:-1]):
        for encoding in ("utf-8", "utf-16-le"):
            content = content.replace(form.encode(encoding), text.encode(encoding))
    return content


def batch_losses(rendered: Iterable[RenderResult]) -> tuple[tuple[str, Loss], ...]:
    """Return the losses of several results with their targets, decisions first."""
    found = [(each.target, loss) for each in rendered for loss in each.losses]
    return tuple(sorted(found, key=lambda pair: (not pair[1].open, pair[1].level != "decide")))


def ids(flows: Iterable[PlanFlow]) -> str:
    """Return the ids of flows, separated by spaces, without duplicates."""
    return " ".join(dict.fromkeys(flow.id for flow in flows))


def one_line(text: str, characters: Literal["ascii", "utf-8"] = "ascii") -> str:
    """Make free text safe for a comment.

    The result is one line of at most 200 characters: printable ASCII; with `utf-8` also letters, their marks, and numbers.

    No organization name can end a comment early or hide the text after it.

    >>> one_line("Müller & Söhne */", "utf-8")
    'Müller & Söhne *?'
    """
    if characters == "utf-8" and not text.isascii():
        kept = _STACKED.sub("?", _INVISIBLE.sub("?", unicodedata.normalize("NFC", text)))
        # Letters, marks and numbers only: some programs read typographic quotes and dashes as ASCII ones.
        text = "".join(c if c.isascii() or unicodedata.category(c)[0] in "LMN" else "?" for c in kept)
        return _UNSAFE_ASCII.sub("?", text).replace("*/", "*?").replace("--", "-?")[:200]
    return _UNSAFE.sub("?", text).replace("*/", "*?").replace("--", "-?")[:200]


_WAYS = "list the names in use with --observed FILE, or widen with --allow-widen"


def no_name_reason(flow: PlanFlow) -> str:
    """Return the reason of the loss of a flow whose destination has no names."""
    end = flow.destination
    return "no-anyone" if end.anyone else "no-addresses" if end.prefixes else "unknown-end"


def names_below(name: str) -> HostPattern | None:
    """Return the pattern of all names below a name; None for a public suffix."""
    try:
        return HostPattern(f"*.{name}")
    except HostPatternError:
        return None


def _subject(
    about: PlanFlow | PlanSite | PlanRecord, host: HostPattern | None, protocol: str, family: int, path: bool
) -> str:
    if isinstance(about, PlanRecord):
        return f"{about.name} {about.type}"
    if isinstance(about, PlanSite):
        return (host or about.host).text
    ports = f"{protocol} {getattr(about, protocol)}" if protocol else ""
    version = f"ipv{family}" if family else ""
    paths = ",".join(about.path) if path else ""
    return " ".join(word for word in (host.text if host else "", ports, version, paths) if word) or ALL_PARTS


_LEFT_OUT = "\x01LEFT-OUT\x01"
# Stands in a header until the losses are known. No name of an organization contains it.
_WORD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Matches `m365/optimize-ip.txt`, not `../optimize-ip.txt`.
_PATH = re.compile(r"(?!\.)[A-Za-z0-9._-]*[A-Za-z0-9_-](?:/(?!\.)[A-Za-z0-9._-]*[A-Za-z0-9_-])*", re.ASCII)
_UNSAFE = re.compile(r"""[^ -~]|[<>"'`\\$%{}]""")
# Letters and marks that are not drawn, such as U+3164 (Hangul filler) and variation selectors; not U+00E9.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# The third and later combining marks on one letter, which can cover other lines.
_STACKED = re.compile("(?<=[\u0300-\u036f]{2})[\u0300-\u036f]+")
_UNSAFE_ASCII = re.compile(r"""[\x00-\x1f\x7f<>"'`\\$%{}]""")


def _near(key: str, known: Mapping[str, object]) -> str:
    near = nearest(key, known)
    return f"did you mean {near!r}?" if near else f"the names are {', '.join(known)}" if known else "it has none"
