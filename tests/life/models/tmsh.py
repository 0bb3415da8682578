"""A model of tmsh: data groups of a BIG-IP, kept in a JSON file.

Run as a program: `TMSH_STATE=state.json python tmsh.py create sys file data-group NAME type ip source-path file:/…`. The
rules follow F5's article "iRules Data Group Formatting Rules" and the tmsh reference (`sys file data-group`, `ltm data-group
external`): create refuses an existing name, modify and delete an unknown one; a file in use by a data group cannot be
deleted, nor a data group in use by an iRule; a file whose records do not parse is refused.
"""

import json
import os
import re
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

RECORD = {
    "ip": re.compile(r'(?:host (?P<host>\S+)|network (?P<network>\S+)) := "[^"\n]*",'),
    "string": re.compile(r'"(?P<string>[^"\n]+)" := "[^"\n]*",'),
}
State = dict[str, dict[str, Any]]


class RefusedError(Exception):
    """The device refuses a command."""


def records(text: str, kind: str) -> list[str]:
    """Return the keys of the records of a file. Raises RefusedError."""
    found = []
    for line in text.splitlines():
        match = RECORD[kind].fullmatch(line)
        if match is None:
            raise RefusedError(f"the record cannot be read: {line}")
        key = next(value for value in match.groups() if value)
        if kind == "ip":
            key = str(ip_network(key) if match["network"] else ip_address(key))
        found.append(key)
    return found


def carry_out(state: State, words: list[str]) -> str:  # noqa: C901 - one case for each command
    """Carry out one command, change the state, and return the output. Raises RefusedError."""
    files, groups, rules = (state.setdefault(key, {}) for key in ("files", "groups", "rules"))
    words = [word for word in words if word != "-q"]
    match words:
        case ["list", "sys", "file", "data-group", name]:
            if name not in files:
                raise RefusedError(f"{name} was not found")
        case ["list", "ltm", "data-group", "external", "one-line"]:
            return "".join(f"ltm data-group external {name} {{ external-file-name {name} }}\n" for name in sorted(groups))
        case ["list", "ltm", "data-group", "external", name]:
            if name not in groups:
                raise RefusedError(f"{name} was not found")
        case ["create", "sys", "file", "data-group", name, "type", kind, "source-path", source]:
            if name in files:
                raise RefusedError(f"{name} already exists")
            files[name] = {"type": kind, "records": records(Path(source.removeprefix("file:")).read_text(), kind)}
        case ["modify", "sys", "file", "data-group", name, "source-path", source]:
            if name not in files:
                raise RefusedError(f"{name} was not found")
            files[name]["records"] = records(Path(source.removeprefix("file:")).read_text(), files[name]["type"])
        case ["create", "ltm", "data-group", "external", name, "external-file-name", file]:
            if name in groups or file not in files:
                raise RefusedError(f"{name} already exists, or {file} was not found")
            groups[name] = {"file": file}
        case ["delete", "ltm", "data-group", "external", name]:
            if name not in groups or name in rules:
                raise RefusedError(f"{name} was not found, or is in use")
            del groups[name]
        case ["delete", "sys", "file", "data-group", name]:
            if name not in files or any(group["file"] == name for group in groups.values()):
                raise RefusedError(f"{name} was not found, or is in use")
            del files[name]
        case ["save", "sys", "config"]:
            pass
        case _:
            raise RefusedError(f"the command is not known: {' '.join(words)}")
    return ""


def class_match(state: State, name: str, operator: str, group: str) -> bool:
    """Return what `class match NAME OPERATOR GROUP` of an iRule returns."""
    entries = state["files"][state["groups"][group]["file"]]["records"]
    return any(name == entry if operator == "equals" else name.endswith(entry) for entry in entries)


def main(words: list[str]) -> int:
    """Carry out one command of the shell."""
    place = Path(os.environ["TMSH_STATE"])
    state: State = json.loads(place.read_text()) if place.exists() else {}
    try:
        sys.stdout.write(carry_out(state, words))
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    place.write_text(json.dumps(state))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
