"""One sync in a test environment: a prepared store, a faulty upstream for Worldwide, a correct one for China, a health file.

    with Stage(template, tmp_path) as stage:
        stage.faulty.case = "drip"
        played = stage.play()
        played.problems(quiet=False)           violations of the promises, [] if there are none

The prepared store was synced one hour before with version 2026080100 of both clouds. Since then, one name was added to
each list, so a correct response leads to a commit, and a sync that keeps the old list does so on purpose.
"""

import io
import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from perimeter365.follow import watch
from perimeter365.history.sync import COMMITTED, Capacity, Outcome, sync
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources.embedded import embedded
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from perimeter365.wire.read import UnknownSet
from tests.reliability import promises
from tests.reliability.promises import INTERVAL, C, Snapshot, W, look
from tests.reliability.sockets import Address, recorded_connections
from tests.upstream import tls
from tests.upstream.bodies import Items, honest
from tests.upstream.server import Upstream

PREPARED = "2026080100"
NEWS = "news.reliability.msn.com"
QUICK = FetchLimits(deadline=1.5, connect=0.5, read=0.5, attempts=2, wait=0.02)
"""The default limits, forty times shorter. `test_bounds.py` tests the default limits."""

THEN = datetime(2026, 8, 20, 10, tzinfo=UTC)
PAUSE = timedelta(hours=1)


def with_news(cloud: Cloud) -> Items:
    """Return the current list."""
    items = honest(cloud)
    items[0] = {**items[0], "urls": [*items[0].get("urls", []), NEWS]}
    return items


def prepare(folder: Path) -> Path:
    """Create the prepared store."""
    with Store(str(folder / "store.sqlite"), clock=lambda: THEN) as store, Upstream(version=PREPARED) as server:
        server.lists = {cloud: honest(cloud) for cloud in (W, C)}
        service = WebService(server.url, folder=folder / "web", limits=QUICK)
        watch.watch(
            lambda: sync(store, service, [W, C], base=embedded()), folder / "health.json", rounds=1, clock=lambda: THEN
        )
        assert [state.version for cloud in (W, C) if (state := store.head(cloud))] == [PREPARED, PREPARED]
    return folder


@cache
def _prepared(template: Path) -> Snapshot:
    return look(str(template / "store.sqlite"))


class Routed:
    """A source of two clouds on two servers."""

    def __init__(self, services: Mapping[Cloud, WebService]) -> None:
        self.services = services

    def set_remaining_time(self, seconds: float) -> None:
        for service in self.services.values():
            service.set_remaining_time(seconds)

    def version(self, cloud: Cloud) -> str:
        return self.services[cloud].version(cloud)

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        return self.services[cloud].state(cloud)

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        return self.services[cloud].unreadable(cloud)

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        return self.services[cloud].changes(cloud, since)


Sync = Callable[..., Sequence[Outcome]]


class Stage:
    """Servers, store and clock of one test."""

    def __init__(self, template: Path, folder: Path, *, tls_way: str = "", limits: FetchLimits = QUICK) -> None:
        self.folder = folder
        shutil.copytree(template, folder, dirs_exist_ok=True)
        shutil.rmtree(folder / "web", ignore_errors=True)
        self.place = str(folder / "store.sqlite")
        self.health = folder / "health.json"
        self.now = THEN + PAUSE
        self.faulty, self.honest = Upstream(tls=tls_way), Upstream()
        self.limits = limits
        for server in (self.faulty, self.honest):
            server.lists = {cloud: with_news(cloud) for cloud in (W, C)}
        self._ca = str(tls.write_root(folder)) if tls_way else None
        self._open = ExitStack()
        self._before: Snapshot | None = _prepared(template)

    def __enter__(self) -> Self:
        self._open.enter_context(self.faulty)
        self._open.enter_context(self.honest)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def go_on(self, **time: float) -> None:
        """Advance the clock; China gets a new version with one more name."""
        self.now += timedelta(**time)
        items = self.honest.lists[C]
        more = [*items[0]["urls"], f"n{len(items[0]['urls'])}.reliability.msn.com"]
        self.honest.lists[C] = [{**items[0], "urls": more}, *items[1:]]
        self.honest.version = str(int(self.honest.version) + 1)

    def services(self) -> Mapping[Cloud, WebService]:
        """Return new clients, as after a restart."""

        def client(server: Upstream, ca_file: str | None = None) -> WebService:
            clock = self.now.timestamp
            return WebService(server.url, folder=self.folder / "web", limits=self.limits, ca_file=ca_file, clock=clock)

        return {W: client(self.faulty, self._ca), C: client(self.honest)}

    def play(self, run: Sync = sync, *, capacity: Capacity | None = None) -> "Played":
        """Run one round of a watcher and record everything observable."""
        before, self._before = self._before or look(self.place), None
        log = io.StringIO()
        handler = logging.StreamHandler(log)
        handler.setLevel(logging.INFO)
        logging.getLogger().addHandler(handler)
        services = self.services()
        outcomes: Sequence[Outcome] = ()

        def once() -> Sequence[Outcome]:
            with Store(self.place, clock=lambda: self.now) as store:
                return run(store, Routed(services), [W, C], base=embedded(), capacity=capacity)

        try:
            with promises.watched(self.place) as reader, recorded_connections() as dials:
                self.reader = reader
                started = time.monotonic()
                outcomes = watch.watch(once, self.health, interval=INTERVAL, rounds=1, clock=lambda: self.now)
                wall = time.monotonic() - started
        finally:
            logging.getLogger().removeHandler(handler)
        return Played(
            stage=self,
            before=before,
            after=look(self.place),
            outcomes=tuple(outcomes),
            reader=reader,
            dials=frozenset(dials),
            wall=wall,
            log=log.getvalue(),
        )


@dataclass(frozen=True)
class Played:
    """The observations of one round."""

    stage: Stage
    before: Snapshot
    after: Snapshot
    outcomes: tuple[Outcome, ...]
    reader: promises.Watcher
    dials: frozenset[Address]
    wall: float
    log: str

    @property
    def outcome(self) -> Outcome:
        """The outcome of the cloud with the faulty upstream."""
        return self.outcomes[0]

    def problems(self, *, good: bool = False, quiet: bool = False) -> list[str]:
        """Return violations of the promises. `good`: a commit is expected; `quiet`: the fault cannot be detected."""
        found = [] if good else promises.last_good(self.before, self.after, self.outcome, quiet=quiet)
        if good and self.outcome.status != COMMITTED:
            found.append(f"a correct list was not committed: {self.outcome.status}, {self.outcome.error}")
        found += promises.atomic(self.reader, self.before, self.after)
        found += promises.durable(self.stage.place, self.after)
        found += promises.bounded(self.wall)
        found += promises.never(self.after.artifacts)
        found += promises.grammar(self.after.artifacts)
        found += promises.within_gates(self.before, self.after)
        found += promises.healthy(self.stage.health, self.outcomes, self.stage.now)
        found += promises.isolated(self.outcomes[1])
        found += promises.discreet(self.said(), self.secrets())
        found += promises.configured(self.dials, self.allowed())
        return found

    def said(self) -> list[str]:
        """All texts that leave the sync: outcomes, log, health file, and new notifications."""
        errors = [f"{o.error.message}\n{o.error.help}" for o in self.outcomes if o.error]
        outcomes = [value for o in self.outcomes for value in (*o.notes, *(r.message for r in _reasons(o)))]
        told = [text for text in self.after.told if text not in self.before.told]
        return [*errors, *outcomes, self.log, self.stage.health.read_text("utf-8"), *(_words(json.loads(t)) for t in told)]

    def secrets(self) -> list[str]:
        """Texts that must not occur in messages."""
        path = self.stage.folder / "web" / "client-id"
        return [str(self.stage.folder), path.read_text("ascii").strip() if path.exists() else "", "user:pw", "/etc/passwd"]

    def allowed(self) -> set[Address]:
        """Addresses to which connections may be made."""
        ports = [server.server_address[1] for server in (self.stage.faulty, self.stage.honest)]
        hosts = ("127.0.0.1", "localhost", "::1") if self.stage.faulty.tls else ("127.0.0.1",)
        return {(host, port) for port in ports for host in hosts}


def _reasons(outcome: Outcome) -> Sequence[Reason]:
    return outcome.held.reasons if outcome.held else ()


def _words(value: object) -> str:
    """Return all strings of a JSON value, one per line."""
    if isinstance(value, Mapping):
        return "\n".join(_words(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(map(_words, value))
    return str(value)


__all__ = ["NEWS", "PREPARED", "QUICK", "THEN", "Played", "Routed", "Stage", "prepare", "with_news"]
