"""The shared options: color, messages, tables."""

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.cli._settings import Settings
from perimeter365.show.tables import Table, to_text

TABLE = Table(title="Things (1)", columns=("name", "value"), rows=(("[red]one[/red]", "1"),))


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


@pytest.mark.parametrize(
    ("color", "no_color", "terminal", "expected"),
    [
        ("auto", "", True, True),
        ("auto", "1", True, False),
        ("auto", "", False, False),
        ("always", "1", False, True),
        ("never", "", True, False),
    ],
)
def test_color_is_used_only_on_terminals_that_support_it(
    color: str, no_color: str, terminal: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    settings = Settings(color=color)
    assert settings.colored is expected
    assert ("\033[" in settings.bold("x")) is expected


def test_a_dumb_terminal_gets_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    on_terminal(monkeypatch)
    assert not Settings().colored


def test_tables_are_plain_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    Settings().print_tables([TABLE])
    assert capsys.readouterr().out == to_text([TABLE])


def test_tables_on_a_terminal_show_cells_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    on_terminal(monkeypatch)
    Settings(color="never").print_tables([TABLE])
    out = capsys.readouterr().out
    assert "[red]one[/red]" in out
    assert "\033" not in out


def test_color_always_is_color_in_a_pipe_too(capsys: pytest.CaptureFixture[str]) -> None:
    Settings(color="always").print_tables([TABLE])
    assert "\033[" in capsys.readouterr().out


def on_a_pty(words: list[str], **settings: str) -> bytes:
    """Return what a command writes to a terminal, on stdout and stderr."""
    ours, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM") and not k.startswith("PERIMETER365")}
    command = [sys.executable, "-m", "perimeter365", *words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, env={**environment, "TERM": "xterm", **settings}
    ):
        os.close(terminal)
        written = b""
        with contextlib.suppress(OSError):  # EIO: the other end is closed
            while data := os.read(ours, 65536):
                written += data
    os.close(ours)
    return written


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal of POSIX")
@pytest.mark.parametrize("words", [["targets"], ["show", "row/6"], ["show", "no-such-row"], ["lookup"], ["no-such"]])
def test_color_never_writes_no_escape_sequence_on_stdout_and_stderr(words: list[str], tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path)}
    assert b"\033[" in on_a_pty(words, **home)
    for settings in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"PERIMETER365_COLOR": "never"}):
        assert b"\033" not in on_a_pty(words, **home, **settings), settings
    assert b"\033" not in on_a_pty(["--color", "never", *words], **home)
    assert b"\033" not in on_a_pty([*words, "--color=never"], **home)


@pytest.mark.parametrize("failed", [True, False])
def test_quiet_prints_what_may_be_the_reason_only_if_the_command_fails(
    capsys: pytest.CaptureFixture[str], *, failed: bool
) -> None:
    settings = Settings(quiet=True)
    settings.log("left out", on_failure=True)
    assert capsys.readouterr().err == ""
    settings.flush(failed=failed)
    settings.flush(failed=failed)
    assert capsys.readouterr().err == ("left out\n" if failed else "")


def test_no_line_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Settings().log()
    Settings().log(on_failure=True)
    assert capsys.readouterr().err == ""


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Settings(quiet=True).log("a")
    Settings().log("b", "c")
    assert capsys.readouterr().err == "b\nc\n"


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("ascii", False), ("cp437", True), ("no-such", False), (None, False)]
)
def test_characters_that_the_encoding_lacks_are_detected(
    encoding: str | None, can: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stream:
        pass

    stream = Stream()
    stream.encoding = encoding  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "stdout", stream)
    assert Settings().can_print("█") is can
