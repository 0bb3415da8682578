"""A separate process that syncs, to measure its time and memory. It prints one JSON object per line.

python -m tests.reliability.child bounds URL FOLDER SECONDS CASE …    one sync per case, with SECONDS per request
python -m tests.reliability.child full FOLDER TEMPLATE                 a full disk that is freed
"""

import json
import os
import resource
import shutil
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

from perimeter365.history.sync import sync
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources.embedded import embedded
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from perimeter365.wire.read import parse_endpoints
from tests.history.upstream import MemoryUpstream
from tests.reliability.promises import W
from tests.reliability.scene import THEN, with_news
from tests.torture import dump
from tests.upstream.bodies import encode


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def most_memory() -> int:
    """Return the peak memory of this process in bytes. On Linux, `ru_maxrss` is inherited from the parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def bounds(url: str, folder: Path, seconds: float, cases: list[str]) -> None:
    """Run one sync per case."""
    limits = (
        FetchLimits() if seconds >= 60 else FetchLimits(deadline=seconds, connect=1, read=seconds / 2, attempts=2, wait=0.02)
    )
    for case in cases:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/control?case={case}", method="POST")):
            pass
        with Store(str(folder / "store.sqlite"), clock=lambda: THEN + timedelta(hours=1)) as store:
            before = dump.of(store.place)
            service = WebService(url, folder=folder / "web" / case, limits=limits)
            wall, processor = time.monotonic(), time.process_time()
            (outcome,) = sync(store, service, [W], base=embedded())
            wall, processor = time.monotonic() - wall, time.process_time() - processor
            heads = before["p365_heads"] == dump.of(store.place)["p365_heads"]
        memory = most_memory()
        code, status = outcome.exit_code, outcome.status
        say(case=case, status=status, code=code, wall=wall, processor=processor, memory=memory, kept=heads)


def full(folder: Path, template: Path) -> None:
    """Sync on a full disk, and again after it is freed. The folder is a small file system."""
    place = str(shutil.copy(template / "store.sqlite", folder / "store.sqlite"))
    sets = parse_endpoints(encode(with_news(W)), W)
    source = MemoryUpstream()
    source.publish(State(cloud=W, version=Version("2026080200"), origin=LIVE, sets=sets))
    before = dump.of(place)
    filler = folder / "filler"
    handle, reason = os.open(filler, os.O_WRONLY | os.O_CREAT), ""
    while not reason:
        try:
            os.write(handle, b"x" * 4096)
        except OSError as error:
            reason = str(error.strerror)
    os.close(handle)
    for name in ("full", "freed"):
        if name == "freed":
            filler.unlink()
        with Store(place, clock=lambda: THEN + timedelta(hours=1)) as store:
            (outcome,) = sync(store, source, [W], base=embedded())
        after = dump.of(place)
        code = outcome.error.code if outcome.error else None
        say(
            name=name,
            reason=reason,
            status=outcome.status,
            error=code,
            same=_lists(after) == _lists(before),
            wrong=[*dump.integrity(place), *dump.wrong(after)],
        )


def _lists(one: dump.Dump) -> dump.Dump:
    """Return a dump without the notes, which contain the time of the last sync."""
    return {name: rows for name, rows in one.items() if name != "p365_notes"}


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "bounds":
        bounds(words[0], Path(words[1]), float(words[2]), words[3:])
    else:
        full(Path(words[0]), Path(words[1]))
