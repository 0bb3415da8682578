r"""Values of the registry of Windows, and what earlier renders set.

    ("HKEY_CURRENT_USER\\…\\Domains\\sharepoint.com\\contoso", "https")    a place: key and name of a value

A .reg file cannot remove a key only if it is empty, and it creates the keys of values that it deletes. An empty key of a
host hides the entry of its domain, so values are removed by commands, each followed by a check of its key.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from perimeter365.targets.target import Artifact

Place = tuple[str, str]
"""Key and name of a value."""
SETTINGS = r"Microsoft\Windows\CurrentVersion\Internet Settings"
SUPPORT = "ListBox_Support_ZoneMapKey"
"""The value that enables the Site to Zone Assignment List (inetres.admx). It is never removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a .reg file says about a value."""

    data: str
    """`dword:00000002`, or a text in quotes."""
    comment: str = ""
    """Comment above the key; of the first value if they differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneEntry:
    """The zone of a name."""

    domain: str
    below: str
    """The part below the domain: `contoso`, `*.teams`; "" = the whole domain."""
    scheme: str
    zone: int
    ids: str
    """The ids of its requirements."""


def preferences(hive: str, branch: str, entries: Iterable[ZoneEntry]) -> Iterator[tuple[Place, Setting]]:
    """Yield the values of the list that users edit."""
    for entry in entries:
        key = "\\".join(filter(None, (hive, "Software", SETTINGS, "ZoneMap", branch, entry.domain, entry.below)))
        yield (key, entry.scheme), Setting(data=f"dword:{entry.zone:08x}", comment=entry.ids)


def policies(hive: str, entries: Iterable[ZoneEntry]) -> Iterator[tuple[Place, Setting]]:
    """Yield the value that enables the Site to Zone Assignment List, and its values."""
    key = f"{hive}\\Software\\Policies\\{SETTINGS}"
    yield (key, SUPPORT), Setting(data="dword:00000001")
    for entry in entries:
        name = ("" if entry.scheme == "*" else f"{entry.scheme}://") + f"{entry.below or '*'}.{entry.domain}"
        yield (f"{key}\\ZoneMapKey", name), Setting(data=f'"{entry.zone}"')


KEPT = (
    r"(?:HKEY_CURRENT_USER\\|HKEY_LOCAL_MACHINE\\|User |Computer )"
    r"Software\\(?:Policies\\)?Microsoft\\Windows\\CurrentVersion\\Internet Settings"
    r"(?:\\ZoneMap\\(?:Esc)?Domains\\[a-z0-9.-]+(?:\\[a-z0-9.*-]+)? (?:\*|https?)"
    r"|\\ZoneMapKey (?:[a-z]+://)?[a-z0-9.*-]+| ListBox_Support_ZoneMapKey)"
)
"""The form of what `kept` returns: only places that these targets write, whatever a manifest says."""


def left(kept: Iterable[str], values: Collection[Place]) -> list[Place]:
    """Return the places that earlier renders set and that are not in `values`, sorted.

    They stay in the list of later renders, since a machine may have missed an update.
    """
    places = (name.rpartition(" ") for name in kept)
    return sorted({(key, name) for key, _, name in places} - set(values))


def kept(values: Iterable[Place], gone: Iterable[Place]) -> dict[str, int]:
    """Return what the next render has to know about each value.

    It is 1 for a value that is set, and 0 for one that is removed.
    """
    return {" ".join(place): 0 for place in gone} | {" ".join(place): 1 for place in values}


def settings(values: Mapping[Place, Setting]) -> Iterator[str]:
    """Yield the lines of a .reg file that set values."""
    for key, some in groupby(values.items(), lambda item: item[0][0]):
        found = list(some)
        comment = found[0][1].comment
        yield from ("", *([f"; {comment}"] if comment else []), f"[{key}]")
        yield from (f'"{name}"={setting.data}' for (_, name), setting in found)


def removal(places: Iterable[Place]) -> Iterator[str]:
    """Yield commands that remove values.

    They also remove the keys of single hosts in a ZoneMap that have no values afterwards.
    """
    ours = sorted(place for place in places if place[1] != SUPPORT)
    for key, some in groupby(ours, lambda place: place[0]):
        yield from (f'reg delete "{key}" /v "{name}" /f >nul 2>&1' for _, name in some)
        if key.partition("\\ZoneMap\\")[2].count("\\") > 1:
            yield f'reg query "{key}" 2>nul | find "REG_" >nul'
            yield f'if errorlevel 1 reg delete "{key}" /f >nul 2>&1'


def remarks(lines: Iterable[str]) -> Iterator[str]:
    """Yield comment lines of the Command Prompt.

    They are without the characters that end or start a command.
    """
    yield from (f"rem {line.translate(_NO_SYNTAX)}".rstrip() for line in lines)


_NO_SYNTAX = str.maketrans(dict.fromkeys("&|^<>%!", "?"))


def windows_file(name: str, lines: Iterable[str], entries: int) -> Artifact:
    """Make a text file with the line ends of Windows."""
    return Artifact(name=name, content="".join(f"{line}\r\n" for line in lines).encode(), entries=entries)
