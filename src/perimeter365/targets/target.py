"""What all targets share: what a target is, what it makes, what it loses, and how its output is checked.

A target is a short class of differences over `Target`, one in a file whose name is its name
(`paloalto_edl.py` holds `paloalto-edl`). The class says what the device can express and what its limits are;
`artifacts` yields files and calls `lose` for everything that it leaves out or opens further. The docstring of
the module is the target's manual page: what it makes, the vendor's page, what it can and cannot say, how to install
the file on the device and how to update it.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from perimeter365.errors import LimitError, OptionError, nearest
from perimeter365.model.finding import Finding
from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.aggregate import Budget
from perimeter365.plan.observed import Observed
from perimeter365.plan.plan import Plan, PlanFlow, PlanRecord, PlanSite
from perimeter365.show.page import BREAKS

WIDENED, NARROWED, DROPPED = "widened", "narrowed", "dropped"
PROOFS = {
    "consumer": "the real program that reads it accepted it and acted on it",
    "second opinion": "another generator allows the same packets, or a reader of ours reads the same packets back",
    "by eye": "read line by line against the vendor's page",
}
ALL = "all"
"""Stands for every target, so that no target has this name."""
KINDS = ("firewall", "feed", "cloud", "proxy", "vpn", "dns", "client", "data", "document")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss(Finding):
    """Something that a requirement needs and the artifact does not say exactly.

    Its id is the requirement's; its code, message and remedy are the loss's kind, reason and proposal.
    """

    cloud: str
    subject: str
    """What of it: a host, a port list, a path, `all`."""

    keys = {"id": "id", "cloud": "cloud", "kind": "code", "subject": "subject", "reason": "message", "proposal": "remedy"}

    @property
    def kind(self) -> str:
        """`widened`: more is open than needed; `narrowed`: less; `dropped`: nothing of it is there."""
        return self.code

    @property
    def reason(self) -> str:
        """Why the device cannot say it."""
        return self.message

    @property
    def proposal(self) -> str:
        """What the user can do about it."""
        return self.remedy


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """One file that a target makes."""

    name: str
    """Relative path of safe characters, `/` between folders: `optimize-ip.txt`. No segment starts or ends with a dot."""
    content: bytes
    entries: int
    """How many rules, prefixes, hosts or records it holds, for the summary and the limits."""

    def __post_init__(self) -> None:
        if len(self.name) > 200 or not _PATH.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a relative path of letters, digits and ._-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What a target made of a plan."""

    target: str
    artifacts: tuple[Artifact, ...]
    losses: tuple[Loss, ...]
    """Sorted, once each."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """Whose plan it was: `organization`, `profile` and `catalog`, as in the plan's JSON."""
    kept: bytes = b""
    """What has to be known of this render to say later what has changed (`since`); b"" = nothing is kept."""

    def __post_init__(self) -> None:
        names = [artifact.name.lower() for artifact in self.artifacts]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.target}: two artifacts have one name (letter case does not count)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A setting that a target takes besides the plan."""

    default: str
    help: str
    choices: tuple[str, ...] = ()
    """The values it takes; () = any text that `check` accepts."""
    check: Callable[[str], bool] = field(default=lambda value: value.isascii() and value.isprintable())
    """Is this text a value? Whatever passes reaches the artifact: accept only what cannot be syntax there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a device can express. `targets` and the docs show it; the family bases act on it."""

    addresses: bool = False
    """Does it match by address?"""
    hosts: tuple[str, ...] = ()
    """Kinds of host patterns (`model.host.KINDS`) that it can say."""
    ports: bool = False
    directions: tuple[str, ...] = ()
    """Directions of flows that it can say."""
    families: tuple[int, ...] = (4, 6)
    paths: bool = False
    sites: bool = False
    records: bool = False
    comments: bool = True


EVERYTHING = Capabilities(
    addresses=True,
    hosts=(EXACT, SUFFIX, GLUED, INNER),
    ports=True,
    directions=("outbound", "inbound", "internal"),
    paths=True,
    sites=True,
    records=True,
)
"""Of what holds the plan as a whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """What a device was given before: an earlier plan, and how it was rendered."""

    plan: Plan
    style: "Style"


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How to render: one frozen object for everything that is not the plan."""

    options: Mapping[str, str] = field(default_factory=dict)
    """The target's own options, by name."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Overrides of the device's limits, by name."""
    allow_widen: bool = False
    """May a host that the device cannot say exactly be opened wider (with a loss that says so)?"""
    observed: Observed | None = None
    """Names seen on this network, which stand in for wildcards that the device cannot say."""
    budget: Budget | None = None
    """How few prefixes the outbound destinations have to fit in (`plan.aggregate`)."""
    since: Earlier | None = None
    """What the device has now: firewalls then say what has changed besides the whole (`since.load`)."""


class Target(ABC):
    """A consumer's format. Subclasses fill the class variables and `artifacts`."""

    name: ClassVar[str]
    """As in `render NAME`; the module's name with `-` for `_`."""
    title: ClassVar[str]
    kind: ClassVar[str]
    """One of `KINDS`."""
    vendor_page: ClassVar[str]
    """The page whose rules the target follows."""
    proof: ClassVar[str]
    """A key of `PROOFS`."""
    proof_detail: ClassVar[str] = ""
    """By which program, or how."""
    capabilities: ClassVar[Capabilities]
    limits: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """The device's limits by name: entries, bytes, line length …; `check_limits` holds the common ones."""
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    extra: ClassVar[str] = ""
    """The extra that its libraries come with; "" when it needs none."""
    comment: ClassVar[str] = "#"
    """What starts a comment line."""

    def __init__(self, style: Style | None = None) -> None:
        self.style = style or Style()
        self._losses: set[Loss] = set()
        for key, value in self.style.options.items():
            self._check_option(key, value)
        for key in self.style.limits:
            if key not in self.limits:
                raise OptionError(f"{self.name} has no limit {key!r}", help=_near(key, self.limits))

    @abstractmethod
    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The files that the plan becomes."""

    def render(self, plan: Plan) -> Rendered:
        """Make the files, check them against the device's limits, and collect what was lost.

        Raises LimitError before anything is written. Same plan and style, same bytes.
        """
        self._losses.clear()
        made = tuple(self.artifacts(plan))
        for artifact in made:
            self.check_limits(artifact)
        about = {
            "organization": plan.organization,
            "profile": plan.profile_hash,
            "catalog": {str(c): {"version": v.version, "origin": v.origin} for c, v in plan.versions.items()},
        }
        return Rendered(target=self.name, artifacts=made, losses=tuple(sorted(self._losses)), about=about)

    def check_limits(self, artifact: Artifact) -> None:
        """The common limits: `entries` and `bytes` of one file. Targets add their own."""
        self.hold("entries", artifact.entries, artifact.name)
        self.hold("bytes", len(artifact.content), artifact.name)

    def hold(self, limit: str, value: int, what: str, help: str = "") -> None:
        """Raise LimitError when the device has this limit and `value` passes it; `help` is a way out that comes first."""
        bound = self.limit(limit)
        if bound is not None and value > bound:
            raise LimitError(
                f"{self.name}: {what} needs {value} {limit}, the device takes {bound}",
                help=f"{help or 'select less, use --max-prefixes'}, or raise it with --limit {self.name}.{limit}={value}",
            )

    def limit(self, name: str) -> int | None:
        """The limit in force, the user's or the device's; None when there is none."""
        return self.style.limits.get(name, self.limits.get(name))

    def option(self, name: str) -> str:
        """The option's value, the user's or the default."""
        return self.style.options.get(name, self.options[name].default)

    def lose(
        self, about: PlanFlow | PlanSite | PlanRecord, kind: str, subject: str, reason: str, proposal: str = ""
    ) -> None:
        """Note a loss. The same loss noted twice is one."""
        self._losses.add(
            Loss(id=about.id, cloud=str(about.cloud), subject=subject, code=kind, message=reason, remedy=proposal)
        )

    def express(
        self, about: PlanFlow | PlanSite, host: HostPattern, reason: str, kinds: tuple[str, ...] = ()
    ) -> tuple[HostPattern, ...]:
        """The patterns by which the device says a host: itself, or the nearest that it can; notes what is lost.

        In this order: the host itself, if its kind is among the capabilities; the names seen under it, if any were
        observed (narrowed); the enclosing `*.name`, if widening is allowed and the device can say that; else nothing.

        Args:
            about: what needs the host.
            host: as the plan has it.
            reason: why the device cannot say it, for the loss: `a star has to be a whole label`.
            kinds: what the device can say where that depends on an option; () for the capabilities' kinds.
        """
        kinds = kinds or self.capabilities.hosts
        if host.kind in kinds:
            return (host,)
        wider = host.enclosing if SUFFIX in kinds else None
        if seen := self.style.observed.under(host) if self.style.observed else ():
            names = ", ".join(str(s) for s in seen[:3]) + (", ..." if len(seen) > 3 else "")
            self.lose(about, NARROWED, host.text, f"{reason}; only the names seen are there: {names}")
            return tuple(s.host for s in seen)
        if wider and self.style.allow_widen:
            self.lose(about, WIDENED, host.text, f"{reason}; opened as {wider}")
            return (wider,)
        ways = [f"widen to {wider} with --allow-widen"] if wider else []
        ways.append("name what is really used with --observed FILE")
        never_seen = "; no name under it was seen" if self.style.observed else ""
        self.lose(about, DROPPED, host.text, reason + never_seen, " or ".join(ways))
        return ()

    def header(self, plan: Plan, *more: str) -> list[str]:
        """The comment lines that open a file: what it is, from which catalog and profile. Never a date of now."""
        # Lines of their own: neither a long name nor five clouds push anything over a comment's length.
        versions = ", ".join(f"{cloud} {v.version} ({v.origin})" for cloud, v in plan.versions.items())
        lines = [
            f"{self.title} for {plan.organization}",
            f"Made by perimeter365 for profile {plan.profile_hash}; do not edit, render it again.",
            f"Catalog: {versions or 'none'}",
            *([f"Entries: {plan.differs}"] if plan.differs else []),
            *more,
        ]
        return [f"{self.comment} {one_line(line)}".rstrip() for line in lines]

    def text(self, name: str, lines: Iterable[str], entries: int) -> Artifact:
        """A text file of these lines, each ended by a newline.

        Raises ValueError for a line that somebody could read as two or in another order: that is a defect of ours.
        """
        lines = list(lines)
        for line in lines:
            if found := BREAKS.search(line):
                raise ValueError(f"{self.name}: a line of {name} holds {found[0]!r}")
        return Artifact(name=name, content="".join(f"{line}\n" for line in lines).encode(), entries=entries)

    def _check_option(self, key: str, value: str) -> None:
        if key not in self.options:
            raise OptionError(f"{self.name} has no option {key!r}", help=_near(key, self.options))
        option = self.options[key]
        if option.choices and value not in option.choices:
            raise OptionError(f"{value!r} is not a value of {self.name}.{key}", help=f"it takes {', '.join(option.choices)}")
        if not option.choices and not option.check(value):
            raise OptionError(f"{value!r} is not a value of {self.name}.{key}", help=option.help)

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """What `targets --json` says of it."""
        can = cls.capabilities
        return {
            "name": cls.name,
            "title": cls.title,
            "kind": cls.kind,
            "proof": cls.proof,
            "proof_detail": cls.proof_detail,
            "extra": cls.extra,
            "vendor_page": cls.vendor_page,
            "capabilities": {key: getattr(can, key) for key in can.__slots__},
            "limits": dict(cls.limits),
            "options": {
                k: {"default": o.default, "choices": list(o.choices), "help": o.help} for k, o in cls.options.items()
            },
        }


def ids(flows: Iterable[PlanFlow]) -> str:
    """Which requirements a line is for: their ids, each once."""
    return " ".join(dict.fromkeys(flow.id for flow in flows))


def one_line(text: str) -> str:
    """Free text made harmless for a comment: printable ASCII, one line, at most 200 characters.

    Whatever an organization is called, no comment can end early or hide what follows it.
    """
    return _UNSAFE.sub("?", text).replace("*/", "*?").replace("--", "-?")[:200]


_PATH = re.compile(r"(?!\.)[A-Za-z0-9._-]*[A-Za-z0-9_-](?:/(?!\.)[A-Za-z0-9._-]*[A-Za-z0-9_-])*", re.ASCII)
_UNSAFE = re.compile(r"""[^ -~]|[<>"'`\\$%{}]""")


def _near(key: str, known: Mapping[str, object]) -> str:
    near = nearest(key, known)
    return f"did you mean {near!r}?" if near else "it has " + (", ".join(known) or "none")
