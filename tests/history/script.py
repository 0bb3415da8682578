"""An HTTP upstream whose lists and change records are set by the test."""

import copy
from typing import Any, Self

from perimeter365.model.cloud import OPERATED, Cloud
from perimeter365.sources.embedded import embedded
from tests.upstream.bodies import Items, honest
from tests.upstream.server import Upstream

OPEN = OPERATED
EMBEDDED = {cloud: str(embedded().versions[cloud].version) for cloud in OPEN}
"""The version of each cloud's embedded list."""


class ScriptedUpstream(Upstream):
    """An upstream with the embedded lists until the test publishes others. Clouds in `down` reset each connection."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = {cloud: honest(cloud) for cloud in OPEN}
        self.versions = dict(EMBEDDED)
        self.records: dict[Cloud, list[dict[str, Any]]] = {cloud: [] for cloud in OPEN}
        self.down: set[Cloud] = set()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def add(self, cloud: Cloud, version: str, host: str, prefix: str, effective: str = "20261001") -> None:
        """Publish a version with another name and prefix in the second set, and its change record.

        The addresses of the first set are sources of inbound traffic, so an addition to it is held.
        """
        items = copy.deepcopy(self.lists[cloud])
        items[1].setdefault("urls", []).append(host)
        items[1].setdefault("ips", []).append(prefix)
        record = {
            "id": 1000 + sum(map(len, self.records.values())),
            "endpointSetId": items[1]["id"],
            "disposition": "Change",
            "impact": "AddedIpAndUrl",
            "version": version,
            "add": {"effectiveDate": effective, "ips": [prefix], "urls": [host]},
        }
        self.publish(cloud, version, items, record)

    def publish(self, cloud: Cloud, version: str, items: Items, *records: dict[str, Any]) -> None:
        """Set the list of a cloud and add change records."""
        self.lists[cloud], self.versions[cloud] = items, version
        self.records[cloud] += records

    def version_of(self, cloud: Cloud) -> str:
        """Return the published version."""
        if cloud in self.down:
            raise ConnectionResetError
        return self.versions[cloud]

    def changes_of(self, cloud: Cloud, since: str) -> list[object]:
        """Return the published change records after a version."""
        return [record for record in self.records[cloud] if record["version"] > since]
