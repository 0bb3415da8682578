"""Replicas of the service whose lists change all the time, behind a real nginx with its cache on.

Each list has one name that says which one it is, so a client knows how old an answer is.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.store.store import Store
from tests.consumers import need
from tests.web.servers import free_port

CLOUDS = (Cloud.WORLDWIDE, Cloud.GCCHIGH, Cloud.DOD, Cloud.CHINA, Cloud.FRANCE)

REPLICA = """
import json, sys
from perimeter365.web.announce import Announcer
from perimeter365.web.service import Options, Service
from perimeter365.web.serving import Serving, serve
from perimeter365.workspace import Workspace
{without}
options = Options(**json.loads(sys.argv[3]))
sys.exit(serve(Serving(bind=sys.argv[1], workspace=Workspace(store=sys.argv[2]), options=options), print))
"""

AT_ONCE = "Announcer._announce = lambda self, own, others: setattr(self, 'announced', own.served)"
"""Announces what is served."""

NO_LOOK = "Service.paused = property(lambda self: False); Service._wake = lambda self: self.announcer.alive()"
"""Answers after a pause as before it."""

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log error;
events {{ worker_connections 256; }}
http {{
    access_log off; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s; proxy_temp_path {folder}/t;
    proxy_cache_path {folder}/cache keys_zone=answers:1m;
    upstream replicas {{ {replicas} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://replicas; proxy_cache answers; proxy_cache_key $request_uri; }}
    }}
}}
"""


def version(step: int) -> Version:
    """Return the version of a list; there is room for numbers in between."""
    return Version(f"{date(2030, 1, 1) + timedelta(days=step // 9):%Y%m%d}{step % 9}0")


def lists(cloud: Cloud, steps: int) -> list[State]:
    found = []
    for step in range(steps):
        each = EndpointSet(
            id=1,
            cloud=cloud,
            area="exchange",
            category="optimize",
            required=True,
            express_route=False,
            tcp=PortSet.parse("443"),
            hosts=(HostPattern(f"v{step}.example.com"),),
            prefixes=PrefixSet.parse(["13.107.6.152/31"]),
            listed=("13.107.6.152/31",),
        )
        found.append(State(cloud=cloud, version=version(step), origin=RECORDED, sets=(each,)))
    return found


@dataclass(kw_only=True)
class Lists:
    """A store, and which number has which list."""

    place: str
    steps: int
    numbers: dict[int, int] = field(default_factory=dict)
    """Step of a list -> the highest number under which it has been served."""
    last: int = 0
    """The number in force."""
    done: int = 0

    def prepare(self) -> None:
        with Store(self.place) as store:
            store.add(state for cloud in CLOUDS for state in lists(cloud, self.steps))
        self.swap()

    def swap(self) -> None:
        """Put the next list of each cloud into force; every eighth time an earlier one again."""
        step = self.done - 4 if self.done % 8 == 7 else self.done
        # The numbers of web.versions: that of Microsoft if it is higher, else the next one.
        self.last = max(int(version(step)), self.last + 1)
        self.numbers[step] = self.last  # before it can be served
        with Store(self.place) as store, store.writing():
            for cloud in CLOUDS:
                store.pin(cloud, version(step))
        self.done += 1


class Replica:
    """A real `serve` with times of its own."""

    def __init__(self, place: str, options: Mapping[str, Any], without: str = "", *, port: int = 0) -> None:
        self.port = port or free_port()
        code = REPLICA.format(without=without)
        words = [sys.executable, "-c", code, f"127.0.0.1:{self.port}", place, json.dumps(dict(options))]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: self.get("/healthz"), 60, "the replica answers")

    def get(self, target: str) -> bytes | None:
        return get(partial(HTTPConnection, "127.0.0.1", self.port, timeout=20), target)

    def announced(self) -> int:
        found = self.get(f"/version/worldwide?clientrequestid={guid(1)}")
        return int(json.loads(found)["latest"]) if found else 0

    def worker(self) -> int:
        parent = self.process.pid
        (found,) = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return int(found)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def get(connect: Any, target: str) -> bytes | None:
    """Return the body of an answer with status 200, else None."""
    connection = connect()
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        body: bytes = answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
    return body if answer.status == 200 else None


def wait_for(condition: Any, seconds: float, what: str) -> float:
    """Return the seconds until a condition is true."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() < start + seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - start


@contextmanager
def nginx(folder: Path, ports: Sequence[int]) -> Iterator[int]:
    """Run nginx as a round-robin proxy with a cache, and yield its port."""
    program, port = need("nginx"), free_port()
    folder.mkdir()
    upstream = " ".join(f"server 127.0.0.1:{each};" for each in ports)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, replicas=upstream, port=port))
    process = subprocess.Popen([program, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    try:
        connect = partial(HTTPConnection, "127.0.0.1", port, timeout=20)
        wait_for(lambda: get(connect, "/healthz"), 30, f"nginx, see {folder}/error.log")
        yield port
    finally:
        process.terminate()
        process.wait(30)


class Client(Thread):
    """Stores the version, and fetches the list then, as Microsoft's sample does.

    Source: https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service (examples)
    """

    ids = count(100)

    def __init__(self, port: int, lists: Lists) -> None:
        super().__init__(daemon=True)
        self.connect = partial(HTTPConnection, "127.0.0.1", port, timeout=20)
        self.lists = lists
        self.ended = Event()
        self.looks = 0
        self.found: set[int] = set()
        self.older: list[str] = []

    def run(self) -> None:
        while not self.ended.wait(0.02):  # the lists are changed by the same process
            self.looks += 1
            cloud = CLOUDS[self.looks % len(CLOUDS)].instance
            # The version is often asked of a replica; the list is often in the cache.
            asked = guid(next(self.ids) if self.looks % 2 else self.looks % 4)
            if not (body := get(self.connect, f"/version/{cloud}?clientrequestid={asked}")):
                continue
            stored = int(json.loads(body)["latest"])
            for _ in range(3):
                asked = guid(self.looks % 16)
                if data := get(self.connect, f"/endpoints/{cloud}?clientrequestid={asked}"):
                    step = int(json.loads(data)[0]["urls"][0].removeprefix("v").partition(".")[0])
                    self.found.add(step)
                    if self.lists.numbers[step] < stored:
                        self.older.append(f"{cloud}: {self.lists.numbers[step]} after {stored}")

    def end(self) -> None:
        self.ended.set()
        self.join(60)


@contextmanager
def clients(port: int, lists: Lists, number: int = 3) -> Iterator[list[Client]]:
    found = [Client(port, lists) for _ in range(number)]
    for each in found:
        each.start()
    try:
        yield found
    finally:
        for each in found:
            each.end()
