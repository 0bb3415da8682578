"""The shared options: color, messages, tables."""

import sys

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
    assert "\033[" not in out.replace("\033[1m", "").replace("\033[0m", "").replace("\033[3m", "")


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
