"""The promises as oracles that observe from outside: files, sockets, rendered bytes, and a permanent reader.

    P1  last good    rendered bytes, list in force and outbox are unchanged; the exit code is 3 or 4, the age grows
    P2  atomic       a reader sees the store before or after a cloud's change at any time, never a mix
    P3  durable      a reopened store is consistent, by SQLite's check and by walking its lists
    P4  bounded      wall clock, processor and memory (the latter two in a separate process)
    P5  never-list   no artifact opens an entry of the never-list, according to its text
    P6  grammar      every line of an artifact is valid for its target
    P7  no person    an automatically committed list is not empty, and differs from the previous one within the gates
    P8  health       a failure makes the health file stale after twice the interval; a success does not
    P9  isolation    the other cloud of the same sync is up to date
    P10 no secrets   no control byte, path or client id in messages; no connection to hosts that are not configured

Each is a function that returns violations as messages. `test_promises.py` violates each promise once.
"""

import ipaddress
import json
import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from perimeter365.follow import watch
from perimeter365.history.sync import FAILED, HELD, Outcome, last_success
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import body
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import Profile, parse_profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.reader import reader
from perimeter365.targets import Style, render
from tests.model.spaces import PRIVATE_SPACE, SPECIAL_SPACE
from tests.reliability import sockets
from tests.torture import dump

W, C = Cloud.WORLDWIDE, Cloud.CHINA
TARGETS = ("nftables", "paloalto-edl", "pac")
STYLES = {"pac": Style(options={"proxy": "PROXY proxy.example.com:8080"})}
INTERVAL = timedelta(hours=1)
WALL, PROCESSOR, MEMORY = 60.0, 10.0, 256 * 1024 * 1024
"""Limits in seconds, seconds and bytes."""


@cache
def profile() -> Profile:
    """Return the profile of a small organization with two clouds."""
    text = """
        [organization]
        name = "Contoso"
        tenant = "contoso"
        email_domains = ["contoso.com"]
        clouds = ["worldwide", "china"]
        [select]
        service_areas = ["common", "exchange", "sharepoint", "teams"]
        scenarios = []
        [roles]
        client = ["10.0.0.0/8", "2001:db8:c::/48"]
    """
    return parse_profile(text)


Artifacts = Mapping[str, bytes]


@dataclass(frozen=True)
class Snapshot:
    """A store at one time, with rendered artifacts."""

    dump: dump.Dump
    artifacts: Artifacts
    seen: Mapping[Cloud, datetime | None]

    @property
    def versions(self) -> frozenset[tuple[str, str]]:
        """(cloud, hash of the list in force) of each cloud."""
        return in_force(self.dump)

    @property
    def told(self) -> list[str]:
        """Payloads of the outbox."""
        return [row["payload"] for row in self.dump["p365_outbox"]]


def in_force(one: dump.Dump) -> frozenset[tuple[str, str]]:
    """(cloud, hash of the list in force) of each cloud."""
    hashes = {(row["cloud"], row["version"]): row["hash"] for row in one["p365_versions"]}
    return frozenset((row["cloud"], hashes[row["cloud"], row["version"]]) for row in one["p365_heads"])


def look(place: str) -> Snapshot:
    """Take a snapshot of a store."""
    with reader(place) as store:
        catalog = store.catalog(embedded())
        seen = {cloud: last_success(store, cloud) for cloud in (W, C)}
    return Snapshot(dump=dump.of(place), artifacts=_rendered(_Same(catalog)), seen=seen)


@dataclass(frozen=True)
class _Same:
    """A catalog as a cache key: equal if its lists and their versions are equal."""

    catalog: Catalog = field(compare=False)

    @property
    def _key(self) -> tuple[object, ...]:
        lists = (body(cloud, sets) for cloud, sets in sorted(self.catalog.sets.items()))
        return (*lists, *sorted((cloud, str(version)) for cloud, version in self.catalog.versions.items()))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key == other._key


@lru_cache(maxsize=64)
def _rendered(one: _Same) -> Artifacts:
    plan = make_plan(one.catalog, profile())
    return {f"{name}/{a.name}": a.content for name in TARGETS for a in render(plan, name, STYLES.get(name)).artifacts}


# -- P1 ----------------------------------------------------------------------------------------------------


def last_good(before: Snapshot, after: Snapshot, outcome: Outcome, *, quiet: bool = False) -> list[str]:
    """P1 for a cloud that must not change. `quiet`: the fault cannot be detected, so no alarm is expected."""
    cloud, found = outcome.cloud.value, []
    for table in ("p365_heads", "p365_versions", "p365_intervals", "p365_records", "p365_effective"):
        was, now = ([row for row in s.dump[table] if row["cloud"] == cloud] for s in (before, after))
        if was != now:
            found.append(f"P1: {table} of {cloud} changed")
    mine = {n: b for n, b in before.artifacts.items() if cloud in n}
    if not mine or any(after.artifacts.get(name) != content for name, content in mine.items()):
        found.append(f"P1: what is rendered of {cloud} changed")
    news = Counter(after.told) - Counter(before.told)
    about = [json.loads(text) for text in news.elements() if json.loads(text)["cloud"] == cloud]
    alarms = [outcome.error is not None, outcome.held is not None]
    if sum(alarms) != (0 if quiet else 1):
        found.append(f"P1: {sum(alarms)} alarms")
    if len(about) != (outcome.status == HELD):
        found.append(f"P1: {len(about)} notifications of {cloud}")
    if outcome.exit_code not in ((0,) if quiet else (3, 4)):
        found.append(f"P1: exit code {outcome.exit_code}")
    if outcome.status == FAILED and before.seen[outcome.cloud] != after.seen[outcome.cloud]:
        found.append("P1: the age of the last success did not grow")
    return found


# -- P2 ----------------------------------------------------------------------------------------------------


@dataclass
class Watcher:
    """A thread that opens and reads the store repeatedly."""

    place: str
    seen: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    looks: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read until stopped."""
        while True:
            last = self._stop.is_set()
            try:
                with reader(self.place) as store:
                    hashes = {(v.cloud.value, v.version): v.hash for v in store.versions()}
                    forces = [(f.cloud.value, f.version) for f in store.in_force()]
                    self.seen.add(frozenset((cloud, hashes[cloud, version]) for cloud, version in forces))
                    told = [(n.payload["cloud"], n.payload["new"]) for n in store.pending() if n.kind == "committed"]
                    if early := [each for each in told if each not in hashes]:
                        self.wrong.append(f"told of {early}, which is not stored")
            except Exception as error:  # noqa: BLE001 (any exception violates the promise)
                self.wrong.append(f"{type(error).__name__}: {error}")
            self.looks += 1
            if last:
                return
            self._stop.wait(0.01)


@contextmanager
def watched(place: str) -> Iterator[Watcher]:
    """Read a store while it is changed."""
    watcher = Watcher(place)
    thread = threading.Thread(target=watcher.run, daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        watcher._stop.set()
        thread.join(60)


def atomic(watcher: Watcher, before: Snapshot, after: Snapshot) -> list[str]:
    """P2: clouds change one at a time, each atomically."""
    old, new = dict(before.versions), dict(after.versions)
    legal = {frozenset({**old, **{c: new[c] for c in some}}.items()) for some in _subsets(sorted(new))}
    found = [f"P2: a reader got {text}" for text in watcher.wrong]
    found += [f"P2: a reader saw {sorted(one)}" for one in watcher.seen - legal]
    return found if watcher.looks else ["P2: the reader never ran"]


def _subsets(items: list[str]) -> Iterator[list[str]]:
    for mask in range(1 << len(items)):
        yield [item for i, item in enumerate(items) if mask >> i & 1]


# -- P3, P4 ------------------------------------------------------------------------------------------------


def durable(place: str, after: Snapshot) -> list[str]:
    """P3: a reopened store is unchanged and consistent."""
    again = dump.of(place)
    found = [f"P3: {text}" for text in (*dump.integrity(place), *_walked(json.dumps(again, sort_keys=True)))]
    return found if again == after.dump else [*found, f"P3: {dump.differences(after.dump, again)}"]


def bounded(wall: float, processor: float = 0.0, memory: int = 0) -> list[str]:
    """P4: wall clock and processor in seconds, memory in bytes."""
    pairs = (("wall clock", wall, WALL), ("processor", processor, PROCESSOR), ("memory", memory, MEMORY))
    return [f"P4: {value:.4g} of {name}, the bound is {most:.4g}" for name, value, most in pairs if value > most]


@lru_cache(maxsize=64)
def _walked(text: str) -> tuple[str, ...]:
    """Check a dump; cached, since many cases leave the same store."""
    return tuple(dump.wrong(json.loads(text)))


# -- P5, P6 ------------------------------------------------------------------------------------------------

_NEVER = [
    *map(ipaddress.ip_network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")),
    *map(ipaddress.ip_network, ("::/8", "fe80::/10", "ff00::/8")),
]
_PRIVATE = [ipaddress.ip_network(text) for texts in (PRIVATE_SPACE, *SPECIAL_SPACE.values()) for text in texts]
_OURS = [*map(ipaddress.ip_network, ("10.0.0.0/8", "2001:db8:c::/48"))]
_SUFFIXES = re.compile(r"\*\.?(?:com|net|org|microsoft|cn|co\.uk|com\.cn|us|mil|ms|io|de)\.?(?![\w.-])")
_PAC_SUFFIX = re.compile(r'"(?:com|net|org|cn|com\.cn|net\.cn|co\.uk|us|ms|io)":"(?:[^"]* )?\*(?: [^"]*)?"')
_ADDRESS = re.compile(
    r"(?<![\w.:/-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f:]*:[\da-f:]*)[\da-f]{0,4}:[\da-f:]+)(?:/\d{1,3})?(?![\w:])"
)


def never(artifacts: Artifacts) -> list[str]:
    """P5: check the text of each artifact."""
    return [f"P5: {name}: {text}" for name, content in artifacts.items() for text in _never(name, content)]


@lru_cache(maxsize=256)
def _never(name: str, content: bytes) -> tuple[str, ...]:
    found = []
    text = "\n".join(line.partition("#")[0] for line in content.decode().splitlines())
    spaces: dict[int, list[Any]] = {4: [], 6: []}
    for word in _ADDRESS.findall(text):
        try:
            network = ipaddress.ip_network(word)
        except ValueError:
            continue  # a label of a name, or a version number
        if any(network.version == ours.version and network[0] in ours and network[-1] in ours for ours in _OURS):
            continue
        spaces[network.version].append(network)
        bad = [each for each in (*_NEVER, *_PRIVATE) if network.version == each.version and network.overlaps(each)]
        found += [f"{network} lies in {each}" for each in bad]
    for version, shortest in ((4, 8), (6, 20)):
        wide = [n for n in ipaddress.collapse_addresses(spaces[version]) if n.prefixlen < shortest]
        found += [f"{network} is wider than /{shortest}" for network in wide]
    found += [f"{star} is a public suffix" for star in (*_SUFFIXES.findall(text), *_PAC_SUFFIX.findall(text))]
    return tuple(found)


_GRAMMAR = {
    "nftables": re.compile(r"#[ -~]*|\t*type filter hook \w+ priority \w+; policy \w+;|\t*[\w .:/,@{}=<>!\"-]*"),
    "paloalto-edl": re.compile(r"[ -~]*"),
    "pac": re.compile(r"[\t -~]*"),
}


def grammar(artifacts: Artifacts) -> list[str]:
    """P6: ASCII lines of the target without free text. The tests of targets run the real programs."""
    found = []
    for name, content in artifacts.items():
        target, _, file = name.partition("/")
        found += [f"P6: {name}: {text}" for text in _unread(target, file, content)]
    return found


@lru_cache(maxsize=256)
def _unread(target: str, file: str, content: bytes) -> tuple[str, ...]:
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        return (str(error),)
    found = [f"{c!r}" for c in sorted({c for c in text if not (c.isprintable() or c == "\n" or c == "\t")})]
    lines = text.split("\n")
    if target == "nftables" and text.count("{") != text.count("}"):
        found.append("braces do not match")
    if target == "paloalto-edl" and file != "index.txt":
        entry = re.compile(r"[a-z0-9*][a-z0-9.*_-]*(?:/[!-~]*)?" if file.endswith("-url.txt") else r"[\da-f.:]+(?:/\d+)?")
        lines = [line.partition(" #")[0] for line in lines if line and not line.startswith("#")]
        return (*found, *(f"{line[:60]!r} is not an entry" for line in lines if not entry.fullmatch(line)))
    return (*found, *(f"{line[:60]!r}" for line in lines if not _GRAMMAR[target].fullmatch(line)))


# -- P7 ----------------------------------------------------------------------------------------------------


def within_gates(before: Snapshot, after: Snapshot, accepted: Collection[str] = ()) -> list[str]:
    """P7 for each cloud with a new list in force that no person has accepted."""
    found = []
    bodies = {
        row["hash"]: json.loads(row["body"])["sets"] for row in (*before.dump["p365_states"], *after.dump["p365_states"])
    }
    old, new = dict(before.versions), dict(after.versions)
    for cloud, content in new.items():
        if cloud in accepted:
            continue
        entries = _listed(bodies[content])
        if not entries:
            found.append(f"P7: the list of {cloud} is empty")
        if not (was := _listed(bodies[old[cloud]]) if cloud in old else set()) or old[cloud] == content:
            continue
        gone = {e for e in was - entries if not _stood_for(e, entries)}
        if len(gone) > 0.15 * len(was):
            found.append(f"P7: {len(gone)} of {len(was)} entries of {cloud} went")
        if len(entries - was) > 0.25 * len(was):
            found.append(f"P7: {len(entries - was)} entries were added to {len(was)} of {cloud}")
        had = {each["id"]: each for each in bodies[old[cloud]]}
        for each in bodies[content]:
            changed = [key for key in _KEPT if each[key] != had.get(each["id"], each)[key]]
            found += [f"P7: {key} of set {each['id']} of {cloud} changed" for key in changed]
    found += [f"P7: {name} is empty" for name, content in after.artifacts.items() if not content.strip()]
    found += [f"P7: {name} is gone" for name in before.artifacts.keys() - after.artifacts.keys()]
    return found


_KEPT = ("area", "category", "required", "tcp", "udp")
"""What a sync never changes without a person."""


def _listed(sets: Iterable[Mapping[str, Any]]) -> set[str]:
    return {value for each in sets for value in (*each["hosts"], *each["prefixes"])}


def _stood_for(entry: str, entries: set[str]) -> bool:
    labels = entry.split(".")
    return any("*." + ".".join(labels[i:]) in entries for i in range(1, len(labels)))


# -- P8, P9, P10 -------------------------------------------------------------------------------------------


def healthy(path: Path, outcomes: Iterable[Outcome], now: datetime) -> list[str]:
    """P8: the health file after a round, before which all clouds were healthy."""
    found = []
    if early := watch.health_problems(path, now + INTERVAL):
        found.append(f"P8: stale too early: {early}")
    later = watch.health_problems(path, now + 2 * INTERVAL + timedelta(minutes=1))
    for outcome in outcomes:
        stale = any(line.startswith(f"{outcome.cloud.value}:") for line in later)
        if outcome.status == FAILED and not stale:
            found.append(f"P8: {outcome.cloud} failed, and the health file does not report it")
    return found


def isolated(other: Outcome) -> list[str]:
    """P9: the cloud without a fault was committed."""
    return (
        [] if (other.status, other.exit_code) == ("committed", 0) else [f"P9: {other.cloud} {other.status}: {other.error}"]
    )


def discreet(said: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """P10: messages and logs."""
    found, secrets = [], [secret for secret in secrets if secret]
    for text in said:
        if bad := {c for c in text if not c.isprintable() and c != "\n"}:
            found.append(f"P10: {sorted(map(ascii, bad))} in {text[:80]!a}")
        found += [f"P10: {secret!r} in {text[:80]!r}" for secret in secrets if secret in text]
    return found


def configured(seen: Iterable[sockets.Address], allowed: Collection[sockets.Address]) -> list[str]:
    """P10: connections and resolved names."""
    return [f"P10: a connection to {each}" for each in seen if each not in allowed]
