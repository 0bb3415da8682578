"""A model of clickhouse-client: dictionaries and views over files of user_files, kept in a JSON file.

Rules, by the pages "CREATE DICTIONARY", "ip_trie" and "SYSTEM RELOAD DICTIONARY" of the ClickHouse documentation: a
dictionary has the rows of its last load, a reload reads the file again and fails if it is missing, a view reads the file at
each query, and DROP ... IF EXISTS of an unknown name does nothing.
"""

import csv
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

State = dict[str, dict[str, Any]]
FOLDER = "/var/lib/clickhouse/user_files"


class RefusedError(Exception):
    """The server refuses a query."""


def rows(path: str) -> list[dict[str, str]]:
    """Read a file with column names. Raises RefusedError."""
    try:
        with Path(path).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise RefusedError(f"{path} does not exist") from error


def carry_out(state: State, query: str) -> None:
    """Carry out one query. Raises RefusedError."""
    dictionaries, views = state.setdefault("dictionaries", {}), state.setdefault("views", {})
    if match := re.fullmatch(
        r"CREATE OR REPLACE DICTIONARY (\w+)\b.*SOURCE\(FILE\(path '([^']+)'.*LAYOUT\(IP_TRIE\).*", query, re.DOTALL
    ):
        dictionaries[match[1]] = {"path": match[2], "rows": rows(match[2])}
    elif match := re.fullmatch(r"CREATE OR REPLACE VIEW (\w+) AS\s+SELECT \* FROM file\('([^']+)'.*", query, re.DOTALL):
        rows(f"{FOLDER}/{match[2]}")
        views[match[1]] = f"{FOLDER}/{match[2]}"
    elif match := re.fullmatch(r"SYSTEM RELOAD DICTIONARY (\w+)", query):
        if match[1] not in dictionaries:
            raise RefusedError(f"{match[1]} does not exist")
        dictionaries[match[1]]["rows"] = rows(dictionaries[match[1]]["path"])
    elif match := re.fullmatch(r"DROP (DICTIONARY|VIEW) IF EXISTS (\w+)", query):
        (dictionaries if match[1] == "DICTIONARY" else views).pop(match[2], None)
    else:
        raise RefusedError(f"the query is not known: {query[:60]}")


def main(words: list[str]) -> int:
    """Carry out the queries of one command."""
    place = Path(os.environ["CLICKHOUSE_STATE"])
    state: State = json.loads(place.read_text()) if place.exists() else {}
    match words:
        case ["--multiquery", "--queries-file", file]:
            text = Path(file).read_text("utf-8")
        case ["--query", text]:
            pass
        case _:
            return 2
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    try:
        for query in filter(None, map(str.strip, text.split(";"))):
            carry_out(state, query)
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        place.write_text(json.dumps(state))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
