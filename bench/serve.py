"""The service against nginx with the same bytes, and under load that is meant to harm it.

    python bench/serve.py [ROUNDS] [REQUESTS]

Goals, for an answer of 15 to 25 KB:
    requests a second    at least 0.8 of nginx for the body, 0.6 for the compressed body, 0.5 for 304
    99th percentile      at most 3 times that of nginx
    memory               at most 150 MB after a million requests, and not growing
    start                at most 1.5 s until the first answer
    a crowd              99 % of answers within 250 ms while 10,000 idle and 1,000 slow connections are open

wrk runs on the last core, and one worker of each server on the first. They are measured alternately (default 5 rounds); the
results are the ratios of the medians. nginx has one worker, sendfile, open_file_cache, gzip_static and no access log. The
processor time for a request is printed too: it does not depend on how fast wrk is.
"""

import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from gzip import compress
from pathlib import Path

from perimeter365.model.cloud import OPERATED

FORMS = {"body": (0.8, ()), "gzip": (0.6, ("Accept-Encoding: gzip",)), "304": (0.5, ())}
"""Name of a form -> part of nginx's requests a second, headers of the request."""

SLOWER, MEGABYTES, START, CROWDED = 3.0, 150.0, 1.5, 0.250
IDLE, SLOW = 10_000, 1_000
SECONDS, CONNECTIONS = 3, 32
ID = "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
TARGETS = [f"/endpoints/{cloud.folder.lower()}?{ID}" for cloud in reversed(OPERATED)]
FIRST, LAST = "0", str((os.cpu_count() or 1) - 1)

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 16384; }}
http {{
    access_log off; sendfile on; tcp_nopush on; gzip_static on; keepalive_requests 100000000;
    open_file_cache max=100 inactive=60s; open_file_cache_valid 60s;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port}; root {folder}; default_type "application/json; charset=utf-8";
        add_header Cache-Control "public, max-age=300"; add_header X-Content-Type-Options nosniff;
    }}
}}
"""


@dataclass(frozen=True)
class Load:
    """The result of one run of wrk."""

    rate: float
    """Requests a second."""
    late: float
    """99th percentile in milliseconds."""
    processor: float
    """Processor time of the server for a request, in microseconds."""


@dataclass(frozen=True)
class Running:
    """A server."""

    pid: int
    port: int

    def url(self, target: str) -> str:
        """Return the URL of a path."""
        return f"http://127.0.0.1:{self.port}{target}"

    def get(self, target: str, **headers: str) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of an answer."""
        request = urllib.request.Request(self.url(target), headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    @property
    def processes(self) -> list[str]:
        """The process and its workers."""
        return [str(self.pid), *Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    @property
    def seconds(self) -> float:
        """The processor time that it has used."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.processes]
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")

    @property
    def megabytes(self) -> float:
        """Its memory (RSS)."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.processes)
        return pages * resource.getpagesize() / 2**20


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[Running]:
    """Run a server on the first core until the block ends; it answers before the block starts."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(["taskset", "-c", FIRST, *command], stdout=log, stderr=log)
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if process.poll() is not None:
                        log.seek(0)
                        sys.exit(log.read().decode())
                    time.sleep(0.005)
            yield Running(process.pid, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def serve(port: int) -> list[str]:
    """Return the command of the service."""
    return [sys.executable, "-m", "perimeter365", "serve", "--catalog", "embedded", "--bind", f"127.0.0.1:{port}"]


def load(server: Running, target: str, headers: tuple[str, ...], seconds: float = SECONDS) -> Load:
    """Run wrk on the last core."""
    before = server.seconds
    words = [word for header in headers for word in ("-H", header)]
    done = subprocess.run(
        ["taskset", "-c", LAST, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}", "--latency", *words, server.url(target)],
        check=True,
        capture_output=True,
        text=True,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(done.stdout)
    number, late = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()  # type: ignore[union-attr]
    count = int(re.search(r"(\d+) requests in", done.stdout)[1])  # type: ignore[index]
    return Load(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),  # type: ignore[index]
        late=float(number) * {"us": 0.001, "ms": 1, "s": 1000}[late],
        processor=(server.seconds - before) / count * 1e6,
    )


def against_nginx(service: Running, rounds: int) -> bool:
    """Compare the service with nginx; return True if the goals are reached."""
    target, body = next((t, b) for t in TARGETS if 15_000 <= len(b := service.get(t)[0]) <= 25_000 or t == TARGETS[-1])
    reached = True
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        (folder / "list").write_bytes(body)
        (folder / "list.gz").write_bytes(compress(body, 9))
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or sys.exit("nginx is not installed")
        nginx = stack.enter_context(running([program, "-c", str(folder / "nginx.conf")], port))
        tags = service.get(target)[1]["etag"], nginx.get("/list")[1]["etag"]
        for form, (goal, headers) in FORMS.items():
            ours, theirs = [], []
            for _ in range(rounds):
                for server, path, tag, results in (
                    (service, target, tags[0], ours),
                    (nginx, "/list", tags[1], theirs),
                ):
                    results.append(load(server, path, (f"If-None-Match: {tag}",) if form == "304" else headers))
            rate = median(ours, "rate") / median(theirs, "rate")
            late = median(ours, "late") / median(theirs, "late")
            reached &= rate >= goal and late <= SLOWER
            print(
                f"serve: {form} of {len(body)} bytes: {median(ours, 'rate'):.0f} requests a second, nginx "
                f"{median(theirs, 'rate'):.0f}, ratio {rate:.2f} (goal: at least {goal:g}); 99 % within "
                f"{median(ours, 'late'):.1f} ms, nginx {median(theirs, 'late'):.1f}, ratio {late:.2f} (goal: at most "
                f"{SLOWER:g}); processor {median(ours, 'processor'):.1f} µs a request, nginx "
                f"{median(theirs, 'processor'):.1f}"
            )
    return reached


def median(results: list[Load], name: str) -> float:
    """Return the median of one figure."""
    return statistics.median(getattr(each, name) for each in results)


def memory(service: Running, requests: int) -> bool:
    """Measure the memory before and after many requests; return True if the goal is reached."""
    sizes, done, before = [], 0, service.megabytes
    while done < requests:
        done += int(load(service, TARGETS[2], (), 10).rate * 10)
        sizes.append(service.megabytes)
    grown = sizes[-1] - sizes[len(sizes) // 2]
    print(
        f"serve: {before:.0f} MB before, {sizes[-1]:.0f} MB after {done:,} requests (goal: at most {MEGABYTES:g}), "
        f"{grown:+.1f} MB in their second half (goal: at most 2)"
    )
    return sizes[-1] <= MEGABYTES and grown <= 2


def start(times: int = 5) -> bool:
    """Measure the time from the start of the process to its first answer; return True if the goal is reached."""
    seconds = []
    for _ in range(times):
        port, before = free_port(), time.perf_counter()
        with running(serve(port), port) as service:
            service.get(TARGETS[-1])
            seconds.append(time.perf_counter() - before)
    print(f"serve: {statistics.median(seconds):.2f} s from the start to the first answer (goal: at most {START:g})")
    return statistics.median(seconds) <= START


def crowd(service: Running) -> bool:
    """Measure good clients beside idle and slow connections; return True if the goal is reached."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(IDLE + SLOW + 500, hard), hard))
    times: list[float] = []
    end = time.perf_counter() + 20

    def hold() -> None:
        """Keep the connections open: those that the server ends are replaced."""
        # Several source addresses, since one has 28,000 ports, and those of ended connections are not free at once.
        held: dict[socket.socket, bool] = {}
        number = 0
        while time.perf_counter() < end:
            while len(held) < IDLE + SLOW and time.perf_counter() < end:
                number += 1
                source = (f"127.0.0.{2 + number % 50}", 0)
                held[socket.create_connection(("127.0.0.1", service.port), source_address=source)] = number % 11 == 0
            ready.set()
            for each, slow in list(held.items()):
                try:
                    each.setblocking(False)
                    if slow:
                        each.send(b"G")
                    elif not each.recv(1):
                        raise ConnectionError
                except BlockingIOError:
                    continue
                except OSError:
                    each.close()
                    del held[each]
            time.sleep(0.2)
        for each in held:
            each.close()

    ready = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(60)
    while time.perf_counter() < end:
        before = time.perf_counter()
        service.get(TARGETS[0])
        times.append(time.perf_counter() - before)
        time.sleep(0.01)
    thread.join()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    late = statistics.quantiles(times, n=100)[98]
    print(
        f"serve: 99 % of {len(times)} answers within {1000 * late:.0f} ms beside {IDLE:,} idle and {SLOW:,} slow "
        f"connections (goal: at most {1000 * CROWDED:.0f})"
    )
    return late <= CROWDED


def main(rounds: int = 5, requests: int = 1_000_000) -> bool:
    """Measure and print the results; return True if all goals are reached."""
    port = free_port()
    reached = [start()]
    with running(serve(port), port) as service:
        for target in TARGETS:
            service.get(target)
        reached += [against_nginx(service, rounds), memory(service, requests), crowd(service)]
    return all(reached)


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
