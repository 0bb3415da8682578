"""Fixtures and hooks for all tests: real consumers, goldens, Hypothesis profiles, and the report of a run.

- `consumer("nft")` is `tests.consumers.need`, as a fixture;
- `golden(path, content)` compares a file that a user would see; under --update-goldens it writes;
- `make goldens` runs all tests that use `golden` or `update_goldens` and writes the files;
- `--installed` tests the installed wheel, and fails if the source would be tested;
- `--needs-file` leaves tests out of a run with hidden consumers that never ask for one: they do the same as without hiding;
- tests do not see the settings or the synced lists of the user;
- with workers (`make test` starts some), a test with the marker `alone` runs while the others wait, and the missing
  consumers and written goldens of all workers are collected.
"""

import difflib
import fcntl
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import perimeter365
from tests import consumers, sweep

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(perimeter365.__file__).resolve().parent
SHOWN_LINES = 60
"""Maximum number of lines of a golden's difference in a message."""

# A deadline would fail on a busy machine rather than for a slow function; bench/ measures speed.
settings.register_profile("dev", deadline=None)
# The same examples each time, so that failures in CI can be reproduced locally.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=20_000, suppress_health_check=list(HealthCheck))
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Settings of the user (PERIMETER365_CATALOG, …) would affect the tests.
for name in [name for name in os.environ if name.startswith("PERIMETER365_")]:
    del os.environ[name]

# A shell ignores Ctrl-C in background processes, and every child would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_data = tempfile.TemporaryDirectory(prefix="perimeter365-tests-")
os.environ["XDG_DATA_HOME"] = _data.name

_written = pytest.StashKey[list[str]]()
_turns = pytest.StashKey[Path]()
"""Folder of the lock files that serialize tests between workers; absent in a run without workers."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write goldens instead of comparing with them")
    parser.addoption(
        "--consumers", choices=consumers.MODES, default="found", help="real programs: use those found (default)"
    )
    parser.addoption(
        "--needs-file", type=Path, help="write the tests that call need; with --consumers=hidden, run only those"
    )
    parser.addoption("--installed", action="store_true", help="test the installed wheel, not the source")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_written] = []
    consumers.mode = config.getoption("--consumers")
    if config.getoption("--update-goldens") and os.environ.get("CI"):
        raise pytest.UsageError("--update-goldens is for a person who reads the difference, not for CI")
    if config.getoption("--installed") and PACKAGE.is_relative_to(ROOT):
        raise pytest.UsageError(f"--installed, but perimeter365 comes from {PACKAGE}")
    if worker := getattr(config, "workerinput", None):
        config.stash[_turns] = Path(worker["turns"])


def pytest_unconfigure() -> None:
    _data.cleanup()


def pytest_report_header() -> str:
    return f"perimeter365: {version('perimeter365')} at {PACKAGE}"


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _mark_wide(config, items)
    for item in items:
        if {"golden", "update_goldens"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("golden")
        # tests of the checkout say nothing about an installed wheel
        checkout = item.path.is_relative_to(ROOT / "tests" / "tasks") or item.get_closest_marker("checkout")
        if config.getoption("--installed") and checkout:
            item.add_marker(pytest.mark.skip(reason="is about the checkout; the installed wheel is being tested"))
    if consumers.mode == "hidden" and (file := config.getoption("--needs-file")):
        needing = set(file.read_text("utf-8").splitlines())
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in needing])
        items[:] = [item for item in items if item.nodeid in needing]


def _mark_wide(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of `tests.sweep.WIDE`. In CI, an entry without a test is an error."""
    seen: dict[str, set[str]] = {}
    for item in items:
        if item.path.is_relative_to(ROOT / "tests"):
            file = item.path.relative_to(ROOT / "tests").as_posix()
            if file in sweep.WIDE:
                found = seen.setdefault(file, set())
                if entry := sweep.is_wide(file, item.name):
                    item.add_marker("wide")
                    found.add(entry)
    if os.environ.get("CI") and not any("::" in argument for argument in config.args):
        unused = [f"{file}::{entry}" for file, found in seen.items() for entry in sweep.WIDE[file] if entry not in found]
        if unused:
            raise pytest.UsageError(f"no test for these entries of tests/sweep.py: {unused}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test after acquiring its locks. The wait does not count for the test's time limit."""
    folder = item.config.stash.get(_turns, None)
    if folder is None:
        return (yield)
    with _turn(folder, alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a shared lock during a test, an exclusive one if it is to run alone.

    A test that waits for the exclusive lock also holds the gate, so no other test starts and it cannot starve.
    """
    with (folder / "gate").open("wb") as gate, (folder / "room").open("wb") as room:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


class _WorkerResults:
    """Hooks of pytest-xdist that collect the results of all workers."""

    def pytest_configure_node(self, node: "WorkerController") -> None:
        node.workerinput["turns"] = _data.name

    def pytest_testnodedown(self, node: "WorkerController", error: object) -> None:
        found = getattr(node, "workeroutput", {})  # a crashed worker has none; xdist reports the crash itself
        consumers.missing.update(found.get("missing", {}))
        consumers.asked.update(found.get("asked", ()))
        node.config.stash[_written].extend(found.get("written", []))


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    if type(plugin).__name__ == "DSession":  # xdist's plugin in the process that starts the workers
        manager.register(_WorkerResults())


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["missing"] = dict(consumers.missing)
        output["written"] = session.config.stash[_written]
        output["asked"] = sorted(consumers.asked)
    elif consumers.mode != "hidden" and (file := session.config.getoption("--needs-file")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{test}\n" for test in sorted(consumers.asked)), "utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := consumers.summary():
        terminalreporter.section("consumers that were not here")
        for line in lines:
            terminalreporter.line(line)
    written = config.stash[_written]
    if written:
        terminalreporter.section("goldens written: read the difference, list it in CHANGELOG.md")
        for line in sorted(written):
            terminalreporter.line(line)


@pytest.fixture
def consumer() -> Callable[[str], Path]:
    """`tests.consumers.need` as a fixture."""
    return consumers.need


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written, for tests that manage their own."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture
def golden(request: pytest.FixtureRequest, update_goldens: bool) -> Callable[[Path, str | bytes], None]:
    """A function that compares content with a file, byte by byte; under --update-goldens it writes."""

    def check(path: Path, content: str | bytes) -> None:
        actual = content.encode() if isinstance(content, str) else content
        expected = path.read_bytes() if path.exists() else None
        if actual == expected:
            return
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
        if update_goldens:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual)
            request.config.stash[_written].append(name)
            return
        shown = "it does not exist" if expected is None else "\n".join(_difference(expected, actual))
        pytest.fail(f"{name} is not what comes out now. If that is meant: make goldens\n{shown}", pytrace=False)

    return check


def _difference(expected: bytes, actual: bytes) -> Iterator[str]:
    """Return the first lines in which two files differ."""
    before, after = (each.decode("utf-8", "backslashreplace").splitlines() for each in (expected, actual))
    lines = list(difflib.unified_diff(before, after, "golden", "now", lineterm="", n=1))
    yield from lines[:SHOWN_LINES]
    if len(lines) > SHOWN_LINES:
        yield f"… and {len(lines) - SHOWN_LINES} more lines"
    if not lines:
        yield "they differ in the ends of lines"
