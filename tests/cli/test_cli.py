"""`main`: every error becomes a message and an exit code, never a traceback."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365 import cli as package
from perimeter365.cli import demo, main
from perimeter365.errors import Perimeter365Error, error_classes
from tests.cli.conftest import EXAMPLE, Cli

PYTHON = [sys.executable, "-m", "perimeter365"]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(package, "_run", run)


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.code)
def test_every_error_ends_with_its_code_and_help(
    kind: type[Perimeter365Error], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind.__new__(kind)
    Perimeter365Error.__init__(error, "it went wrong", help="do this next")
    raising(monkeypatch, error)
    assert main([]) == kind.exit_code
    assert capsys.readouterr().err == f"error[{kind.code}]: it went wrong\nhelp: do this next\n"


def test_each_cause_is_printed_on_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    error = Perimeter365Error("outer")
    error.__cause__ = ValueError("two\nlines")
    raising(monkeypatch, error)
    assert main([]) == 70
    assert capsys.readouterr().err == "error[P365-BUG]: outer\n  caused by ValueError: two lines\n"


def test_an_unexpected_error_is_a_defect_on_two_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PERIMETER365_DEBUG", raising=False)
    raising(monkeypatch, RuntimeError("unthinkable"))
    assert main([]) == 70
    first, second = capsys.readouterr().err.splitlines()
    assert first == "error[P365-BUG]: RuntimeError: unthinkable"
    assert "PERIMETER365_DEBUG=1" in second


def test_debug_saves_the_traceback_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PERIMETER365_DEBUG", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    raising(monkeypatch, RuntimeError("unthinkable"))
    assert main([]) == 70
    found = re.search(r"the traceback is in (\S+)", capsys.readouterr().err)
    assert found
    assert "RuntimeError: unthinkable" in Path(found[1]).read_text()


def test_an_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert main([]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_full_disk_is_not_a_defect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raising(monkeypatch, OSError(28, "No space left on device"))
    assert main([]) == 2
    assert capsys.readouterr().err == "error[P365-OUTPUT]: No space left on device\n"


@pytest.mark.parametrize("words", [["no-such"], ["lookup"], ["lookup", "--no-such", "x"], ["plan", "--format", "x", "y"]])
def test_wrong_usage_is_exit_2_and_points_to_the_help(cli: Cli, words: list[str]) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[P365-INPUT]: ")
    assert ran.err.endswith("--help`\n")


def test_a_misspelled_command_gets_the_nearest_name(cli: Cli) -> None:
    assert "Did you mean 'lookup'?" in cli("lookpu", "x").err


def test_a_closed_pipe_is_not_an_error() -> None:
    # `show teams --json` prints more than the buffer of a pipe, so that a write fails
    with subprocess.Popen([*PYTHON, "show", "teams", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 0
    assert b"rror" not in err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_a_real_process_with_130_and_one_line() -> None:
    with subprocess.Popen(
        [*PYTHON, "lookup", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("52.112.0.5\n")
        process.stdin.flush()
        assert process.stdout.readline() == "52.112.0.5\n"  # each line is answered before the next one is read
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        last = process.stderr.read().splitlines()[-1]
        process.stdout.read()
    assert (process.returncode, last) == (130, "interrupted")


def test_an_ascii_terminal_is_not_an_error() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PYTHON, "rows"], env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_the_shipped_example_is_the_one_in_examples() -> None:
    if not EXAMPLE.exists():
        pytest.skip("examples/ is missing")
    assert demo.example() == EXAMPLE.read_text("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="a shell closes streams in this way")
@pytest.mark.parametrize("closed", ["<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_not_a_defect(closed: str, tmp_path: Path) -> None:
    words = ["sh", "-c", f'exec "$@" {closed}', "sh", *PYTHON]
    settings = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    for command in (["config", "show"], ["rows", "--json"], ["lookup", "40.96.0.1"]):
        ran = subprocess.run([*words, *command], capture_output=True, env=settings, check=False, timeout=60)
        assert (ran.returncode, b"P365-BUG" in ran.stderr) == (0, False), command


def test_a_cause_in_the_message_is_not_repeated(cli: Cli) -> None:
    ran = cli("diff", "./no.json", "embedded")
    assert ran.code == 2
    assert ran.err == "error[P365-INPUT]: no.json: the file does not exist\n"


def test_an_invalid_value_of_a_variable_names_the_variable(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_SYNC_INTERVAL", "often")
    ran = cli("sync", "--watch")
    assert (ran.code, "(from the environment variable PERIMETER365_SYNC_INTERVAL)" in ran.err) == (2, True)
    ran = cli("sync", "--watch", "--interval", "often")
    assert (ran.code, "environment" in ran.err) == (2, False)
