"""PostgreSQL servers: connections that are kept, those that are lost, and addresses."""

import os
import signal
import sys
import threading

import psycopg
import pytest

from perimeter365.errors import MissingExtraError, StoreError
from perimeter365.store.postgres import IDLE, Server
from tests.history.postgres import Server as Cluster

BACKEND = "SELECT pg_backend_pid() AS pid"


def backend(server: Server) -> int:
    with server.begin() as connection:
        return int(connection.ask(BACKEND)[0]["pid"])


def test_a_connection_is_kept_for_the_next_transaction(postgres: Cluster) -> None:
    server = Server(postgres.database())
    first = backend(server)
    assert backend(server) == first
    server.close()
    assert backend(server) != first
    server.close()


def test_one_that_failed_is_kept_and_one_that_was_lost_is_not(postgres: Cluster) -> None:
    server = Server(postgres.database())
    first = backend(server)
    with pytest.raises(StoreError, match="does not exist"), server.begin() as connection:
        connection.ask("SELECT * FROM nothing")
    assert backend(server) == first
    with pytest.raises(StoreError, match="cannot be used"), server.begin() as connection:
        connection.ask("SELECT pg_terminate_backend(pg_backend_pid())")
    assert backend(server) != first
    server.close()


def test_a_kept_connection_that_died_meanwhile_is_replaced(postgres: Cluster) -> None:
    place = postgres.database()
    server = Server(place)
    first = backend(server)
    with psycopg.connect(place) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [first])
    assert backend(server) != first
    server.close()


def test_no_more_are_kept_than_said(postgres: Cluster) -> None:
    place = postgres.database()
    server = Server(place)
    several = [server.begin() for _ in range(IDLE + 2)]
    for each in several:
        each.__exit__(None, None, None)
    with psycopg.connect(place) as other:
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = -1
        for _ in range(100):  # the others' ends are not waited for
            (found,) = other.execute(count).fetchone() or (0,)
            other.commit()
            if found == IDLE:
                break
    assert found == IDLE
    server.close()


def test_threads_share_a_server(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as connection:
        connection.do("CREATE TABLE one (value INTEGER)")
    failed: list[Exception] = []

    def work() -> None:
        try:
            for number in range(10):
                with server.begin(writing=True) as mine:
                    mine.do("INSERT INTO one VALUES (:number)", number=number)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with server.begin() as connection:
        assert connection.ask("SELECT count(*) AS found FROM one") == [{"found": 60}]
    server.close()


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_forked_process_has_connections_of_its_own(postgres: Cluster) -> None:
    server = Server(postgres.database())
    first = backend(server)
    child = os.fork()
    if not child:
        code = 1
        try:
            code = 0 if backend(server) != first else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert backend(server) == first, "the child has closed the parent's"
    server.close()


def test_a_commit_acknowledged_is_one_that_waits_for_the_disk(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as connection:
        assert connection.ask("SHOW synchronous_commit") == [{"synchronous_commit": "on"}]
        assert connection.ask("SHOW lock_timeout") == [{"lock_timeout": "30s"}]
        assert connection.ask("SHOW transaction_isolation") == [{"transaction_isolation": "read committed"}]
    with server.begin() as connection:
        assert connection.ask("SHOW lock_timeout") == [{"lock_timeout": "0"}]
        assert connection.ask("SHOW transaction_isolation") == [{"transaction_isolation": "repeatable read"}]
    server.close()


def test_a_reader_of_a_past_moment_stays_in_it(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as writer:
        writer.do("CREATE TABLE one (value INTEGER)")
    with server.begin() as reader:
        assert reader.ask("SELECT value FROM one") == []
        with server.begin(writing=True) as writer:
            writer.do("INSERT INTO one VALUES (1)")
        assert reader.ask("SELECT value FROM one") == []
    server.close()


@pytest.mark.parametrize("rest", ["[::1/d", "h:1/d?no_such_option=1", "h/d?options", "h/%zz"])
def test_an_address_that_cannot_be_read_is_said_without_its_password(rest: str) -> None:
    with pytest.raises(StoreError, match="is not the URL of a PostgreSQL database") as caught:
        Server(f"postgresql://someone:hunter2@{rest}")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match="needs the extra 'postgres'") as caught:
        Server("postgresql://h/d")
    assert "pip install" in caught.value.help


def test_a_server_that_crashed_is_an_error_and_then_well_again() -> None:
    with Cluster() as cluster:
        server = Server(cluster.database())
        backend(server)
        cluster.stop(signal.SIGQUIT)
        with pytest.raises(StoreError, match="cannot be used"):
            server.begin()
        cluster.start()
        assert backend(server)
        server.close()
