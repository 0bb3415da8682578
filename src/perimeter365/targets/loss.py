"""Losses: what an artifact cannot express, and losses.json.

A target reports a `LossDetail` for each part of a requirement that its files leave out, narrow or widen. `targets._judge`
removes those that another line of the same artifact covers, and joins the others: one `Loss` for each reason and kind.

    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.plan.profile import parse_profile
    >>> from perimeter365.targets import render
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> {loss.reason for loss in render(plan, "browser-policy").losses} <= REASONS.keys()
    True
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from perimeter365.errors import InputError
from perimeter365.intake import read_bytes, shown_path, walk
from perimeter365.model.decode import MOST_BYTES, parse_json
from perimeter365.model.finding import Finding, printable
from perimeter365.model.host import HostPattern
from perimeter365.model.requirement import Category
from perimeter365.targets.reasons import REASONS, UNCLASSIFIED

LossKind = Literal["widened", "narrowed", "dropped"]
LOSS_KINDS: tuple[LossKind, ...] = get_args(LossKind)
WIDENED: Final = "widened"
NARROWED: Final = "narrowed"
DROPPED: Final = "dropped"

LossLevel = Literal["decide", "known"]
LOSS_LEVELS: tuple[LossLevel, ...] = get_args(LossLevel)
"""Only a person can settle it; it follows from what the target declares, and something else expresses what matters."""

ALL_PARTS: Final = "all"
"""The subject of a loss of a whole requirement."""
LOSSES = "losses.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class LossDetail(Finding):
    """One part of one requirement that an artifact does not express exactly.

    Its code is that of a reason.
    """

    cloud: str
    kind: LossKind
    part: str = ""
    """For a site or record, which of those with the same id it is about (`_cover.key_of`)."""
    subject: str
    """The affected part: a host, `udp 443`, a path, or `all`."""
    host: HostPattern | None = None
    """The affected host; None if the loss is not about one host."""
    protocol: str = ""
    """`tcp` or `udp` if only that is affected."""
    family: int = 0
    """4 or 6 if only that IP version is affected."""
    path: bool = False
    """Whether the loss is about URL paths."""
    adds: tuple[HostPattern, ...] = ()
    """For a widened host, the names that are added, if they are known."""

    keys = {
        "id": "id",
        "cloud": "cloud",
        "kind": "kind",
        "subject": "subject",
        "reason": "code",
        "message": "message",
        "remedy": "remedy",
        "part": "part",
    }

    @property
    def reason(self) -> str:
        """The code of the reason."""
        return self.code

    @property
    def whole(self) -> bool:
        """True if no part of the requirement is in the artifact."""
        return self.kind == DROPPED and (self.subject == ALL_PARTS or bool(self.part))

    @property
    def key(self) -> tuple[str, str, str]:
        """Id, cloud and part of the requirement."""
        return self.id, self.cloud, self.part


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss(Finding):
    """What an artifact does not express exactly, for one reason.

    Its code is that of the reason.
    """

    level: LossLevel
    kind: LossKind
    ids: tuple[str, ...]
    """The ids of the requirements, sorted."""
    subjects: tuple[str, ...]
    """The affected parts, sorted: hosts, `udp 443`, paths; `all` for whole requirements."""
    clouds: tuple[str, ...]
    category: tuple[Category, ...] = ()
    """The categories of the requirements, most important first."""
    required: int = 0
    """How many of the requirements are required."""
    scenario: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    """Targets of the same folder that express what is lost, the most complete first."""
    accepted: str = ""
    """The reason for which a person has acknowledged it; "" if no one has."""

    keys = {
        "level": "level",
        "reason": "code",
        "kind": "kind",
        "message": "message",
        "remedy": "remedy",
        "ids": "ids",
        "subjects": "subjects",
        "clouds": "clouds",
        "category": "category",
        "required": "required",
        "scenario": "scenario",
        "said_by": "said_by",
        "accepted": "accepted",
    }

    @property
    def reason(self) -> str:
        """The code of the reason, a key of `REASONS`."""
        return self.code

    @property
    def open(self) -> bool:
        """True if a person has to settle it and no one has acknowledged it."""
        return self.level == "decide" and not self.accepted


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedLosses:
    """The losses of one rendered target, as losses.json records them."""

    target: str
    losses: tuple[Loss, ...]
    outside: Mapping[str, int]
    """Kind of requirement -> how many the target is not for."""


MAX_FILES = 100_000
"""The maximum number of files in the output folder of all organizations."""

_AGAIN = "render the target again"


def dump_losses(target: str, about: Mapping[str, Any], losses: Sequence[Loss], outside: Mapping[str, int]) -> bytes:
    """Return the content of losses.json.

    Organization, profile, catalog, target, what is outside, and one loss per line.
    """
    head = json.dumps({**about, "target": target, "outside": dict(outside), "losses": []}, ensure_ascii=True)
    lines = [json.dumps(loss.to_dict(), ensure_ascii=True) for loss in losses]
    inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
    return f"{head.removesuffix(']}')}{inside}]}}\n".encode()


def load_losses(folder: Path | str) -> tuple[RecordedLosses, ...]:
    """Load the losses of a rendered folder, sorted by target.

    The folder is that of `render -o`, also of several organizations, or the folder of one target. The target of an
    organization's folder is `ORGANIZATION/TARGET`. Raises InputError.
    """
    root = Path(folder)
    help = "name the folder that `perimeter365 render -o` wrote"
    if not root.is_dir():
        raise InputError(f"{shown_path(root)} is not a folder", help=help)
    names = [name for name in walk(root, most=MAX_FILES) if name.split("/")[-1] == LOSSES and name.count("/") <= 2]
    found = [LOSSES] if LOSSES in names else sorted(names)
    if not found:
        raise InputError(f"{shown_path(root)} has no {LOSSES}", help=help)
    return tuple(_load(root / name, name.split("/")[:-2]) for name in found)


def _load(path: Path, organization: Sequence[str]) -> RecordedLosses:
    content = read_bytes(path, most=MOST_BYTES, links=False)
    try:
        value = parse_json(content)
        losses = tuple(_read(loss) for loss in value["losses"])
        outside = {str(kind): int(count) for kind, count in value.get("outside", {}).items()}
        name = "/".join((*map(printable, organization), _text(value["target"])))
        return RecordedLosses(target=name, losses=losses, outside=outside)
    except InputError as error:
        raise InputError(f"{shown_path(path)}: {error.message}", help=_AGAIN) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{shown_path(path)} is not a list of losses", help=_AGAIN) from error


def _read(value: Mapping[str, Any]) -> Loss:
    """Read one loss.

    Files of version 2.1 have one for each requirement and part, without level and code.
    """
    if value["kind"] not in LOSS_KINDS:
        raise ValueError(value["kind"])
    if "level" not in value:
        return Loss(
            code=UNCLASSIFIED.code,
            level="decide",
            kind=value["kind"],
            message=_text(value["reason"]),
            remedy=UNCLASSIFIED.remedy,
            ids=(_text(value["id"]),),
            subjects=(_text(value["subject"]),),
            clouds=(_text(value["cloud"]),),
        )
    if value["level"] not in LOSS_LEVELS:
        raise ValueError(value["level"])
    lists = {key: tuple(map(_text, value[key])) for key in ("ids", "subjects", "clouds", "category", "scenario", "said_by")}
    texts = {
        name: _text(value[key]) for key, name in Loss.keys.items() if key in ("reason", "message", "remedy", "accepted")
    }
    return Loss(level=value["level"], kind=value["kind"], required=int(value["required"]), **lists, **texts)  # type: ignore[arg-type]


def _text(value: object) -> str:
    """Return a text of a file without control characters.

    Another program may have written the file.
    """
    if not isinstance(value, str):
        raise TypeError(value)
    return printable(value)


__all__ = [
    "DROPPED",
    "LOSSES",
    "LOSS_KINDS",
    "LOSS_LEVELS",
    "NARROWED",
    "REASONS",
    "WIDENED",
    "Loss",
    "LossDetail",
    "LossKind",
    "LossLevel",
    "RecordedLosses",
    "dump_losses",
    "load_losses",
]
