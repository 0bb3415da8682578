"""Manifests of feeds.

They have the files with sizes and checksums, the lists behind them, and the bounds that apply.

    GET /feeds/fortigate-feed/manifest.json?categories=optimize
    {"target": "fortigate-feed", …, "generation": "1f0c…", "clouds": {"worldwide": {"version": "2026080200", …}},
     "files": [{"name": "…", "state": "current", "entries": 12, "bytes": 246, "sha256": "…", "type": "text/plain; …",
                "url": "/feeds/fortigate-feed/…?categories=optimize&cloud=worldwide"}, …],
     "limits": {"entries": {"limit": 131072, "most": 12, "verdict": "fits"}, …}, …}

A list that has no entries now also has `last`, the lists in which it had some, and `elsewhere`, the present lists that have
some of them: after a change of ports or of a category, the entries are in another list, which needs a rule of its own.

The names of the profiles are not public, so no manifest lists them. `generation` is the same on all replicas that serve the
same lists and profiles on the same day. The answer for a target that exceeds a limit, or the operator's constraints, has
status 422 and says so in `problem`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from perimeter365.targets import targets
from perimeter365.web.answer import PRIVATE, Answer
from perimeter365.web.feed_files import FEEDS, OWN, PLAIN, content_type
from perimeter365.web.request import RefusedError

if TYPE_CHECKING:
    from datetime import datetime

    from perimeter365.model.cloud import Cloud
    from perimeter365.web.edition import Edition
    from perimeter365.web.feed_view import FeedQuestion, View, Views

MANIFEST = "manifest.json"
JSON = "application/json; charset=utf-8"


def one_target(views: Views, question: FeedQuestion, edition: Edition) -> Answer:
    """Answer with the manifest of a target. Raises RefusedError or OutdatedError."""
    found = _target(views, replace(question, file=""), edition)
    return _answer(question, edition, {**_about(question, edition), **found.data}, found.status, found.modified)


def all_targets(views: Views, question: FeedQuestion, edition: Edition) -> Answer:
    """Answer with the manifest of all targets. Raises RefusedError or OutdatedError."""
    names = sorted((*FEEDS, *PLAIN, *(OWN if question.profile else ())))
    found = [_target(views, replace(question, target=name), edition) for name in names]
    data = {
        **_about(question, edition),
        "targets": [each.data for each in found],
    }
    modified = [each.modified for each in found if each.modified]
    return _answer(question, edition, data, 200, max(modified, default=None))


class _Target:
    def __init__(self, data: dict[str, Any], status: int = 200, modified: datetime | None = None) -> None:
        self.data = data
        self.status = status
        self.modified = modified


def _target(views: Views, question: FeedQuestion, edition: Edition) -> _Target:
    maker = targets[question.target]
    data: dict[str, Any] = {"target": question.target, "title": maker.title, "files": [], "problem": ""}
    try:
        view = views.look(question, edition)
    except RefusedError as refused:
        if refused.status != 422:
            raise
        limits = {name: {"limit": limit} for name, limit in maker.limits.items()}
        return _Target({**data, "limits": limits, "problem": refused.text}, 422)
    data["files"] = [_file(view, name) for name in sorted({*view.files.made, *view.gone})]
    return _Target({**data, "limits": _limits(view), "problem": view.files.empty}, modified=view.modified(edition))


def _file(view: View, name: str) -> dict[str, Any]:
    artifact = view.artifact(name)
    content = artifact.content if artifact else b""
    gone = view.gone.get(name)
    found = {
        "name": name,
        "state": view.state(name),
        "entries": artifact.entries if artifact else 0,
        "bytes": len(content),
        "sha256": sha256(content).hexdigest() if artifact else "",
        "type": content_type(name),
        "url": view.question.path(name),
    }
    if gone is None:
        return found
    lost = _entries(gone.past.artifact.content)
    others = [each for each in view.files.lists if each not in view.gone]
    shared = [each for each in others if not lost.isdisjoint(_entries(view.files.made[each].content))]
    return {**found, "last": gone.past.moment.lists, "elsewhere": shared}


def _entries(content: bytes) -> frozenset[bytes]:
    """Return the lines of a list without those that start with a comment."""
    return frozenset(line for line in content.splitlines() if line and not line.startswith(b"#"))


def _limits(view: View) -> dict[str, Any]:
    """Return the limits of the device; a file that exceeds one was not rendered."""
    maker = targets[view.feed.target](view.feed.style)
    made = [view.files.made[name] for name in view.files.lists]
    most = {
        "entries": max((each.entries for each in made), default=0),
        "bytes": max((len(each.content) for each in made), default=0),
        "lists": len(made),
    }
    own = view.feed.profile.targets.get(view.feed.target)
    found: dict[str, Any] = {}
    for name in maker.limits:
        limit = own.values.get(name, maker.limit(name)) if own else maker.limit(name)
        found[name] = {"limit": limit, **({"most": most[name]} if name in most else {}), "verdict": "fits"}
    return found


def _about(question: FeedQuestion, edition: Edition) -> dict[str, Any]:
    """Return what all manifests say: the question, the lists, the bounds."""
    clouds = _clouds(question, edition)
    bound = edition.workspace.constraints
    return {
        "profile": question.profile,
        "selection": question.selection.values if not question.profile else {},
        "query": question.query,
        "day": (question.selection.at or edition.day).isoformat(),
        "generation": generation(edition),
        "clouds": clouds,
        "bounds": {
            "max_prefixes": question.selection.max_prefixes or None,
            "shortest": {f"ipv{family}": length for family, length in sorted(bound.shortest.items())},
            "constraints": edition.workspace.constraints_file is not None,
        },
    }


def _clouds(question: FeedQuestion, edition: Edition) -> dict[str, Any]:
    own = edition.profiles.get(question.profile)
    names: set[Cloud] = set(own.clouds) if own else {c for c in edition.clouds if str(c) in question.selection.clouds}
    served = {cloud: each for cloud, each in edition.clouds.items() if cloud in names}
    versions = {cloud: each for cloud, each in edition.catalog.versions.items() if cloud in served}
    ages = {age.cloud: age for age in edition.workspace.ages(versions, at=edition.day)}
    return {
        str(cloud): {
            "version": each.number,
            "modified": each.modified.isoformat(),
            "age_days": ages[cloud].days if cloud in ages else None,
            "followed": cloud in ages and ages[cloud].followed,
        }
        for cloud, each in served.items()
    }


def generation(edition: Edition) -> str:
    """Return a text that is the same for the same lists, profiles and day."""
    lists = [f"{cloud} {each.number} {each.versions[-1].hash}" for cloud, each in sorted(edition.clouds.items())]
    profiles = [f"{name} {each.hash}" for name, each in sorted(edition.profiles.items())]
    return sha256("\n".join((edition.day.isoformat(), *lists, "", *profiles)).encode()).hexdigest()[:16]


def _answer(
    question: FeedQuestion, edition: Edition, data: dict[str, Any], status: int, modified: datetime | None
) -> Answer:
    body = (json.dumps(data, indent=1, ensure_ascii=True) + "\n").encode()
    if question.sum:
        body = f"{sha256(body).hexdigest()}  {MANIFEST}\n".encode()
    cache = edition.cache if status == 200 else PRIVATE
    return Answer(body=body, type=JSON, status=status, modified=modified, cache=cache)
