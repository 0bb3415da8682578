"""A version is announced last: real replicas, a real nginx with its cache, and lists that change all the time."""

import http.client
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.history.postgres import shared
from tests.memory import folder
from tests.web.swaps import AT_ONCE, CLOUDS, NO_LOOK, Lists, Replica, clients, nginx, wait_for

__all__ = ["folder"]

pytestmark = pytest.mark.alone

TIMES = {"max_age": 1, "margin": 3.0, "beat": 0.4, "silent": 3.0, "poll": 0.05}
KEEP = 4.0
"""Max-age and margin. nginx counts whole seconds, and the processes share their processors with other tests."""

SLACK = 3.0
"""For a busy machine, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the clients found while the lists changed."""

    older: list[str]
    """Lists that were older than the version that the client had stored before."""
    looks: int
    seen: int
    """How many lists were seen."""
    announced: float
    """Seconds from the last change until all replicas had announced it."""


def follow(lists: Lists, work: Path, *, kill: bool = False, without: str = "", gap: float = 0.03) -> Course:
    """Change the lists under two replicas and several clients."""
    lists.prepare()
    replicas = [Replica(lists.place, TIMES, without) for _ in range(2)]

    def passes(seconds: float, number: int) -> float:
        limit = seconds + SLACK
        return wait_for(lambda: replicas[0].announced() >= number, limit, "the version is announced")

    took, before = 0.0, 0
    try:
        with nginx(work / "nginx", [each.port for each in replicas]) as port, clients(port, lists) as found:
            while lists.done < lists.steps and not (without and any(each.older for each in found)):
                lists.swap()
                time.sleep(gap)
                if kill and lists.done == lists.steps // 2:
                    replicas[1].kill()
                    before = lists.last
                if kill and lists.done == lists.steps * 3 // 4:
                    passes(TIMES["silent"] + KEEP, before)  # the killed one does not count any more
                    replicas[1] = Replica(lists.place, TIMES, port=replicas[1].port)
            if not without:
                start = time.monotonic()
                for _ in range(2):
                    passes(KEEP + TIMES["poll"] + TIMES["max_age"], lists.last)
                    replicas.reverse()
                took = time.monotonic() - start
            time.sleep(2)
        looks, steps = sum(each.looks for each in found), set[int]().union(*(each.found for each in found))
        return Course(older=[line for each in found for line in each.older], looks=looks, seen=len(steps), announced=took)
    finally:
        for each in replicas:
            each.stop()


@pytest.mark.timeout(240)
def test_data_is_never_older_than_the_version_that_was_stored_before_in_1000_swaps(folder: Path, tmp_path: Path) -> None:
    """With a replica that is killed in the middle, and another one that takes its place."""
    lists = Lists(place=str(folder / "store.sqlite"), steps=200)
    course = follow(lists, tmp_path, kill=True)
    assert course.older == []
    assert lists.done * len(CLOUDS) == 1000
    assert course.looks > 100
    assert course.seen > 10


def test_the_clients_find_older_data_if_versions_are_announced_at_once(folder: Path, tmp_path: Path) -> None:
    assert follow(Lists(place=str(folder / "store.sqlite"), steps=200), tmp_path, without=AT_ONCE).older


@pytest.mark.timeout(240)
def test_data_is_never_older_with_a_store_on_a_server(tmp_path: Path) -> None:
    with shared() as server:
        lists = Lists(place=server.database(), steps=20)
        assert follow(lists, tmp_path, gap=0.2).older == []
        assert lists.done * len(CLOUDS) == 100


def first_answer_after_a_pause(place: str, without: str) -> tuple[int, int]:
    """Return the number of the list that a woken replica sends first, and the version that was announced before."""
    times = {"max_age": 1, "margin": 1.0, "beat": 0.4, "silent": 1.5, "poll": 0.2}
    lists = Lists(place=place, steps=3)
    lists.prepare()
    woken, other = Replica(lists.place, times, without), Replica(lists.place, times)
    worker = woken.worker()
    try:
        target = "/endpoints/worldwide?clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
        assert woken.get(target) == woken.get(target)
        os.kill(worker, signal.SIGSTOP)
        lists.swap()
        wait_for(lambda: other.announced() == lists.last, 1.5 + 2 + SLACK + 5, "the stopped replica does not count")
        connection = http.client.HTTPConnection("127.0.0.1", woken.port, timeout=20)
        connection.request("GET", target)  # the system accepts it
        os.kill(worker, signal.SIGCONT)
        data = json.loads(connection.getresponse().read())
        connection.close()
        return lists.numbers[int(data[0]["urls"][0].removeprefix("v").partition(".")[0])], lists.last
    finally:
        os.kill(worker, signal.SIGCONT)
        woken.stop()
        other.stop()


def test_a_replica_that_was_stopped_looks_at_the_store_before_its_first_answer(folder: Path) -> None:
    sent, announced = first_answer_after_a_pause(str(folder / "store.sqlite"), "")
    assert sent >= announced


def test_without_that_look_its_first_answer_is_older_than_the_announced_version(folder: Path) -> None:
    sent, announced = first_answer_after_a_pause(str(folder / "store.sqlite"), NO_LOOK)
    assert sent < announced
