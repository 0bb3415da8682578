"""PostgreSQL servers: idle connections, lost connections, and URLs."""

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
        return int(connection.select(BACKEND)[0]["pid"])


def test_a_connection_is_kept_for_the_next_transaction(postgres: Cluster) -> None:
    server = Server(postgres.database())
    first = backend(server)
    assert backend(server) == first
    server.close()
    assert backend(server) != first
    server.close()


def test_a_connection_is_kept_after_an_error_and_dropped_after_its_loss(postgres: Cluster) -> None:
    server = Server(postgres.database())
    first = backend(server)
    with pytest.raises(StoreError, match="does not exist"), server.begin() as connection:
        connection.select("SELECT * FROM nothing")
    assert backend(server) == first
    with pytest.raises(StoreError, match="cannot be used"), server.begin() as connection:
        connection.select("SELECT pg_terminate_backend(pg_backend_pid())")
    assert backend(server) != first
    server.close()


def test_an_idle_connection_that_was_lost_is_replaced(postgres: Cluster) -> None:
    place = postgres.database()
    server = Server(place)
    first = backend(server)
    with psycopg.connect(place) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [first])
    assert backend(server) != first
    server.close()


def test_the_number_of_idle_connections_is_limited(postgres: Cluster) -> None:
    place = postgres.database()
    server = Server(place)
    several = [server.begin() for _ in range(IDLE + 2)]
    for each in several:
        each.__exit__(None, None, None)
    with psycopg.connect(place) as other:
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = -1
        for _ in range(100):  # the server ends the other connections asynchronously
            (found,) = other.execute(count).fetchone() or (0,)
            other.commit()
            if found == IDLE:
                break
    assert found == IDLE
    server.close()


def test_threads_share_a_server(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as connection:
        connection.execute("CREATE TABLE one (value INTEGER)")
    failed: list[Exception] = []

    def work() -> None:
        try:
            for number in range(10):
                with server.begin(writing=True) as mine:
                    mine.execute("INSERT INTO one VALUES (:number)", number=number)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with server.begin() as connection:
        assert connection.select("SELECT count(*) AS found FROM one") == [{"found": 60}]
    server.close()


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_forked_process_opens_its_own_connections(postgres: Cluster) -> None:
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
    assert backend(server) == first, "the child must not close the parent's connection"
    server.close()


def test_a_commit_waits_for_the_disk(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as connection:
        assert connection.select("SHOW synchronous_commit") == [{"synchronous_commit": "on"}]
        assert connection.select("SHOW lock_timeout") == [{"lock_timeout": "30s"}]
        assert connection.select("SHOW transaction_isolation") == [{"transaction_isolation": "read committed"}]
    with server.begin() as connection:
        assert connection.select("SHOW lock_timeout") == [{"lock_timeout": "0"}]
        assert connection.select("SHOW transaction_isolation") == [{"transaction_isolation": "repeatable read"}]
    server.close()


def test_a_reader_keeps_its_snapshot(postgres: Cluster) -> None:
    server = Server(postgres.database())
    with server.begin(writing=True) as writer:
        writer.execute("CREATE TABLE one (value INTEGER)")
    with server.begin() as reader:
        assert reader.select("SELECT value FROM one") == []
        with server.begin(writing=True) as writer:
            writer.execute("INSERT INTO one VALUES (1)")
        assert reader.select("SELECT value FROM one") == []
    server.close()


@pytest.mark.parametrize("rest", ["[::1/d", "h:1/d?no_such_option=1", "h/d?options", "h/%zz"])
def test_an_invalid_url_is_reported_without_its_password(rest: str) -> None:
    with pytest.raises(StoreError, match="is not the URL of a PostgreSQL database") as caught:
        Server(f"postgresql://someone:hunter2@{rest}")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_driver_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match="needs the extra 'postgres'") as caught:
        Server("postgresql://h/d")
    assert "pip install" in caught.value.help


def test_a_server_crash_is_an_error_and_the_restarted_server_works() -> None:
    with Cluster() as cluster:
        server = Server(cluster.database())
        backend(server)
        cluster.stop(signal.SIGQUIT)
        with pytest.raises(StoreError, match="cannot be used"):
            server.begin()
        cluster.start()
        assert backend(server)
        server.close()
