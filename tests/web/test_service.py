"""What is kept, what is made, and what is served when the store changes or cannot be read."""

import asyncio
import signal
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from perimeter365.errors import StoreError
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.service import MAX_ANSWERS, MAX_BYTES, MAX_WAITING, NoDataError, Options, Service
from perimeter365.workspace import Workspace
from tests.history.postgres import Server
from tests.store.test_database import DAMAGES, a_content_is_changed
from tests.web.servers import CLIENT, in_process
from tests.web.stores import commit, look

DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Asked:
    """A question of the room below."""

    announces: ClassVar[bool] = False
    name: str


@dataclass(eq=False)
class Slow:
    """A room that counts its renderings, and waits in some."""

    waiting: threading.Event = field(default_factory=threading.Event)
    made: Counter[str] = field(default_factory=Counter)
    size: int = 10
    seconds: float = 0.0

    def read(self, request: Request) -> Asked:
        return Asked(request.path)

    def answer(self, question: Asked, edition: Edition) -> Answer:
        self.made[question.name] += 1
        if question.name == "slow" or hasattr(self, "slow"):
            self.waiting.wait(20)
        if question.name == "refused":
            raise RefusedError(404, "no such name")
        time.sleep(self.seconds)
        return Answer(body=question.name.encode() * self.size, type="text/plain", modified=edition.modified())


def run(test: Callable[[Service, Slow], object], **options: object) -> None:
    """Run a coroutine with a service over the embedded lists."""

    async def all_of_it() -> None:
        service, room = Service(Workspace(catalog="embedded"), Options(**options)), Slow()  # type: ignore[arg-type]
        await service.load()
        try:
            await test(service, room)  # type: ignore[misc]
        finally:
            room.waiting.set()

    asyncio.run(all_of_it())


def test_a_thousand_requests_for_an_answer_make_it_once() -> None:
    async def ask(service: Service, room: Slow) -> None:
        room.seconds = 0.05
        answers = await asyncio.gather(*(service.answer(room, Asked("a")) for _ in range(1000)))
        assert {id(each) for each in answers} == {id(answers[0])}
        assert room.made == {"a": 1}

    run(ask)


def test_a_refusal_reaches_all_who_wait_and_is_not_kept() -> None:
    async def ask(service: Service, room: Slow) -> None:
        got = await asyncio.gather(*(service.answer(room, Asked("refused")) for _ in range(9)), return_exceptions=True)
        assert {getattr(each, "status", None) for each in got} == {404}
        with pytest.raises(RefusedError):
            await service.answer(room, Asked("refused"))
        assert room.made["refused"] == 2

    run(ask)


def test_an_answer_that_takes_too_long_is_503_once_and_is_there_later() -> None:
    async def ask(service: Service, room: Slow) -> None:
        with pytest.raises(NoDataError, match="takes too long"):
            await service.answer(room, Asked("slow"))
        # meanwhile others are answered, at once if they are kept
        assert (await service.answer(room, Asked("b"))).body
        room.waiting.set()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if service.current and not service.current.making:
                break
        assert (await service.answer(room, Asked("slow"))).body == b"slow" * 10
        assert room.made["slow"] == 1

    run(ask, patience=0.2)


def test_more_requests_than_can_be_made_get_503_and_kept_answers_are_given() -> None:
    async def ask(service: Service, room: Slow) -> None:
        await service.answer(room, Asked("kept"), ("/kept", ""))
        waiting = [asyncio.ensure_future(service.answer(room, Asked("slow")))]
        waiting += [asyncio.ensure_future(service.answer(room, Asked(f"slow{i}"))) for i in range(200)]
        room.seconds = 0.001
        await asyncio.sleep(0.05)
        assert service.at_once(("/kept", "")) is not None
        room.waiting.set()
        got = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(each, NoDataError) for each in got) > 100
        assert sum(isinstance(each, Answer) for each in got) >= 64

    run(ask)


def test_random_questions_do_not_grow_memory_or_push_out_what_is_asked_for() -> None:
    async def ask(service: Service, room: Slow) -> None:
        room.size = 20_000
        for number in range(3 * MAX_ANSWERS):
            await service.answer(room, Asked(f"x{number:04}"), ("/x", str(number)))
            if number % 50 == 0:
                await service.answer(room, Asked("asked"))
        assert service.current is not None
        kept = service.current.answers.recent()
        assert sum(each.answer.weight for each in kept.values()) <= 2 * MAX_BYTES
        assert len(service.current.answers) <= 2 * MAX_ANSWERS
        assert room.made["asked"] == 1

    run(ask)


def test_slow_rooms_keep_no_answer_of_another_room_waiting() -> None:
    class Lists(Slow):
        slow = True

    async def ask(service: Service, room: Slow) -> None:
        lists = Lists()
        try:
            waiting = [
                asyncio.create_task(service.answer(lists, Asked(name))) for name in ("slow", *map(str, range(MAX_WAITING)))
            ]
            await asyncio.sleep(0.1)
            with pytest.raises(NoDataError, match="too many"):
                await service.answer(lists, Asked("one more"))
            assert (await asyncio.wait_for(service.answer(room, Asked("quick")), 5)).status == 200
        finally:
            lists.waiting.set()
        await asyncio.gather(*waiting, return_exceptions=True)

    run(ask)


def test_answers_are_not_in_memory_beyond_their_bounds() -> None:
    async def ask(service: Service, room: Slow) -> None:
        room.size = 20_000
        found = []
        for number in range(3 * MAX_ANSWERS):
            found.append(weakref.ref(await service.answer(room, Asked(f"x{number:04}"), ("/x", str(number)))))  # noqa: PERF401
        alive = [kept for ref in found if (kept := ref())]
        assert 0 < sum(each.weight for each in alive) <= 2 * MAX_BYTES

    run(ask)


def test_an_answer_that_is_sent_at_once_counts_as_asked_for() -> None:
    async def ask(service: Service, room: Slow) -> None:
        target = ("/x", "asked")
        await service.answer(room, Asked("asked"), target)
        for number in range(3 * MAX_ANSWERS):
            await service.answer(room, Asked(f"x{number:04}"), ("/x", str(number)))
            if number % 50 == 0:
                assert service.at_once(target)

    run(ask)


def test_targets_that_are_longer_than_real_ones_are_not_kept() -> None:
    async def ask(service: Service, room: Slow) -> None:
        target = ("/x", "a" * 4_000)
        await service.answer(room, Asked("x"), target)
        assert service.at_once(target) is None

    run(ask)


# -- the store ---------------------------------------------------------------------------------------------------------


def test_the_embedded_lists_are_served_until_there_is_a_store(tmp_path: Path) -> None:
    path = tmp_path / "p365.sqlite"
    with in_process(Workspace(store=path)) as client:
        before = client.get("/readyz").json["clouds"]["worldwide"]["version"]
        version = commit(path, DAY)
        client.load()
        found = client.get("/readyz").json["clouds"]["worldwide"]
        assert (found["version"], found["announced"]) == (version, before), "caches may still have the embedded list"


def test_a_change_is_taken_up_and_its_answers_are_there_before_it_is_served(tmp_path: Path) -> None:
    path = tmp_path / "p365.sqlite"
    commit(path, DAY)
    target = f"/endpoints/worldwide?{CLIENT}"
    with in_process(Workspace(store=path)) as client:
        first = client.get(target)
        commit(path, DAY + timedelta(1), without=1)
        client.load()
        current = client.service.current
        assert current is not None
        kept = list(current.answers.recent().values())
        assert [len(each.answer.body) < len(first.body) for each in kept] == [True]
        second = client.get(target)
        assert len(second.json) == len(first.json) - 1
        assert second.headers["etag"] != first.headers["etag"]


def test_a_store_that_is_gone_leaves_the_last_lists(tmp_path: Path) -> None:
    path = tmp_path / "p365.sqlite"
    version = commit(path, DAY)
    said: list[str] = []
    with in_process(Workspace(store=path), say=said.append) as client:
        kept = client.get(f"/endpoints/worldwide?{CLIENT}")
        for other in tmp_path.iterdir():
            other.unlink()
        client.load()
        assert client.get(f"/endpoints/worldwide?{CLIENT}").body == kept.body
        assert client.get(f"/version/worldwide?{CLIENT}").json["latest"] == version
        ready = client.get("/readyz")
        assert (ready.status, ready.json["status"]) == (200, "degraded")
        assert str(tmp_path) not in ready.text
        assert len(said) == 1
        commit(path, DAY)
        client.load()
        assert client.get("/readyz").json["status"] != "degraded"
        assert said[1:] == ["the store can be read again"]


@pytest.mark.parametrize(
    "damage", [each for each in DAMAGES if each is not a_content_is_changed], ids=lambda damage: damage.__name__
)
def test_a_store_that_cannot_be_read_is_503_at_the_start_and_the_last_lists_later(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "p365.sqlite"
    commit(path, DAY)
    target = f"/endpoints/worldwide?{CLIENT}"
    with in_process(Workspace(store=path)) as running:
        kept = running.get(target)
        damage(path)
        running.load()
        assert running.get(target).body == kept.body
        assert running.get("/readyz").json["status"] == "degraded"
    with in_process(Workspace(store=path)) as started:
        got, ready = started.get(target), started.get("/readyz")
        assert (got.status, ready.status, ready.json["status"]) == (503, 503, "not ready")
        assert got.headers["retry-after"]
        assert got.headers["cache-control"] == "no-store"
        assert str(tmp_path) not in got.text + ready.text
        assert started.get("/healthz").status == 200


def test_an_answer_that_needs_the_store_while_it_cannot_be_read_is_503() -> None:
    class Broken(Slow):
        def answer(self, question: Asked, edition: Edition) -> Answer:
            raise StoreError("/secret/place: it is damaged")

    async def ask(service: Service, room: Slow) -> None:
        with pytest.raises(NoDataError) as caught:
            await service.answer(Broken(), Asked("x"))
        assert "secret" not in str(caught.value)

    run(ask)


def test_a_server_that_is_down_is_503_at_the_start_and_the_last_lists_later() -> None:
    with Server() as server:
        place, target = server.database(), f"/endpoints/worldwide?{CLIENT}"
        version = commit(place, DAY)
        with in_process(Workspace(store=place)) as running:
            assert running.get(f"/version/worldwide?{CLIENT}").json["latest"] == version
            kept = running.get(target)
            server.stop(signal.SIGQUIT)
            running.load()
            assert running.get(target).body == kept.body
            ready = running.get("/readyz")
            assert (ready.status, ready.json["status"]) == (200, "degraded")
            with in_process(Workspace(store=place)) as started:
                assert started.get(target).status == 503
                server.start()
                started.load()
                assert started.get(target).body == kept.body


# -- stale lists -------------------------------------------------------------------------------------------------------


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def at(day: date) -> Callable[[], datetime]:
    return lambda: noon(day)


@pytest.mark.parametrize(("days", "status"), [(7, "ok"), (8, "stale")])
def test_a_followed_cloud_that_was_not_read_for_more_than_the_limit_is_stale(days: int, status: str, tmp_path: Path) -> None:
    path = tmp_path / "p365.sqlite"
    commit(path, DAY)
    with in_process(Workspace(store=path), clock=at(DAY + timedelta(days))) as client:
        ready = client.get("/readyz")
        assert (ready.status, ready.json["status"]) == (200, status)
        got = client.get(f"/endpoints/worldwide?{CLIENT}")
        assert (got.status, got.headers.get("perimeter365-stale")) == (200, "worldwide" if status == "stale" else None)
        assert "perimeter365-stale" not in client.get(f"/endpoints/china?{CLIENT}").headers


def test_with_503_only_the_stale_cloud_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "p365.sqlite"
    commit(path, DAY)
    with in_process(Workspace(store=path), Options(on_stale="503"), at(DAY + timedelta(30))) as client:
        assert client.get("/readyz").status == 503
        assert client.get(f"/endpoints/worldwide?{CLIENT}").status == 503
        assert client.get(f"/endpoints/china?{CLIENT}").status == 200


def test_a_list_becomes_stale_and_fresh_again_while_it_stays_the_same(place: str) -> None:
    commit(place, DAY)
    today = [DAY]
    with in_process(Workspace(store=place), clock=lambda: noon(today[0])) as client:
        target, service = f"/endpoints/worldwide?{CLIENT}", client.service
        assert "perimeter365-stale" not in client.get(target).headers
        today[0] = DAY + timedelta(20)
        client.run(service.look_at_ages())
        assert client.get(target).headers["perimeter365-stale"] == "worldwide"
        look(place, today[0])
        client.run(service.look_at_ages())
        assert "perimeter365-stale" not in client.get(target).headers
