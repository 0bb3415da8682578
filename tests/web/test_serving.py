"""Real server processes: starting, stopping, workers that are replaced, certificates that are renewed."""

import http.client
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from perimeter365.errors import InputError
from perimeter365.web.serving import Serving, serve, split_bind
from tests.web.servers import STOP, Client, Server, free_port, served, started
from tests.web.stores import commit

ID = "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"


@pytest.mark.parametrize("target", ["/", "/version", "/version/worldwide", "/endpoints/China", "/endpoints/x", "/nothing"])
def test_the_process_answers_as_the_application_does(client: Client, server: Server, target: str) -> None:
    here, there = client.get(f"{target}?{ID}"), server.get(f"{target}?{ID}")
    assert (here.status, here.body) == (there.status, there.body)
    assert {name: there.headers.get(name) for name in here.headers} == here.headers


def test_all_answers_name_the_service_and_its_workers_have_one_name() -> None:
    with served("--catalog", "embedded", "--workers", "2") as server:
        names = {server.get(f"/version?{ID}").headers["perimeter365-instance"] for _ in range(20)}
    assert len(names) == 1
    assert len(names.pop()) == 16


# -- starting ----------------------------------------------------------------------------------------------------------


def failed(*words: str) -> tuple[int, str]:
    """Exit code and stderr of `serve` that cannot start."""
    done = subprocess.run(
        [sys.executable, "-m", "perimeter365", "serve", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_it_says_what_it_serves_and_what_to_try() -> None:
    with served("--catalog", "embedded") as server:
        assert f"serve: serving at http://127.0.0.1:{server.port}, as process {server.process.pid}\n" in server.err
        assert "serve:   worldwide " in server.err
        assert f"serve: try: curl 'http://127.0.0.1:{server.port}/version?ClientRequestId=" in server.err
        tried = server.err.partition(f"curl 'http://127.0.0.1:{server.port}")[2].partition("'")[0]
        assert server.get(tried).status == 200
    with served("--catalog", "embedded", "--quiet") as server:
        assert server.err == ""


def test_profiles_that_are_missing_are_said(tmp_path: Path) -> None:
    with served("--catalog", "embedded", "--profiles", str(tmp_path), "--wpad", "contoso") as server:
        assert f"serve: profiles: none yet; write NAME.toml into {tmp_path}\n" in server.err
        assert "serve: profiles: /wpad.dat has no profile 'contoso' yet (--wpad)\n" in server.err


def test_a_port_that_is_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        code, err = failed("--bind", place)
    assert (code, err) == (
        2,
        f"error[P365-INPUT]: cannot listen on {place}: another program uses it\n" + err.partition("\n")[2],
    )
    assert "\nhelp: stop that program" in err


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "[::]:0"])
def test_an_address_that_others_can_reach_needs_public(bind: str) -> None:
    code, err = failed("--bind", bind)
    assert code == 2
    assert "is not a loopback address" in err
    assert "--public" in err


def test_public_listens_there() -> None:
    with started("--bind", "0.0.0.0:0", "--public", "--catalog", "embedded") as (_, log):
        port = wait_for(lambda: log.read_text().partition("http://0.0.0.0:")[2].partition(",")[0])
        with socket.create_connection(("127.0.0.1", int(port))) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert connection.recv(20).startswith(b"HTTP/1.0 200")


@pytest.mark.parametrize("bind", ["", "8365", "127.0.0.1:", ":8365", "127.0.0.1:99999", "127.0.0.1:٣", "localhost"])
def test_a_place_that_is_none_is_refused(bind: str) -> None:
    with pytest.raises(InputError):
        split_bind(bind)


@pytest.mark.parametrize("words", [("--tls-cert", "a.pem"), ("--workers", "0"), ("--workers", "65"), ("--workers", "-1")])
def test_options_that_cannot_be_are_refused(words: tuple[str, ...]) -> None:
    assert failed(*words)[0] == 2


def test_a_host_that_does_not_resolve_is_said() -> None:
    with pytest.raises(InputError, match=r"cannot listen on no\.such\.invalid:1"):
        serve(Serving(bind="no.such.invalid:1"), say=print)


# -- stopping ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_an_answer_that_is_being_sent_is_finished(number: int, code: int) -> None:
    with served("--catalog", "embedded") as server, socket.socket() as slow, socket.socket() as idle:
        whole = server.get(f"/endpoints/worldwide?{ID}").body
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        for each in (slow, idle):
            each.connect(("127.0.0.1", server.port))
        slow.sendall(f"GET /endpoints/worldwide?{ID} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        got = slow.recv(1_000)
        server.process.send_signal(number)
        time.sleep(0.3)
        while len(got.partition(b"\r\n\r\n")[2]) < len(whole):
            got += slow.recv(65_536)
        assert got.endswith(whole)
        assert server.process.wait(STOP) == code


def test_connections_that_wait_for_nothing_do_not_delay_the_end() -> None:
    with served("--catalog", "embedded") as server, socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle.recv(100)
        before = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - before < 5


def test_workers_end_when_their_parent_is_killed() -> None:
    with served("--catalog", "embedded") as server:
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not listens(server.port))


# -- workers -----------------------------------------------------------------------------------------------------------


def test_no_new_connection_fails_while_workers_are_replaced() -> None:
    with served("--catalog", "embedded", "--workers", "2") as server, asking(server.connect) as (answers, errors):
        for _ in range(3):
            before = set(server.workers())
            server.process.send_signal(signal.SIGHUP)
            wait_for(lambda before=before: not before & set(server.workers()))  # type: ignore[misc]
        assert len(answers) > 50
        assert (errors, set(answers)) == ([], {200})


def test_a_worker_that_dies_is_replaced_and_the_other_answers() -> None:
    with served("--catalog", "embedded", "--workers", "2") as server:
        killed = server.workers()[0]
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: len(server.workers()) == 2 and killed not in server.workers())
        assert "has ended (signal 9); it is replaced" in server.err
        assert server.get("/healthz").status == 200


def test_while_the_store_cannot_be_read_workers_with_lists_are_not_replaced(tmp_path: Path) -> None:
    path, target = tmp_path / "p365.sqlite", f"/endpoints/worldwide?{ID}"
    commit(path, date(2026, 11, 2))
    with served("--store", str(path), "--workers", "2") as server:
        wait_for(lambda: len(server.workers()) == 2)
        time.sleep(1)
        body, before, content = server.get(target).body, server.workers(), path.read_bytes()
        path.write_bytes(b"no database")
        server.process.send_signal(signal.SIGHUP)
        os.kill(before[1], signal.SIGKILL)
        wait_for(lambda: server.err.count("a new worker has no lists") >= 2)
        assert {server.get(target).body for _ in range(40)} == {body}
        assert before[0] in server.workers()
        path.write_bytes(content)
        wait_for(lambda: before[0] not in server.workers() and len(server.workers()) == 2, 40)
        assert {server.get(target).body for _ in range(40)} == {body}


def test_without_any_list_workers_answer_503_and_take_up_the_store_later(tmp_path: Path) -> None:
    path, target = tmp_path / "p365.sqlite", f"/endpoints/worldwide?{ID}"
    path.write_bytes(b"no database")
    with served("--store", str(path)) as server:
        assert server.get(target).status == 503
        assert "nothing is served" in server.err
        path.unlink()
        commit(path, date(2026, 11, 2))
        wait_for(lambda: server.get(target).status == 200)


# -- Unix sockets ------------------------------------------------------------------------------------------------------


def test_a_unix_socket_is_made_replaced_if_it_is_abandoned_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "p365.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with started("--bind", f"unix:{path}", "--catalog", "embedded") as (process, log):
        wait_for(lambda: "try: curl --unix-socket" in log.read_text())
        assert stat.S_ISSOCK(path.stat().st_mode)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.0 200")
        assert failed("--bind", f"unix:{path}")[0] == 2
        process.terminate()
        assert process.wait(STOP) == 0
    assert not path.exists()


def test_a_file_that_is_not_a_socket_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    assert failed("--bind", f"unix:{tmp_path / 'data'}")[0] == 2
    assert (tmp_path / "data").read_text() == "mine"


# -- TLS ---------------------------------------------------------------------------------------------------------------


class Renewed:
    """A certificate in two files, issued anew from time to time."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.chain, self.key = folder / "chain.pem", folder / "key.pem"
        self.context = ssl.create_default_context()
        self.authority.configure_trust(self.context)

    def issue(self, days: int) -> None:
        made = self.authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days))
        self.chain.write_bytes(b"".join(pem.bytes() for pem in made.cert_chain_pems))
        self.key.write_bytes(made.private_key_pem.bytes())

    def connect(self, port: int) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=STOP, context=self.context)

    def serial(self, port: int) -> object:
        """The serial number that a new connection sees."""
        connection = self.connect(port)
        connection.connect()
        assert isinstance(connection.sock, ssl.SSLSocket)
        found = (connection.sock.getpeercert() or {})["serialNumber"]
        connection.close()
        return found


def test_a_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not(tmp_path: Path) -> None:
    files = Renewed(tmp_path)
    files.issue(20)
    port = free_port()
    words = ("--bind", f"127.0.0.1:{port}", "--tls-cert", str(files.chain), "--tls-key", str(files.key))
    with started(*words, "--catalog", "embedded") as (process, log):
        wait_for(lambda: f"try: curl 'https://127.0.0.1:{port}/version" in log.read_text())
        assert "ends in 19 days" in log.read_text()
        first = files.serial(port)
        with asking(lambda: files.connect(port)) as (answers, errors):
            files.issue(90)
            wait_for(lambda: files.serial(port) != first)
            second = files.serial(port)
            files.chain.write_text("-----BEGIN CERTIFICATE-----\nbroken")
            wait_for(lambda: "the new certificate is not used, the old one stays" in log.read_text())
            time.sleep(1)
            assert files.serial(port) == second
        assert set(answers) == {200}
        assert len(errors) <= 2  # handshakes that were under way
        connection = files.connect(port)
        connection.request("GET", "/readyz")
        ready = connection.getresponse()
        assert ready.status == 200
        assert b"cannot be used" in ready.read()
        connection.close()
        process.terminate()
        assert process.wait(STOP) == 0


def test_an_old_device_with_tls_1_2_is_served(tmp_path: Path) -> None:
    files = Renewed(tmp_path)
    files.issue(90)
    files.context.maximum_version = ssl.TLSVersion.TLSv1_2
    port = free_port()
    words = ("--bind", f"127.0.0.1:{port}", "--tls-cert", str(files.chain), "--tls-key", str(files.key))
    with started(*words, "--catalog", "embedded") as (_, log):
        wait_for(lambda: "try: curl" in log.read_text())
        assert files.serial(port)


# -- helpers -----------------------------------------------------------------------------------------------------------


def wait_for(condition: Callable[[], object], seconds: float = 20) -> str:
    """Wait until a condition is true, and return its value as text."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return str(found)


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def asking(connect: Callable[[], http.client.HTTPConnection]) -> Iterator[tuple[list[int], list[str]]]:
    """Ask in a loop, each time in a new connection, and collect statuses and errors."""
    answers: list[int] = []
    errors: list[str] = []
    end = threading.Event()

    def ask() -> None:
        while not end.is_set():
            connection = connect()
            try:
                connection.request("GET", f"/version?{ID}")
                reply = connection.getresponse()
                reply.read()
                answers.append(reply.status)
            except (OSError, http.client.HTTPException) as error:
                errors.append(repr(error))
            finally:
                connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers, errors
    finally:
        end.set()
        thread.join()
