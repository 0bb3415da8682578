"""A program that reads a store repeatedly, as commands do, and reports what it saw: `python -m tests.torture.reader`.

    > ["PATH", []]                          watch this store, ignoring these columns
    > stop
    ["cd022d3ffff8d478"]                    distinct digests of the dumps that it saw, and errors as text

Each round calls `heads()` and dumps the store through a reader, on one snapshot.
"""

import json
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.002


class Watcher:
    """Controls the program; a context manager."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.torture.reader"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def watch(self, place: str, blind: Sequence[str] = ()) -> None:
        """Start reading, ignoring some columns."""
        self._say(json.dumps([place, [*blind]]))
        self._hear()  # it has read once

    def stop(self) -> list[str]:
        """Stop reading. Return the digests and errors that it saw."""
        self._say("stop")
        found: list[str] = json.loads(self._hear())
        return found

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()


def _look(place: str, blind: Sequence[str]) -> str:
    from perimeter365.errors import StoreError
    from perimeter365.store.heads import heads
    from perimeter365.store.reader import reader
    from tests.torture.dump import ABSENT, blinded, digest, of_answers

    if not Path(place).exists():
        return digest(ABSENT)
    try:
        heads(place)
        with reader(place) as store, store.selecting() as select:
            return digest(blinded(of_answers(select), blind))
    except StoreError as error:
        return f"error: {error}"


def _main() -> None:
    while line := sys.stdin.readline():
        place, blind = json.loads(line)
        seen = {_look(place, blind)}
        sys.stdout.write("looked\n")
        sys.stdout.flush()
        while not select.select([sys.stdin], [], [], 0)[0]:
            seen.add(_look(place, blind))
            time.sleep(PAUSE)
        sys.stdin.readline()
        seen.add(_look(place, blind))
        sys.stdout.write(json.dumps(sorted(seen)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
