"""An upstream in memory: what it says is set by the test; an exception in a list's place is raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from perimeter365.errors import UpstreamError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version


@dataclass
class Memory:
    """Says the state of each cloud that it has, and fails for the others."""

    states: dict[Cloud, State | Exception] = field(default_factory=dict)
    records: Mapping[Cloud, Sequence[ChangeRecord] | Exception] = field(default_factory=dict)
    versions: dict[Cloud, str] = field(default_factory=dict)
    """In place of the states' own."""
    asked: list[str] = field(default_factory=list)

    def say(self, *states: State) -> None:
        """From now on these are the clouds' newest."""
        self.states.update({state.cloud: state for state in states})

    def hurry(self, seconds: float) -> None:
        """It answers at once anyway."""

    def version(self, cloud: Cloud) -> str:
        self.asked.append("version")
        return self.versions.get(cloud) or self._state(cloud).version

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        self.asked.append("state")
        return replace(self._state(cloud), version=Version(self.version(cloud))), {}

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        self.asked.append("changes")
        found = self.records.get(cloud, ())
        if isinstance(found, Exception):
            raise found
        return tuple(record for record in found if record.version > since)

    def _state(self, cloud: Cloud) -> State:
        found = self.states.get(cloud, UpstreamError(f"{cloud}: no answer"))
        if isinstance(found, Exception):
            raise found
        return found
