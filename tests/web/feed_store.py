"""Stores whose lists in force changed, and the service over them."""

import asyncio
import atexit
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from perimeter365.cli import main
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.web.app import App
from perimeter365.web.feed_files import FEEDS, PLAIN
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace
from tests.web.servers import Client

DAY = date(2026, 1, 10)
"""Today. The grace time of what `history` removed in spring 2025 is over."""
SPRING = [date(2025, month, 1) for month in range(1, 7)]


def sets(cloud: Cloud = Cloud.WORLDWIDE) -> tuple[EndpointSet, ...]:
    """The sets of the web service that the embedded list has."""
    return tuple(each for each in embedded().sets[cloud] if each.id < 10_000)


def without(*areas: str, category: str = "optimize") -> tuple[EndpointSet, ...]:
    """The sets without those of a category and some areas."""
    return tuple(each for each in sets() if not (each.category == category and each.area in areas))


def state(found: Iterable[EndpointSet], day: date, cloud: Cloud = Cloud.WORLDWIDE) -> State:
    """A synced list of a day."""
    return State(cloud=cloud, version=Version(f"{day:%Y%m%d}00"), origin=LIVE, sets=tuple(found), recorded=day)


def history(path: Path, *lists: Iterable[EndpointSet]) -> Path:
    """Write a store in which lists came into force, one each month."""
    for day, found in zip(SPRING, lists, strict=False):
        commit(path, found, day)
    return path


def commit(path: Path, found: Iterable[EndpointSet], day: date, cloud: Cloud = Cloud.WORLDWIDE) -> None:
    """Put a list into force on a day."""
    with Store(str(path), clock=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) as store:
        store.commit(state(found, day, cloud))


def pruned(each: EndpointSet, hosts: bool = True, prefixes: bool = True) -> EndpointSet:
    """A set without its names, or without its addresses."""
    made = replace(each, hosts=each.hosts if hosts else ())
    return made if prefixes else replace(made, prefixes=type(each.prefixes)(), listed=())


SERVED = (*FEEDS, *PLAIN)
_EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"


def profile_folder(parent: Path) -> Path:
    """Make a folder of profiles with the example."""
    folder = parent / "profiles"
    folder.mkdir()
    (folder / "contoso.toml").write_text(_EXAMPLE.read_text("utf-8"), "utf-8")
    return folder


_RUNNER = asyncio.Runner()
atexit.register(_RUNNER.close)


def run(store: Path, *words: str) -> tuple[int, str]:
    """Run a command on a store; return its exit code and output."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["--store", str(store), *words])
    return code, out.getvalue() or err.getvalue()


class Served(Client):
    """The application over a store, without a network."""

    def __init__(self, store: Path | str = "", profiles: Path | str = "", constraints: str = "", day: date = DAY) -> None:
        place = str(store or "/nowhere/p365.sqlite")
        workspace = Workspace(catalog="" if store else "embedded", store=place, constraints=constraints or None)
        clock: Callable[[], datetime] = lambda: datetime(day.year, day.month, day.day, 9, tzinfo=UTC)  # noqa: E731
        super().__init__(App(Service(workspace, Options(profiles=str(profiles)), clock)), _RUNNER.run)

    def ask(self, url: str) -> tuple[int, bytes, Mapping[str, str]]:
        """Return status, body and headers of a request."""
        reply = self.get(url)
        return reply.status, reply.body, reply.headers

    @property
    def emptied(self) -> Mapping[str, str]:
        """What /readyz says of emptied lists."""
        found: dict[str, str] = self.get("/readyz").json["emptied"]
        return found


def serving(store: Path | str = "", **options: Any) -> Served:
    """A server that has loaded."""
    server = Served(store, **options)
    server.load()
    return server


@cache
def over_embedded() -> Served:
    """The server over the embedded lists, for tests that leave it as it is."""
    return serving()
