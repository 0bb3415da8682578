"""A device that fetches lists: firewalls with external lists, and management servers with data centers.

What such devices have in common, by the vendors' pages:

- A list that cannot be fetched keeps the entries of its last copy (PAN-OS 11.0 Administrator's Guide, External Dynamic List;
  Fortinet KB FD52517; Cisco Security Intelligence lists and feeds). A 404 is no list.
- A list that is fetched replaces the copy as a whole; an empty one matches nothing (Fortinet community 421802).
- Entries beyond the capacity are skipped (PAN-OS 7.1, Objects > External Dynamic Lists; FortiOS 7.4.4, entry limits).
- An entry that the device cannot read is an error here, where devices skip it with a log line.
"""

import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network

from perimeter365.targets._bases.feed import CLOSED

NAME = re.compile(r"(?:\*\.)?(?:[a-z0-9_*-]+\.)+[a-z]{2,}")
Fetch = Callable[[str], bytes | None]
"""Path below the server's folder -> content of an answer with status 200; None for any other."""


class UnreadableError(Exception):
    """A list has an entry that the device cannot read."""


@dataclass
class ListClient:
    """The copies of the lists that a device has objects for."""

    fetch: Fetch
    comments: str = ""
    """The character of comments; "" if the format has none."""
    urls: bool = False
    """Whether entries are URLs with a slash, and a comment follows an address after a space (PAN-OS)."""
    most: int = 50_000
    copies: dict[str, list[str]] = field(default_factory=dict)
    """Name of an object -> entries of its copy."""

    def follow(self, *names: str) -> None:
        """Add an object for each list, and fetch all."""
        for name in names:
            self.copies.setdefault(name, [])
        self.refresh()

    def forget(self, name: str) -> None:
        """Remove a rule and its object."""
        del self.copies[name]

    def refresh(self) -> None:
        """Fetch all lists."""
        for name in self.copies:
            content = self.fetch(name)
            if content is not None:
                self.copies[name] = list(self.entries(name, content))[: self.most]

    def entries(self, name: str, content: bytes) -> Iterator[str]:
        """Yield the entries of a list. Raises UnreadableError."""
        for line in content.decode("ascii").splitlines():
            if self.comments and line.startswith(self.comments):
                continue
            entry = line.partition(" # ")[0] if self.urls else line
            if self.urls and name.endswith("-url.txt"):
                host, _, path = entry.partition("/")
                yield "/".join(filter(None, (read(host), path)))
            else:
                yield read(entry)

    def matched(self) -> set[str]:
        """Return what the rules over the lists match: networks and names that exist."""
        closed = {entry.removesuffix("/") for entry in CLOSED.values()}
        return {entry for copy in self.copies.values() for entry in copy} - closed


class BundleClient(ListClient):
    """An SRX: one bundle with a file for each feed.

    It is read as a whole. Feeds of the configuration that are not in it keep their entries: no page of the vendor denies it.
    """

    def refresh(self) -> None:
        """Fetch the bundle, and read the feeds that it has."""
        content = self.fetch("m365.tgz")
        if content is None:
            return
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            for name in self.copies.keys() & set(tar.getnames()):
                file = tar.extractfile(name)
                assert file is not None
                self.copies[name] = list(self.entries(name, file.read()))


class DataCenterClient(ListClient):
    """A Check Point management server with a Generic Data Center (sk167210).

    Rules refer to objects by their ids; an object that is not in the file has no addresses.
    """

    def refresh(self) -> None:
        """Fetch the file, and read its objects."""
        content = self.fetch("m365.json")
        if content is None:
            return
        document = json.loads(content)
        ranges = {each["name"]: each["ranges"] for each in document["objects"]}
        if len({each["id"] for each in document["objects"]}) != len(ranges):
            raise UnreadableError("two objects have one id")
        for name in self.copies:
            self.copies[name] = [read(str(ip_network(each))) for each in ranges.get(name, [])]


def read(entry: str) -> str:
    """Return an entry: a network, or a name. Raises UnreadableError."""
    try:
        return str(ip_network(entry))
    except ValueError:
        if NAME.fullmatch(entry):
            return entry
        raise UnreadableError(entry) from None
