"""Requests and connections of someone who wants to harm the service, against a real server.

The full numbers (10,000 idle and 1,000 slow connections) are in `python -m bench serve`.
"""

import os
import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import quantiles

import pytest

from perimeter365.web.worker import HEADER_BYTES, HEADER_SECONDS
from tests.web.servers import Server, served

ID = "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
HOST = b"Host: mirror.example\r\n"
VERSION = f"GET /version?{ID} HTTP/1.1\r\n".encode() + HOST
ALIVE = b"GET /healthz HTTP/1.1\r\n" + HOST
LAST = b"Connection: close\r\n"


def sent(server: Server, data: bytes, *, seconds: float = 5) -> bytes:
    """Send bytes, and return what comes back until the connection ends, or nothing comes any more."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        got = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65_536):
                got += part
        except (TimeoutError, ConnectionError):
            pass
        return got


def statuses(got: bytes) -> list[int]:
    """The statuses of the answers in a stream."""
    return [int(each[:3]) for each in got.split(b"HTTP/1.1 ")[1:]]


def test_an_ordinary_request_is_answered(server: Server) -> None:
    assert statuses(sent(server, VERSION + LAST + b"\r\n")) == [200]


# -- one request -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2 * HEADER_BYTES, 1_000_000])
def test_a_head_that_is_too_large_is_431(server: Server, size: int) -> None:
    assert statuses(sent(server, VERSION + b"X: " + b"a" * size + b"\r\n\r\n")) in ([431], [])  # or the connection is reset


def test_many_small_headers_are_431(server: Server) -> None:
    many = b"".join(b"X-%d: a\r\n" % number for number in range(1_000))
    assert statuses(sent(server, VERSION + many + b"\r\n")) == [431]


def test_ranges_are_ignored(server: Server) -> None:
    ranges = b"Range: bytes=" + b",".join(b"%d-" % (each % 9) for each in range(8_000)) + b"\r\n"
    whole, got = sent(server, VERSION + LAST + b"\r\n"), sent(server, VERSION + ranges + LAST + b"\r\n")
    assert statuses(got) == [200]
    assert got.partition(b"\r\n\r\n")[2] == whole.partition(b"\r\n\r\n")[2]


def test_a_hundred_thousand_ranges_are_refused_by_their_size(server: Server) -> None:
    ranges = b"Range: bytes=" + b",".join(b"%d-" % (each % 9) for each in range(100_000)) + b"\r\n"
    assert statuses(sent(server, VERSION + ranges + LAST + b"\r\n")) in ([431], [])


SMUGGLED = ALIVE + b"\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Content-Length: 6\r\nContent-Length: 7\r\n\r\n123456" + SMUGGLED,
        b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: chunked, identity\r\n\r\n" + SMUGGLED,
        b"Content-Length: +6\r\n\r\n" + SMUGGLED,
        b"Content-Length: 99999999999999999999\r\n\r\n" + SMUGGLED,
        b"Content-Length : 6\r\n\r\n" + SMUGGLED,
        b" Content-Length: 6\r\n\r\n" + SMUGGLED,
    ],
)
def test_an_ambiguous_length_ends_the_connection_without_a_second_answer(server: Server, framing: bytes) -> None:
    for method in (b"POST", b"GET"):
        got = statuses(sent(server, VERSION.replace(b"GET", method, 1) + framing))
        assert len(got) <= 1
        assert set(got) <= {400, 405, 200}


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"DELETE"])
@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_a_body_is_not_waited_for(server: Server, method: bytes, expect: bytes) -> None:
    before = time.monotonic()
    got = sent(server, VERSION.replace(b"GET", method, 1) + b"Content-Length: 99999999\r\n" + expect + b"\r\nhello")
    assert statuses(got) == [200 if method == b"GET" else 405]
    assert time.monotonic() - before < 3


def test_an_endless_body_is_not_read(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(VERSION.replace(b"GET", b"POST", 1) + b"Transfer-Encoding: chunked\r\n\r\n")
        total, part = 0, b"10000\r\n" + b"a" * 65_536 + b"\r\n"
        with suppress(OSError):  # reset, broken pipe, or a time-out because nothing is read
            while total < 200_000_000:
                connection.sendall(part)
                total += len(part)
    assert total < 50_000_000


def test_requests_in_one_packet_are_all_answered_in_order(server: Server) -> None:
    got = sent(server, (ALIVE + b"\r\n" + b"GET /none HTTP/1.1\r\n" + HOST + b"\r\n") * 100 + ALIVE + LAST + b"\r\n")
    assert statuses(got) == [200, 404] * 100 + [200]


@pytest.mark.parametrize(
    "data",
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00" + b"a" * 600,
        b"GET /\xe9\xff HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /version?\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /version HTTP/9.9\r\n" + HOST + b"\r\n",
        b"GET  /version HTTP/1.1\r\n" + HOST + b"\r\n",
        b"G\x00T /version HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /version HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
        b"GET /version HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"\r\n" * 10_000,
        bytes(range(256)) * 10 + b"\r\n\r\n",
    ],
)
def test_what_is_not_http_is_400_or_ends_the_connection(server: Server, data: bytes) -> None:
    assert set(statuses(sent(server, data, seconds=2))) <= {400}
    assert server.get("/healthz").status == 200


@pytest.mark.parametrize("value", [b"\xff\xfe", b"a" * 8_000, b"gzip;q=" + b"9" * 5_000, b",".join([b'"x"'] * 1_500), b"  "])
@pytest.mark.parametrize("name", [b"If-None-Match", b"If-Modified-Since", b"Accept-Encoding", b"Accept", b"X-Forwarded-For"])
def test_headers_of_any_content_get_the_same_bytes(server: Server, name: bytes, value: bytes) -> None:
    got = sent(server, VERSION + name + b": " + value + b"\r\n" + LAST + b"\r\n")
    plain = sent(server, VERSION + LAST + b"\r\n")
    assert statuses(got) == [200]
    if name != b"Accept-Encoding":
        assert got.partition(b"\r\n\r\n")[2] == plain.partition(b"\r\n\r\n")[2]


TRAVERSALS = [
    "/../etc/passwd",
    "/%2e%2e/etc/passwd",
    "/..%2fetc%2fpasswd",
    "/%2e%2e%2fetc%2fpasswd",
    "/p/../../etc/passwd/pac",
    "/p/..%5c..%5cetc/pac",
    "/p/%252e%252e%252fetc/pac",
    "/p/..%c0%af..%c0%afetc/pac",
    "/p/%ef%bc%8e%ef%bc%8e/pac",
    "/p/....//....//etc/pac",
    "/p//etc/passwd/pac",
    "/p/%2fetc%2fpasswd/pac",
    "/p/a%00.toml/pac",
    "/p/file:%2f%2f%2fetc%2fpasswd/pac",
    "/endpoints/../../etc/passwd",
    "//etc/passwd",
    "/./././etc/passwd",
]


@pytest.mark.parametrize("target", TRAVERSALS)
def test_a_path_that_leaves_its_folder_finds_nothing(server: Server, target: str) -> None:
    got = sent(server, f"GET {target} HTTP/1.1\r\n".encode() + HOST + LAST + b"\r\n")
    assert statuses(got) in ([400], [404])
    assert b"root:" not in got


@pytest.mark.parametrize("target", ["/<script>alert(1)</script>", "/%3Cscript%3E", "/x%0d%0aSet-Cookie:%20a", "/%1b%5b31m"])
def test_nothing_of_a_request_is_in_an_error(server: Server, target: str) -> None:
    got = sent(server, f"GET {target} HTTP/1.1\r\n".encode() + HOST + LAST + b"\r\n")
    assert statuses(got)[0] in (400, 404)
    assert not any(word in got for word in (b"script", b"Set-Cookie", b"\x1b"))


def test_a_path_or_query_that_is_too_long_is_414(server: Server) -> None:
    assert server.get("/" + "a" * 2_000).status == 414
    assert server.get("/version?" + "a" * 5_000).status == 414


def test_nothing_of_a_request_is_logged() -> None:
    with served("--catalog", "embedded") as server:
        before = server.err
        for target in ["/version?token=secret", "/%1b%5b31m", *TRAVERSALS]:
            sent(server, f"GET {target} HTTP/1.1\r\n".encode() + HOST + LAST + b"\r\n")
        sent(server, os.urandom(500))
        assert server.err == before


# -- many connections --------------------------------------------------------------------------------------------------


def reset(server: Server, data: bytes) -> None:
    """Connect, send, and reset the connection."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(data)


def test_connections_that_are_reset_at_once_do_no_harm(server: Server) -> None:
    for data in (b"", b"GET", VERSION, VERSION + b"\r\n"):
        for _ in range(100):
            reset(server, data)
    assert server.get("/healthz").status == 200


@pytest.fixture
def files() -> Iterator[None]:
    """Enough files for the connections of a test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4_096:
        if hard < 4_096:
            pytest.skip("the limit of open files is below 4,096")
        resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def crowd(server: Server, idle: int, slow: int) -> Iterator[list[socket.socket]]:
    """Hold idle connections, and slow ones that send the head of a request byte by byte."""
    with ExitStack() as stack:
        address = ("127.0.0.1", server.port)
        waiting = [stack.enter_context(socket.create_connection(address)) for _ in range(idle)]
        dripping = [stack.enter_context(socket.create_connection(address)) for _ in range(slow)]
        end = threading.Event()

        def drip() -> None:
            while not end.wait(0.2):
                for each in dripping:
                    try:
                        each.send(b"G")
                    except OSError:
                        continue

        thread = threading.Thread(target=drip)
        thread.start()
        stack.callback(thread.join)
        stack.callback(end.set)
        yield waiting + dripping


def test_good_clients_do_not_wait_for_idle_and_slow_ones_and_those_are_ended(files: None) -> None:
    with served("--catalog", "embedded") as server, crowd(server, 1_000, 100) as connections:
        times = []
        for _ in range(200):
            before = time.perf_counter()
            assert server.get(f"/version?{ID}").status == 200
            times.append(time.perf_counter() - before)
        assert quantiles(times, n=100)[98] < 0.25
        # all of them, whatever they send, end at the deadline
        end = time.monotonic() + HEADER_SECONDS + 5
        for each in connections:
            each.settimeout(max(0.1, end - time.monotonic()))
            with suppress(ConnectionError):
                assert each.recv(100)[:12] in (b"", b"HTTP/1.1 408", b"HTTP/1.1 400")


def test_a_worker_without_a_file_for_a_connection_accepts_again_when_it_has_one() -> None:
    with served("--catalog", "embedded") as server, ExitStack() as stack:
        (worker,) = server.workers()
        opened = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (opened + 2, resource.prlimit(worker, resource.RLIMIT_NOFILE)[1]))
        for _ in range(20):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        time.sleep(1)
        stack.close()
        assert server.get(f"/version?{ID}").status == 200


def test_a_server_that_may_open_few_files_keeps_some_for_itself() -> None:
    with served("--catalog", "embedded", files=128) as server, ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        time.sleep(1)
        (worker,) = server.workers()
        assert len(list(Path(f"/proc/{worker}/fd").iterdir())) < 128
        stack.close()
        assert server.get(f"/version?{ID}").status == 200


def test_clients_that_do_not_read_do_not_grow_the_server(files: None) -> None:
    with served("--catalog", "embedded") as server, ExitStack() as stack:
        assert server.get(f"/endpoints/worldwide?{ID}").status == 200
        request = f"GET /endpoints/worldwide?{ID} HTTP/1.1\r\n".encode() + HOST + b"\r\n"
        for _ in range(300):
            each = stack.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            each.connect(("127.0.0.1", server.port))
            each.sendall(request * 20)
        assert server.get(f"/version?{ID}").status == 200
        assert server.memory() < 250 * 2**20
