"""Responses of /endpoints: an error, or sets that the store reads unchanged."""

from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.wire import write
from perimeter365.wire.read import read_endpoints
from tests.fuzz.oracle import attempt, opened_names, opened_space
from tests.upstream.bodies import FAULTY_BODIES, encode, honest

WORDS = (
    '"ips"',
    '"urls"',
    '"id":',
    '"tcpPorts"',
    "0.0.0.0/0",
    "::/0",
    "*.com",
    "10.0.0.0/8",
    "NaN",
    "\\ud800",
    "1e9",
    "null",
    "[]",
)


def seeds() -> list[bytes]:
    items = honest()
    lies = (make(honest()[:3]) for make in FAULTY_BODIES.values())
    return [encode(items[i : i + 2]) for i in range(0, 20, 2)] + [body for body in lies if len(body) < 9000]


def check(data: bytes) -> None:
    answer = attempt(lambda: read_endpoints(data, Cloud.WORLDWIDE))
    if answer is None:
        return
    state = State(cloud=Cloud.WORLDWIDE, version=Version("2026080200"), origin="live", sets=answer.sets)
    assert State.from_body(state.body, version=Version("2026080200"), origin="live") == state
    again = read_endpoints(write.endpoints(answer.sets, answer.wording), Cloud.WORLDWIDE)
    assert (again.sets, again.wording) == (answer.sets, answer.wording)
    assert [s.listed for s in again.sets] == [s.listed for s in answer.sets]
    opened_space(p for s in answer.sets for p in s.listed)
    opened_names(h for s in answer.sets for h in s.hosts)
    assert all(s.hosts or s.listed for s in answer.sets)
    assert all(len(key) <= 80 for key in answer.unknown)
