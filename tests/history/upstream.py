"""An upstream in memory, set by the test. An exception in place of a list is raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from perimeter365.errors import UpstreamError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.wire.read import UnknownSet


@dataclass
class MemoryUpstream:
    """An upstream with the given states; other clouds fail."""

    states: dict[Cloud, State | Exception] = field(default_factory=dict)
    records: Mapping[Cloud, Sequence[ChangeRecord] | Exception] = field(default_factory=dict)
    versions: dict[Cloud, str] = field(default_factory=dict)
    """Versions that override those of the states."""
    others: Mapping[str, str] | Exception = field(default_factory=dict)
    """More instances with their versions, or the error of the list of instances."""
    unknown: tuple[UnknownSet, ...] = ()
    """Sets that the lists have and this release cannot read."""
    requests: list[str] = field(default_factory=list)

    def publish(self, *states: State) -> None:
        """Set the newest states of their clouds."""
        self.states.update({state.cloud: state for state in states})

    def set_remaining_time(self, seconds: float) -> None:
        """No-op: all responses are immediate."""

    def instances(self) -> Mapping[str, str]:
        if isinstance(self.others, Exception):
            raise self.others
        return {**self.others} | {
            cloud.instance: state.version for cloud, state in self.states.items() if isinstance(state, State)
        }

    def version(self, cloud: Cloud) -> str:
        self.requests.append("version")
        return self.versions.get(cloud) or self._state(cloud).version

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        self.requests.append("state")
        return replace(self._state(cloud), version=Version(self.version(cloud))), {}

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        return self.unknown

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        self.requests.append("changes")
        found = self.records.get(cloud, ())
        if isinstance(found, Exception):
            raise found
        return tuple(record for record in found if record.version > since)

    def _state(self, cloud: Cloud) -> State:
        found = self.states.get(cloud, UpstreamError(f"{cloud}: no answer"))
        if isinstance(found, Exception):
            raise found
        return found
