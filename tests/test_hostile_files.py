"""Every reader of a file that others may have made, with every hostile file.

The oracle: within ten seconds and a gigabyte, each reader raises an error of the tree that is not a defect and names the
file. The exceptions are listed in `ACCEPTED` with their reason. `test_tree.py` proves that there is no other reader.
"""

import json
import os
import resource
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from perimeter365.atomic import replace
from perimeter365.cli._notify import addresses
from perimeter365.cli._settings import Settings
from perimeter365.errors import Perimeter365Error
from perimeter365.follow.carry import _exported_files
from perimeter365.follow.watch import health_problems
from perimeter365.history.load import read_recorded_lists
from perimeter365.plan.constraints import load_constraints
from perimeter365.plan.observed import load_observed
from perimeter365.plan.profile import load_profile, parse_profile
from perimeter365.sources.embedded import FACTS, read_folder
from perimeter365.sources.files import FileSource
from perimeter365.sources.page.copy import decode_page, fetch_page
from perimeter365.sources.probe_facts import read_probe_facts
from perimeter365.sources.public_ips import read_public_ips
from perimeter365.sources.service_tags import read_service_tags
from perimeter365.sources.web_service import WebService, installation_id
from perimeter365.store.fingerprint import fingerprint
from perimeter365.store.reader import reader
from perimeter365.targets import targets
from perimeter365.targets.loss import load_losses
from perimeter365.targets.organizations import profile_files
from perimeter365.targets.since import load_kept, load_render
from perimeter365.targets.target import RenderResult
from perimeter365.targets.write import write
from tests.cli.conftest import Cli, cli, profile

__all__ = ["cli", "profile"]

SECONDS = 10
MEMORY = 1 << 30

ROW = next(Path(str(FACTS), "rows").glob("01-*.toml")).name
KEEPING = next(name for name in targets if targets[name].keeps)


def _socket(path: Path) -> None:
    os.chdir(path.parent)  # the path of a socket has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def _unreadable(path: Path) -> None:
    path.write_bytes(b"{}")
    path.chmod(0)


KINDS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "full device": lambda path: path.symlink_to("/dev/full"),
    "socket": _socket,
    "folder": lambda path: path.mkdir(),
    "link to nothing": lambda path: path.symlink_to("nothing"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "gigabyte": _sparse,
    "unreadable": _unreadable,
}
"""Hostile kinds of files: name -> makes one at a path."""

CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "deep JSON": b"[" * 200_000,
    "deep objects": b'{"a":' * 50_000,
    "deep TOML": b"a = " + b"[" * 200_000,
    "deep tables": b"a = " + b"{a = " * 50_000,
    "key of 40,000 parts": b"a." * 40_000 + b"a = 1",
    "quoted key of 40,000 parts": b"x = { " + b"'a'.\"b\" . " * 20_000 + b"a = 1 }",
    "header of 40,000 parts": b"[" + b"a." * 40_000 + b"a]",
    "half a million digits": b'{"a": ' + b"1" * 500_000 + b"}",
    "half a million digits in TOML": b"a = " + b"1" * 500_000,
    "NUL": b"{}\0\0",
    "not UTF-8": b'{"\xff\xfe\x80": "\xc3\x28"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "lone surrogates": b'{"\\ud800": "\\udfff"}',
    "duplicate keys": b'{"a": 1, "a": 2}',
    "not a number": b'{"a": NaN}',
}
"""Hostile contents: name -> content."""


def _facts(name: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        folder = path.parent / "facts"
        shutil.copytree(str(FACTS), folder)
        (folder / name).unlink()
        path.rename(folder / name)
        return read_probe_facts(folder) if name == "certificates.toml" else read_folder(folder)

    return read


def _below(name: str, read: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a reader of a folder in which the hostile file has a name."""

    def read_below(path: Path) -> object:
        place = path.parent / "folder" / name
        place.parent.mkdir(parents=True)
        path.rename(place)
        return read(path.parent / "folder")

    return read_below


READERS: dict[str, Callable[[Path], object]] = {
    "profile": load_profile,
    "profile of a folder": _below("hostile.toml", lambda folder: [load_profile(path) for path in profile_files([folder])]),
    "constraints": load_constraints,
    "observed names": load_observed,
    "page": lambda path: decode_page(fetch_page(str(path)).body),
    "row of a catalog": _facts(f"rows/{ROW}"),
    "list of a catalog": _facts("instances/china.json"),
    "Intune's sets of a catalog": _facts("intune.toml"),
    "facts of probes": _facts("certificates.toml"),
    "recorded list": _below("2030010100.json", read_recorded_lists),
    "sums of a mirror": _below("SHA256SUMS", lambda folder: FileSource(folder).clouds),
    "sums of an export": _below("SHA256SUMS", lambda folder: _exported_files(folder, ())),
    "kept numbers": _below(f"{KEEPING}/.perimeter365.json", lambda folder: load_kept(folder, targets[KEEPING])),
    "manifest": _below(
        "csv/.perimeter365.json",
        lambda folder: write([RenderResult(target="csv", artifacts=(), losses=(), about={}, outside={})], folder),
    ),
    "saved plan": _below("fortigate/plan.json", lambda folder: load_render(folder, targets["fortigate"])),
    "losses": _below("csv/losses.json", load_losses),
    "addresses of notifications": lambda path: addresses(Settings(quiet=True), (), path),
    "service tags": read_service_tags,
    "public addresses": read_public_ips,
    "store": lambda path: reader(str(path)),
}
"""Every reader that reports an error: name -> reads a path."""

QUIET: dict[str, Callable[[Path], object]] = {
    "health file": lambda path: bool(health_problems(path, datetime.now(UTC))),
    "cached answer": _below("x", lambda folder: _cached(folder) is None),
    "wait time": _below("x", lambda folder: _waiting(folder) == 0),
    "client id": _below("client-id", lambda folder: len(installation_id(folder)) == 36),
    "fingerprint": lambda path: len(fingerprint(str(path))) < 200,
    "fingerprint of a folder": _below("x", lambda folder: len(fingerprint(str(folder))) < 200),
}
"""Readers to which an unusable file is a value, or as good as none: name -> reads a path, and returns whether it is so."""

ACCEPTED = {
    ("constraints", "empty"): "has no constraint",
    ("observed names", "empty"): "has no name",
    ("addresses of notifications", "empty"): "has no address",
    ("sums of an export", ""): "the sums only name files that are not there; they are written again",
    ("sums of a mirror", "empty"): "a folder without lists has no cloud",
    ("page", ""): "what is not a page is rejected by its parser, whose tests have such texts",
}
"""Reader and hostile file that is not an error -> reason."""


def _cached(folder: Path) -> object:
    service = WebService("https://127.0.0.1", folder=folder)
    (folder / "answers").mkdir()
    (folder / "x").rename(service._file("/version"))
    return service._cached("/version")


def _waiting(folder: Path) -> float:
    service = WebService("https://127.0.0.1", folder=folder)
    (folder / "answers").mkdir()
    (folder / "x").rename(service._wait_file)
    return service.seconds_to_wait


@pytest.fixture(autouse=True)
def bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stop a test that waits or takes memory without a limit; refuse files of mode 000 also to root."""
    monkeypatch.chdir(tmp_path)
    real = os.open

    def guarded(path: object, *arguments: int, **keywords: int) -> int:
        if isinstance(path, str | Path) and Path(path).is_file() and not Path(path).stat().st_mode & 0o777:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", guarded)

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"the reader is not done after {SECONDS} s")

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGALRM, stop)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, before[1]))
        signal.alarm(SECONDS)
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
        resource.setrlimit(resource.RLIMIT_AS, before)


def hostile(name: str, path: Path) -> Path:
    """Make a hostile file."""
    if name in KINDS:
        KINDS[name](path)
    else:
        path.write_bytes(CONTENTS[name])
    return path


@pytest.mark.parametrize("name", [*KINDS, *CONTENTS])
@pytest.mark.parametrize("door", READERS)
def test_a_hostile_file_is_an_error_that_names_it(door: str, name: str, tmp_path: Path) -> None:
    path = hostile(name, tmp_path / "hostile.toml")
    if (door, name) in ACCEPTED or ((door, "") in ACCEPTED and name in CONTENTS):
        READERS[door](path)
        return
    with pytest.raises(Perimeter365Error) as caught:
        READERS[door](path)
    assert caught.value.exit_code in (2, 3)
    assert len(caught.value.message) < 2000
    names = ("hostile", "folder", ROW, "china.json", "intune.toml", "certificates.toml", "stdin")
    assert any(each in caught.value.message for each in names), caught.value.message


@pytest.mark.parametrize("name", [*KINDS, *CONTENTS])
@pytest.mark.parametrize("door", QUIET)
def test_a_hostile_file_is_as_good_as_none(door: str, name: str, tmp_path: Path) -> None:
    assert QUIET[door](hostile(name, tmp_path / "hostile"))


@pytest.mark.parametrize("name", CONTENTS)
def test_a_hostile_profile_on_stdin_is_an_error(name: str, cli: Cli) -> None:
    ran = cli("plan", "-", stdin=CONTENTS[name])
    assert (ran.code, "stdin" in ran.err) == (2, True), ran.err


def test_stdin_without_an_end_is_an_error(cli: Cli) -> None:
    endless = b"a" * (9 << 20)
    for words in (("plan", "-"), ("import", "page", "-")):
        ran = cli(*words, stdin=endless)
        assert (ran.code, "more than" in ran.err) == (2, True), ran.err
    ran = cli("lookup", "-", stdin=endless)
    assert ran.code == 2
    assert len(ran.err) < 1000


WORDS = {
    "plan": ("plan", "BAD"),
    "render": ("render", "csv", "--profile", "BAD", "-o", "out"),
    "observed": ("render", "csv", "--profile", "contoso.toml", "-o", "out", "--observed", "BAD"),
    "catalog": ("--catalog", "BAD", "rows"),
    "store": ("--store", "BAD", "versions"),
    "import page": ("import", "page", "BAD"),
    "import history": ("import", "history", "DIR"),
    "losses": ("losses", "DIR"),
    "since": ("render", "fortigate", "--profile", "contoso.toml", "-o", "out", "--since", "DIR"),
    "sync": ("sync", "--from", "DIR"),
    "notify": ("notify", "--file", "BAD"),
    "doctor": ("doctor", "--health", "BAD"),
}
"""Command lines; BAD is a hostile file, DIR a folder that has only such files."""


@pytest.mark.parametrize("name", ["pipe", "endless device"])
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_no_command_waits_for_a_pipe_or_reads_a_device(
    words: tuple[str, ...], name: str, cli: Cli, profile: Path, tmp_path: Path
) -> None:
    hostile(name, tmp_path / "bad")
    for each in ("2030010100.json", "losses.json", "fortigate/plan.json", "fortigate/.perimeter365.json", "SHA256SUMS"):
        (tmp_path / "dir" / each).parent.mkdir(parents=True, exist_ok=True)
        hostile(name, tmp_path / "dir" / each)
    ran = cli(*(word.replace("BAD", "bad").replace("DIR", "dir") for word in words))
    assert ran.code in (1, 2, 3), ran.err
    assert "bad" in ran.out + ran.err or "dir" in ran.out + ran.err


def test_the_constraints_of_the_environment_are_read_in_the_same_way(
    cli: Cli, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERIMETER365_CONSTRAINTS", str(hostile("pipe", tmp_path / "bad")))
    ran = cli("render", "csv", "--profile", str(profile), "-o", "out")
    assert (ran.code, "bad: it is a named pipe" in ran.err) == (2, True), ran.err


def test_an_unchanged_file_is_not_compared_with_a_device(tmp_path: Path) -> None:
    for name in ("pipe", "endless device", "gigabyte"):
        assert replace(hostile(name, tmp_path / name), b"{}")
        assert (tmp_path / name).read_bytes() == b"{}"


@pytest.mark.parametrize("read", [read_recorded_lists, load_losses, lambda folder: FileSource(folder).clouds])
def test_a_folder_that_contains_itself_ends(read: Callable[[Path], object], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for name in "abcdefgh":
        (folder / name).mkdir(parents=True)
        for link in "ijklmnop":
            (folder / name / link).symlink_to(folder)
    (folder / "SHA256SUMS").write_text("", "ascii")
    with pytest.raises(Perimeter365Error, match="folder"):
        read(folder)


def test_a_profile_with_too_many_entries_is_rejected(tmp_path: Path) -> None:
    domains = json.dumps([f"d{i}.example" for i in range(30_000)])
    with pytest.raises(Perimeter365Error, match=r"organization\.email_domains has 30000 entries, more than 5000, the limit"):
        parse_profile(f'[organization]\nclouds = ["worldwide"]\nemail_domains = {domains}\n')
    hosts = json.dumps([f"10.{i >> 8}.{i & 255}.1" for i in range(10_001)])
    with pytest.raises(Perimeter365Error, match=r"roles\.client has 10001 entries, more than 10000, the limit"):
        parse_profile(f'[organization]\nclouds = ["worldwide"]\n[roles]\nclient = {hosts}\n')


@pytest.mark.parametrize("line", ["a{} = 1", "[a{}]", "[[accept]]\na{} = 1", '[roles."a{}"]', '"a{}" = {{ a = 1 }}'])
def test_a_profile_of_mistakes_is_rejected_in_time(line: str) -> None:
    with pytest.raises(Perimeter365Error):
        parse_profile("\n".join(line.format(i) for i in range(15_000)))
