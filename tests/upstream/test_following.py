"""`perimeter365 sync` end to end: all clouds over HTTP, through everything that upstream may do.

The first command of a machine and the watchers are programs of their own. What follows is run by `main` in this process:
a program's start takes four times as long as the sync.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from perimeter365.cli import main
from perimeter365.model.cloud import Cloud
from perimeter365.store.reader import Reader, reader
from perimeter365.wire import write
from tests.history.script import EMBEDDED, OPEN, ScriptedUpstream
from tests.history.tell.test_notify import Hook, serving

W, G, D, C = OPEN[:4]
REST = ["unchanged"] * len(OPEN[4:])
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
long = pytest.mark.timeout(400)
"""Time limit for a dozen consecutive programs on a busy machine."""

PATIENCE = 60.0
"""Seconds within which an event has to happen on a busy machine."""


@dataclass
class Machine:
    """A machine with perimeter365 and its own data folder."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command as a program."""
        self.folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "perimeter365", *words]
        out = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **self.settings}, stdout=out, stderr=out, text=True
        )

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables that differ from this process."""
        return {"XDG_DATA_HOME": str(self.folder / "data"), "NO_PROXY": "127.0.0.1", **self.env}

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command as a program, check its exit code and return its output."""
        if self.folder.exists():
            ended, out, err = self._here(*words)
        else:
            process = self.start(*words)
            out, err = process.communicate(timeout=PATIENCE * 2)
            ended = process.returncode
        assert ended == code, f"{words}: {ended}\n{out}{err}"
        assert "Traceback" not in err
        return out

    def _here(self, *words: str) -> tuple[int, str, str]:
        """Run a command in this process. Return its exit code, stdout and stderr."""
        out, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr("perimeter365.net.fetch.LONGEST_WAIT", 0.0)
            for name, value in self.settings.items():
                patch.setenv(name, value)
            ended = main(words)
        return ended, out.getvalue(), err.getvalue()

    def sync(self, *words: str, code: int = 0) -> dict[str, dict[str, Any]]:
        """Sync and return the outcome of each cloud."""
        return {o["cloud"]: o for o in json.loads(self.run("sync", "--json", *words, code=code))}

    def an_hour_passes(self) -> None:
        """Make all stored answers of the service an hour older."""
        for path in (self.folder / "data" / "perimeter365" / "answers").iterdir():
            data = json.loads(path.read_text("utf-8"))
            path.write_text(json.dumps({**data, "at": data["at"] - 3601}), "utf-8")

    def asked(self) -> Reader:
        """Its store, read without starting a program."""
        return reader(str(self.folder / "data" / "perimeter365" / "store.sqlite"))

    def head(self, cloud: Cloud) -> str:
        """The version in force."""
        with self.asked() as store:
            return {force.cloud: force.version for force in store.in_force()}[cloud]


def statuses(outcomes: dict[str, dict[str, Any]]) -> list[str]:
    return [outcomes[cloud.value]["status"] for cloud in OPEN]


@pytest.fixture
def upstream() -> Iterator[ScriptedUpstream]:
    with ScriptedUpstream() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    with serving(server):
        yield server


@pytest.fixture
def machine(upstream: ScriptedUpstream, tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine", {"PERIMETER365_UPSTREAM": upstream.url})


@long
def test_all_clouds_are_followed_and_exported(
    machine: Machine, upstream: ScriptedUpstream, hook: Hook, tmp_path: Path
) -> None:
    machine.env |= {"PERIMETER365_NOTIFY": hook.url, "PERIMETER365_SYNC_FEEDS": "feeds"}
    # rehearsed, first, unchanged
    assert statuses(machine.sync("--dry-run")) == ["committed"] * len(OPEN)
    assert not (machine.folder / "data").exists()
    assert statuses(machine.sync()) == ["committed"] * len(OPEN)
    assert {cloud: machine.head(cloud) for cloud in OPEN} == EMBEDDED
    asked = len(upstream.log)
    assert statuses(machine.sync()) == ["unchanged"] * len(OPEN)
    assert len(upstream.log) == asked, "no second request within the hour"
    assert hook.got == []

    # changed, with change records and an effective date
    upstream.add(W, "2026080300", "new.follow.msn.com", "48.160.0.0/24")
    machine.an_hour_passes()
    outcomes = machine.sync()
    assert statuses(outcomes) == ["committed", "unchanged", "unchanged", "unchanged", *REST]
    assert outcomes["worldwide"]["counts"]["urls_added"] == 1
    with machine.asked() as store:
        (interval,) = store.history("new.follow.msn.com")
        (record,) = store.records(W)
    assert (interval.since, interval.until) == ("2026080300", None)
    added = {"effectiveDate": "20261001", "ips": ["48.160.0.0/24"], "urls": ["new.follow.msn.com"]}
    assert write.change_record(record)["add"] == added
    assert [each["title"] for each in hook.got] == ["Microsoft 365 endpoints, worldwide: new version 2026080300"]
    assert "+ new.follow.msn.com" in hook.got[0]["message"]
    assert "new.follow.msn.com" in (machine.folder / "feeds" / "worldwide.atom").read_text("utf-8")

    # exported to a machine without internet access
    machine.run("export", str(tmp_path / "stick"))
    away = Machine(tmp_path / "away", {"PERIMETER365_UPSTREAM": "http://127.0.0.1:1"})
    assert statuses(away.sync("--from", str(tmp_path / "stick"))) == ["committed"] * len(OPEN)
    with machine.asked() as here, away.asked() as there:
        for cloud in OPEN:
            known = [[(v.version, v.hash) for v in store.versions(cloud)] for store in (here, there)]
            assert known[0] == known[1]
            assert here.records(cloud) == there.records(cloud)
            assert here.effective(cloud) == there.effective(cloud)
    (tmp_path / "stick" / "extra.json").write_text("[]")
    assert statuses(away.sync("--from", str(tmp_path / "stick"), code=3)) == ["failed"] * len(OPEN)
    assert away.head(W) == "2026080300"


@long
def test_suspicious_changes_are_held(machine: Machine, upstream: ScriptedUpstream, hook: Hook) -> None:
    machine.sync()
    machine.env["PERIMETER365_NOTIFY"] = hook.url
    # rejected; reported again, and not held again
    good = upstream.lists[G]
    upstream.publish(G, "2026080400", good[len(good) // 2 :])
    machine.an_hour_passes()
    outcomes = machine.sync(code=4)
    assert statuses(outcomes) == ["unchanged", "held", "unchanged", "unchanged", *REST]
    number = str(outcomes["gcchigh"]["held"])
    assert machine.head(G) == EMBEDDED[G]
    assert "needs a decision" in hook.got[-1]["title"]
    machine.run("sync", "--reject", number)
    assert "was rejected" in hook.got[-1]["title"]
    machine.an_hour_passes()
    assert statuses(machine.sync()) == ["unchanged", "rejected", "unchanged", "unchanged", *REST]

    # held and accepted
    upstream.publish(G, "2026080500", good[len(good) // 3 :])
    machine.an_hour_passes()
    number = str(machine.sync(code=4)["gcchigh"]["held"])
    machine.run("sync", "--accept", number)
    assert machine.head(G) == "2026080500"
    assert "new version 2026080500" in hook.got[-1]["title"]

    # held, and healed by a later list
    china = upstream.lists[C]
    upstream.publish(C, "2026080400", china[len(china) // 2 :])
    machine.an_hour_passes()
    number = machine.sync(code=4)["china"]["held"]
    upstream.publish(C, EMBEDDED[C], china)
    machine.an_hour_passes()
    outcomes = machine.sync()
    assert (outcomes["china"]["status"], outcomes["china"]["healed"]) == ("unchanged", [number])
    assert "does not need a decision any more" in hook.got[-1]["title"]


@long
def test_a_failing_cloud_or_notification_service_does_not_affect_the_others(
    machine: Machine, upstream: ScriptedUpstream, hook: Hook
) -> None:
    machine.sync()
    machine.env["PERIMETER365_NOTIFY"] = hook.url
    upstream.down = {D}
    upstream.add(W, "2026080600", "more.follow.msn.com", "48.160.1.0/24")
    hook.status = 503
    machine.an_hour_passes()
    outcomes = machine.sync(code=3)
    assert statuses(outcomes) == ["committed", "unchanged", "failed", "unchanged", *REST]
    assert outcomes["dod"]["error"]["code"] == "P365-UNREACHABLE"
    assert machine.head(D) == EMBEDDED[D]
    hook.status = 200
    machine.run("notify")
    assert [each["title"].rpartition(" ")[2] for each in hook.got] == ["2026080600"] * 2
    machine.run("notify")
    assert len(hook.got) == 2


def until(happens: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_watcher_ends_while_it_waits(machine: Machine, upstream: ScriptedUpstream) -> None:
    health = machine.folder / "run" / "health.json"
    process = machine.start("sync", "--watch", "--health", str(health), "--json")
    until(health.exists, process)
    assert machine.run("sync", "--healthy", "--health", str(health)) == "healthy\n"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert [o["status"] for o in json.loads(out)] == ["committed"] * len(OPEN), "one document a line"
    assert out.count("\n") == 1
    data = json.loads(health.read_text("utf-8"))
    assert {name: each["status"] for name, each in data["clouds"].items()} == {c.value: "committed" for c in OPEN}
    aged = {name: {**each, "success": "2026-01-01T00:00:00+00:00"} for name, each in data["clouds"].items()}
    health.write_text(json.dumps({**data, "clouds": aged}))
    assert "worldwide: the last success is" in machine.run("sync", "--healthy", "--health", str(health), code=1)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.alone
def test_a_watcher_ends_while_it_fetches(machine: Machine, upstream: ScriptedUpstream) -> None:
    upstream.case = "drip"  # which goes on for a minute
    process = machine.start("sync", "--watch")
    until(lambda: upstream.log, process)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert time.monotonic() - start < 30, "a fetch that would take a minute is interrupted"
    assert "Traceback" not in err


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_watcher_continues_if_upstream_or_a_service_fails(
    machine: Machine, upstream: ScriptedUpstream, hook: Hook
) -> None:
    upstream.down = {W}
    hook.status = 500
    machine.env["PERIMETER365_NOTIFY"] = hook.url
    upstream.add(D, "2026080400", "new.follow.msn.com", "48.160.0.0/24")
    health = machine.folder / "health.json"
    process = machine.start("sync", "--watch", "--health", "health.json", "--feeds", "/dev/null/nowhere")
    until(health.exists, process)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    clouds = json.loads(health.read_text("utf-8"))["clouds"]
    assert (clouds["worldwide"]["status"], clouds["worldwide"]["success"]) == ("failed", None)
    assert clouds["dod"]["status"] == "committed"
    assert "warning: " in err
    assert "Traceback" not in err
