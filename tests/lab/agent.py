"""The program in each namespace: it answers probes and opens connections.

It is started by its path with the interpreter of the tests and uses only the standard library. It reads one
JSON object per line from stdin, answers each with one JSON line on stdout that has the `number` of the request,
and ends when stdin closes.

| `do` | other keys | answer |
| --- | --- | --- |
| `set` | `values`: kernel setting below /proc/sys -> text | `{}` |
| `listen` | `tcp`, `udp`: lists of ports | `{}`; a port that is already open stays open |
| `probe` | `probes`: `[protocol, source, source port, destination, port]`; `timeouts` (s) | `{"verdicts"}` |
| `forget` | | `{}`; the connection tracking table of this namespace is empty |

A verdict is `[outcome, errno, answered by, seen from, seconds]`. A failure of the laboratory itself
(an address that cannot be bound, no route) is not a verdict but `{"error": text}`.
"""

import asyncio
import errno
import json
import os
import resource
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any

# Not in the socket module of Python 3.11. Values: linux/in.h, linux/in6.h.
IP_RECVERR, IP_PKTINFO, IP_TRANSPARENT = 11, 8, 19
IPV6_RECVERR, IPV6_TRANSPARENT = 25, 75

CONCURRENT_PROBES = 500
"""Maximum number of probes in flight.

Waiting needs no CPU time, so there can be many; with more, the answers
on a slow machine could arrive after the timeout.
"""

REFUSALS = {
    errno.ECONNREFUSED,
    errno.ECONNRESET,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.EACCES,
    errno.EPROTO,
}

Verdict = tuple[str, int, str, str, float]


def transparent(kind: socket.SocketKind, address: str) -> socket.socket:
    """Create a non-blocking socket that may use addresses of other hosts."""
    if ":" in address:
        sock = socket.socket(socket.AF_INET6, kind)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
    else:
        sock = socket.socket(socket.AF_INET, kind)
        sock.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
    sock.setblocking(False)
    return sock


def echo(destination: str, source: str) -> bytes:
    """Return the answer to a probe: its destination, and its source address."""
    return f"{destination} {source}\n".encode()


class Listener:
    """A server on every local address of this namespace, on the requested ports."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], list[object]] = {}

    async def listen(self, protocol: str, port: int) -> None:
        """Open a port for IPv4 and IPv6."""
        if (protocol, port) in self._open:
            return
        kept = self._open[protocol, port] = []
        for wildcard in ("0.0.0.0", "::"):
            if protocol == "tcp":
                sock = transparent(socket.SOCK_STREAM, wildcard)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((wildcard, port))
                kept.append(await asyncio.start_server(self._answer_stream, sock=sock, backlog=4096))
            else:
                sock = transparent(socket.SOCK_DGRAM, wildcard)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
                if sock.family == socket.AF_INET6:
                    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
                else:
                    sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
                sock.bind((wildcard, port))
                asyncio.get_running_loop().add_reader(sock, self._answer_datagram, sock, port)
                kept.append(sock)

    @staticmethod
    async def _answer_stream(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own, peer = writer.get_extra_info("sockname"), writer.get_extra_info("peername")
        try:
            writer.write(echo(f"{own[0]} {own[1]}", peer[0]))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass  # the client has closed the connection and reports its own verdict

    @staticmethod
    def _answer_datagram(sock: socket.socket, port: int) -> None:
        try:
            data, ancillary, _flags, peer = sock.recvmsg(512, 256)
        except OSError:
            return  # an ICMP error about an earlier answer
        for level, kind, value in ancillary:
            # The answer must have the destination address of the probe as its source, or the client discards it.
            # The IPv4 structure starts with the interface; in the IPv6 structure it follows the address.
            if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                own = value[8:12]
                back = struct.pack("=I4s4s", 0, own, own)
                text = socket.inet_ntop(socket.AF_INET, own)
            elif level == socket.IPPROTO_IPV6 and kind == socket.IPV6_PKTINFO:
                own = value[:16]
                back = own + struct.pack("=I", 0)
                text = socket.inet_ntop(socket.AF_INET6, own)
            else:
                continue
            try:
                sock.sendmsg([data, echo(f"{text} {port}", peer[0])], [(level, kind, back)], 0, peer)
            except OSError:
                return  # the router rejects the answer; the client correctly times out


def report_errors(sock: socket.socket) -> None:
    """Make the kernel queue every ICMP error for this socket.

    Otherwise a UDP socket ignores some ("host unreachable"), and a TCP socket misses an error that arrives before
    `connect` returns, as happens between namespaces of one kernel.
    """
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)


def queued_error(sock: socket.socket) -> int:
    """Return the error number of the oldest queued error, or 0."""
    try:
        _data, ancillary, _flags, _peer = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return 0
    for level, kind, value in ancillary:
        if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
            return int(struct.unpack_from("=I", value)[0])
    return 0


async def connect(sock: socket.socket, destination: tuple[str, int]) -> None:
    """Open a TCP connection. Raises `OSError` as soon as it is rejected."""
    status = sock.connect_ex(destination)
    if status not in (0, errno.EINPROGRESS):
        raise OSError(status, os.strerror(status))
    loop = asyncio.get_running_loop()
    settled = asyncio.Event()
    loop.add_writer(sock, settled.set)
    try:
        await settled.wait()
    finally:
        loop.remove_writer(sock)
    code = queued_error(sock) or sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


async def dial(probe: tuple[str, str, int, str, int], timeout: float) -> Verdict:
    """Make one attempt.

    Raises `RuntimeError` if the laboratory, not the rule set, is the cause of a failure.
    """
    protocol, source, source_port, destination, port = probe
    began = time.perf_counter()
    received = b""
    mark = b"%016x" % (time.monotonic_ns() & (1 << 64) - 1)
    loop = asyncio.get_running_loop()
    with transparent(socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM, destination) as sock:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((source, source_port))
            report_errors(sock)
            if protocol == "udp":
                sock.connect((destination, port))
        except OSError as error:
            raise RuntimeError(f"{probe}: {error}") from error
        try:
            async with asyncio.timeout(timeout):
                if protocol == "tcp":
                    await connect(sock, (destination, port))
                    # Close with a reset, so that thousands of probes leave no sockets in TIME_WAIT.
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    await loop.sock_sendall(sock, mark)
                while not received.endswith(b"\n"):
                    data = await loop.sock_recv(sock, 512)
                    if not data:
                        return ("refused", 0, "", "", time.perf_counter() - began)
                    received += data
        except TimeoutError:
            return ("timed-out", 0, "", "", time.perf_counter() - began)
        except OSError as error:
            if error.errno not in REFUSALS:
                raise RuntimeError(f"{probe}: {error}") from error
            return ("refused", error.errno or 0, "", "", time.perf_counter() - began)
    if protocol == "udp":
        if not received.startswith(mark):
            raise RuntimeError(f"{probe}: an answer to another probe: {received!r}")
        received = received.removeprefix(mark)
    address, own_port, seen = received.decode().split()
    return ("passed", 0, f"{address} {own_port}", seen, time.perf_counter() - began)


async def dial_all(probes: list[tuple[str, str, int, str, int]], timeouts: list[float]) -> list[Verdict]:
    """Run probes concurrently.

    Probes that time out are repeated, so that a delay does not change the verdict.
    """
    gate = asyncio.Semaphore(CONCURRENT_PROBES)

    async def one(index: int, timeout: float) -> None:
        async with gate:
            verdicts[index] = await dial(probes[index], timeout)

    verdicts: dict[int, Verdict] = {}
    for timeout in timeouts:
        silent = [i for i in range(len(probes)) if i not in verdicts or verdicts[i][0] == "timed-out"]
        await asyncio.gather(*(one(index, timeout) for index in silent))
    return [verdicts[index] for index in range(len(probes))]


def configure(values: dict[str, object]) -> None:
    """Write kernel settings of this namespace. Names are paths below /proc/sys."""
    for name, value in values.items():
        Path("/proc/sys", name).write_text(f"{value}\n")


def forget() -> None:
    """Flush the connection tracking table (ctnetlink delete, linux/netfilter.h)."""
    netlink_netfilter, delete, request_and_ack = 12, (1 << 8) | 2, 0x1 | 0x4
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, netlink_netfilter) as sock:
        sock.sendto(struct.pack("=IHHII", 20, delete, request_and_ack, 1, 0) + bytes(4), (0, 0))
        sock.settimeout(2)
        code = -struct.unpack_from("=i", sock.recv(4096), 16)[0]
    if code:
        raise OSError(code, "the connection tracking table cannot be flushed")


async def main() -> None:
    """Serve requests until stdin closes."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = Listener()

    async def serve(request: dict[str, Any]) -> dict[str, Any]:
        match request["do"]:
            case "set":
                configure(request["values"])
            case "listen":
                for protocol in ("tcp", "udp"):
                    for port in request[protocol]:
                        await listener.listen(protocol, port)
            case "probe":
                probes = [tuple(probe) for probe in request["probes"]]
                return {"verdicts": await dial_all(probes, request["timeouts"])}
            case "forget":
                forget()
            case unknown:
                raise ValueError(f"unknown request {unknown!r}")
        return {}

    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        request = json.loads(line)
        try:
            answer = await serve(request)
        except (OSError, RuntimeError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps({**answer, "number": request["number"]}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
