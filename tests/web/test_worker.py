"""What a worker needs of granian and of the system."""

import importlib
import resource
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from perimeter365.web.worker import RESERVED_FILES, UNREAD_SECONDS, listen, listen_unix


def test_the_names_of_granian_that_are_used_are_there() -> None:
    native: Any = importlib.import_module("granian._granian")
    assert native.RSGIWorker.__text_signature__.startswith("(worker_id, sock, ipc, threads=1, ")
    assert native.SocketHolder.__text_signature__ == "(fd, uds, backlog)"
    assert {"serve_str", "serve_str_uds"} <= set(dir(native.RSGIWorker))
    assert "_schedule_fn" in dir(native.CallbackScheduler)


def test_a_connection_inherits_the_time_for_which_a_client_may_not_read() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNREAD_SECONDS * 1_000
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_two_servers_do_not_share_a_port() -> None:
    with listen("127.0.0.1", 0) as listener, pytest.raises(OSError, match="in use"):
        listen(*listener.getsockname())


def test_a_live_unix_socket_is_not_replaced(tmp_path: Path) -> None:
    with listen_unix(str(tmp_path / "s")), pytest.raises(OSError, match="in use"):
        listen_unix(str(tmp_path / "s"))


@pytest.mark.parametrize("files", [100, 1_000])
def test_a_worker_keeps_files_for_itself(files: int) -> None:
    code = "from perimeter365.web.worker import connections; print(connections())"
    done = subprocess.run(
        ["prlimit", f"--nofile={files // 2}:{files}", sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == files - RESERVED_FILES
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] != files


SLOW = """
import asyncio, os, signal, sys, threading
from perimeter365.web.worker import listen, run

class App:
    def at_once(self, scope, proto):
        return False
    async def __call__(self, scope, proto):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(1)
        proto.response_bytes(200, [("content-type", "text/plain")], b"made")
    async def start(self):
        pass
    async def stop(self):
        print("stopped")

listener = listen("127.0.0.1", 0)
reading, writing = os.pipe()
ready = lambda: print(listener.getsockname()[1], flush=True)
run(App(), listener, None, ready=ready, parent=reading)
"""


def test_an_answer_that_is_being_made_is_finished_before_the_end() -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with socket.create_connection(("127.0.0.1", int(process.stdout.readline())), timeout=10) as client:
            client.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            got = b""
            while not got.endswith(b"made"):
                got += client.recv(1_000) or b"(closed)made"
        assert got.startswith(b"HTTP/1.1 200")
        assert b"(closed)" not in got
        assert process.wait(10) == 0
        assert process.stdout.read() == "stopped\n"
