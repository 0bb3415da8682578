"""Concurrent syncs serialize: one commits, the others find it unchanged; one notification, on both databases."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from perimeter365.wire import write
from tests.history.conftest import place
from tests.torture import dump
from tests.torture.cases import CASES, items, opened, record, synced, version
from tests.torture.tally import TALLY
from tests.torture.test_faults import places
from tests.torture.worker import ROOT, Workers
from tests.upstream.server import Upstream

__all__ = ["place"]

pytestmark = pytest.mark.usefixtures("with_strace")

MANY = 8
ROUNDS = 50


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream(items=items(2), version=version(2)) as server:
        server.changes = [write.change_record(record(2))]
        yield server


@pytest.mark.parametrize("several", [2, pytest.param(MANY, marks=pytest.mark.torture)])
def test_concurrent_syncs_commit_once_and_notify_once(place: str, several: int, upstream: Upstream, tmp_path: Path) -> None:
    with opened(place) as store:
        synced(store, 0)
        synced(store, 1)
    command = [sys.executable, "-m", "perimeter365", "sync", "--json", "--cloud", "worldwide", "--store", place]
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "PERIMETER365_UPSTREAM": upstream.url}
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
            for _ in range(several)
        ]
        said = [process.communicate(timeout=100) for process in started]
    statuses = [json.loads(out)[0]["status"] for out, _ in said]
    assert [process.returncode for process in started] == [0] * several, said
    assert sorted(statuses) == ["committed"] + ["unchanged"] * (several - 1)
    found = dump.of(place)
    assert dump.wrong(found) == []
    assert len(found["p365_outbox"]) == 2, "one for each version after the first"
    TALLY.count(f"{several} syncs at once", "none", [])


@pytest.mark.torture
def test_simultaneous_syncs_commit_once(folder: Path) -> None:
    case = CASES["update"]
    legal = case.legal(places(folder))
    with ExitStack() as stack:
        several = [stack.enter_context(Workers()) for _ in range(MANY)]
        for number in range(ROUNDS):
            at = str(folder / f"{number}.sqlite")
            case.prepare(at)
            jobs = [workers.start(case.name, at) for workers in several]
            waiting = [threading.Thread(target=job.wait) for job in jobs]
            for job in jobs:
                job.go()
            for thread in waiting:
                thread.start()
            for thread in waiting:
                thread.join()
            found = [line for job in jobs for line in job.said if line != "done 0 ."]
            found += case.judge(at, legal, [0])
            TALLY.count(f"{MANY} syncs at the same instant", "none", found)
            assert found == []
