"""The program that runs inside a namespace: it answers for the addresses there and dials from them.

Started by its path with the interpreter of the tests; standard library only. It reads one JSON object a line
from stdin, answers each with one JSON line on stdout under the request's `number`, and ends when stdin closes.

| `do` | other keys | answer |
| --- | --- | --- |
| `set` | `values`: kernel setting below /proc/sys -> text | `{}` |
| `listen` | `tcp`, `udp`: lists of ports | `{}`; a port that is already open stays open |
| `probe` | `probes`: `[protocol, source, source port, destination, port]`; `timeouts` (s) | `{"verdicts"}` |
| `forget` | | `{}`; the kernel forgets every tracked connection of this namespace |

A verdict is `[outcome, errno, answered by, seen from, seconds]`. Whatever goes wrong with the laboratory
itself (an address that cannot be bound, no route) is not a verdict but `{"error": text}`.
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

AT_ONCE = 500
"""Probes in flight. Silence costs time, not work, so many may wait together; with many more, a slow machine
would take longer to hear an answer than a probe waits for it.
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
    """A non-blocking socket that may use addresses the interface does not carry."""
    if ":" in address:
        sock = socket.socket(socket.AF_INET6, kind)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
    else:
        sock = socket.socket(socket.AF_INET, kind)
        sock.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
    sock.setblocking(False)
    return sock


def echo(asked: str, asker: str) -> bytes:
    """What the answering side says: the address and port that were asked, and who asked."""
    return f"{asked} {asker}\n".encode()


class Listener:
    """Answers on every address that is local in this namespace, on the ports it was told."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], list[object]] = {}

    async def listen(self, protocol: str, port: int) -> None:
        """Open a port in both families."""
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
        asked, asker = writer.get_extra_info("sockname"), writer.get_extra_info("peername")
        try:
            writer.write(echo(f"{asked[0]} {asked[1]}", asker[0]))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass  # the asker has gone away: its verdict, not ours

    @staticmethod
    def _answer_datagram(sock: socket.socket, port: int) -> None:
        try:
            data, ancillary, _flags, peer = sock.recvmsg(512, 256)
        except OSError:
            return  # an ICMP error about an earlier answer
        for level, kind, value in ancillary:
            # The answer must leave from the address that was asked, or the asker's kernel throws it away. The
            # first word of IPv4's structure is the interface; in IPv6's it comes after the address.
            if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                asked = value[8:12]
                back = struct.pack("=I4s4s", 0, asked, asked)
                text = socket.inet_ntop(socket.AF_INET, asked)
            elif level == socket.IPPROTO_IPV6 and kind == socket.IPV6_PKTINFO:
                asked = value[:16]
                back = asked + struct.pack("=I", 0)
                text = socket.inet_ntop(socket.AF_INET6, asked)
            else:
                continue
            try:
                sock.sendmsg([data, echo(f"{text} {port}", peer[0])], [(level, kind, back)], 0, peer)
            except OSError:
                return  # the router refuses the way back: the asker sees silence, which is the truth


def report_errors(sock: socket.socket) -> None:
    """Have the kernel keep every ICMP error about this socket.

    Without it a UDP socket ignores some ("host unreachable"), and a TCP socket that is just sending its first
    packet misses the one that comes back before the call returns, as it does between namespaces of one
    kernel.
    """
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)


def kept_error(sock: socket.socket) -> int:
    """The number of the oldest kept error, 0 when there is none."""
    try:
        _data, ancillary, _flags, _peer = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return 0
    for level, kind, value in ancillary:
        if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
            return int(struct.unpack_from("=I", value)[0])
    return 0


async def connect(sock: socket.socket, destination: tuple[str, int]) -> None:
    """Open a TCP connection; raises `OSError` as soon as anything refuses it."""
    begun = sock.connect_ex(destination)
    if begun not in (0, errno.EINPROGRESS):
        raise OSError(begun, os.strerror(begun))
    loop = asyncio.get_running_loop()
    settled = asyncio.Event()
    loop.add_writer(sock, settled.set)
    try:
        await settled.wait()
    finally:
        loop.remove_writer(sock)
    code = kept_error(sock) or sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


async def dial(probe: tuple[str, str, int, str, int], timeout: float) -> Verdict:
    """One attempt. Raises `RuntimeError` when the laboratory, not the rule set, is in the way."""
    protocol, source, source_port, destination, port = probe
    began = time.perf_counter()
    said = b""
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
                    # Reset instead of a long farewell: thousands of probes leave nothing behind.
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    await loop.sock_sendall(sock, mark)
                while not said.endswith(b"\n"):
                    heard = await loop.sock_recv(sock, 512)
                    if not heard:
                        return ("refused", 0, "", "", time.perf_counter() - began)
                    said += heard
        except TimeoutError:
            return ("timed-out", 0, "", "", time.perf_counter() - began)
        except OSError as error:
            if error.errno not in REFUSALS:
                raise RuntimeError(f"{probe}: {error}") from error
            return ("refused", error.errno or 0, "", "", time.perf_counter() - began)
    if protocol == "udp":
        if not said.startswith(mark):
            raise RuntimeError(f"{probe}: an answer to another question: {said!r}")
        said = said.removeprefix(mark)
    address, asked_port, seen = said.decode().split()
    return ("passed", 0, f"{address} {asked_port}", seen, time.perf_counter() - began)


async def dial_all(probes: list[tuple[str, str, int, str, int]], timeouts: list[float]) -> list[Verdict]:
    """Every probe, many at once. What stays silent is asked again, so that one slow moment is no verdict."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(index: int, timeout: float) -> None:
        async with gate:
            verdicts[index] = await dial(probes[index], timeout)

    verdicts: dict[int, Verdict] = {}
    for timeout in timeouts:
        silent = [i for i in range(len(probes)) if i not in verdicts or verdicts[i][0] == "timed-out"]
        await asyncio.gather(*(one(index, timeout) for index in silent))
    return [verdicts[index] for index in range(len(probes))]


def configure(values: dict[str, object]) -> None:
    """Write kernel settings of this namespace; the names are paths below /proc/sys."""
    for name, value in values.items():
        Path("/proc/sys", name).write_text(f"{value}\n")


def forget() -> None:
    """Flush the connection tracking table: ctnetlink's delete without a tuple (linux/netfilter.h)."""
    netlink_netfilter, delete, request_and_ack = 12, (1 << 8) | 2, 0x1 | 0x4
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, netlink_netfilter) as sock:
        sock.sendto(struct.pack("=IHHII", 20, delete, request_and_ack, 1, 0) + bytes(4), (0, 0))
        sock.settimeout(2)
        code = -struct.unpack_from("=i", sock.recv(4096), 16)[0]
    if code:
        raise OSError(code, "the kernel does not forget its tracked connections")


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
