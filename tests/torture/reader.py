"""A program that reads a store over and over, as commands do, and says what it saw: `python -m tests.torture.reader`.

    > ["PATH", []]                          watch it; without these columns
    > stop
    ["cd022d3ffff8d478"]                    digests of the dumps that it saw, each once, and errors as texts

Each look asks `heads()`, the quick way to read what is in force, and dumps all of it by a reader, one snapshot.
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
    """The program, from outside. A context manager."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.torture.reader"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def watch(self, place: str, blind: Sequence[str] = ()) -> None:
        """Begin to look, but not at some columns."""
        self._say(json.dumps([place, [*blind]]))
        self._hear()  # it has looked once

    def stop(self) -> list[str]:
        """What it has seen: digests, and errors."""
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
        with reader(place) as store, store.asking() as ask:
            return digest(blinded(of_answers(ask), blind))
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
