"""Compile the facts for `perimeter365 lookup`: `facts/index.json`, the catalog, and `facts/names.json`, explained names.

    python tasks/index.py            write it
    python tasks/index.py --check    write nothing; exit 1 when the file is stale

Run it after every change of a file under `facts/`; otherwise a test fails.
"""

import sys
from pathlib import Path

from perimeter365.model.compiled import compile_catalog, to_json
from perimeter365.sources import names
from perimeter365.sources.embedded import FACTS, read_folder

INDEX = Path(str(FACTS), "index.json")
NAMES = Path(str(FACTS), "names.json")


def main(arguments: list[str]) -> int:
    """Write or compare the index and return the exit code."""
    made = {
        INDEX: to_json(compile_catalog(read_folder(FACTS))),
        NAMES: names.to_json(names.read_names((FACTS / "names.toml").read_text(encoding="utf-8"))),
    }
    if arguments == ["--check"]:
        stale = [path for path, text in made.items() if not fresh(path, text)]
        for path in stale:
            print(f"index: {path} is stale; run `python tasks/index.py`", file=sys.stderr)
        return 1 if stale else 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for path, text in made.items():
        path.write_text(text, "utf-8", newline="\n")
        print(f"index: wrote {path}", file=sys.stderr)
    return 0


def fresh(path: Path, text: str) -> bool:
    """Return True if the file contains exactly this text."""
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
