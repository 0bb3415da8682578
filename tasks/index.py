"""Compile the embedded catalog into `facts/index.json`, the index of `perimeter365 lookup`.

    python tasks/index.py            write it
    python tasks/index.py --check    write nothing; exit 1 when the file is stale

Run it after every change of a file under `facts/`; otherwise a test fails.
"""

import sys
from pathlib import Path

from perimeter365.model.compiled import compile_catalog, to_json
from perimeter365.sources.embedded import FACTS, read_folder

INDEX = Path(str(FACTS), "index.json")


def main(arguments: list[str]) -> int:
    """Write or compare the index and return the exit code."""
    text = to_json(compile_catalog(read_folder(FACTS)))
    if arguments == ["--check"]:
        if fresh(INDEX, text):
            return 0
        print(f"index: {INDEX} is stale; run `python tasks/index.py`", file=sys.stderr)
        return 1
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    INDEX.write_text(text, "utf-8", newline="\n")
    print(f"index: wrote {INDEX}", file=sys.stderr)
    return 0


def fresh(path: Path, text: str) -> bool:
    """Return True if the file contains exactly this text."""
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
