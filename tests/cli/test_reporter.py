"""The output of a sync round on a terminal."""

import pytest

from perimeter365.cli._reporter import TerminalReporter
from perimeter365.cli._settings import Settings
from perimeter365.follow.round import ReportingUpstream
from perimeter365.model.cloud import Cloud
from tests.cli.test_sync import known
from tests.history.upstream import MemoryUpstream


def test_progress_is_one_line_of_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryUpstream()
    source.publish(known(Cloud.CHINA))
    for terminal, quiet, kind, no_color, color in (
        (True, False, "xterm", "", "auto"),
        (False, False, "xterm", "", "auto"),
        (True, True, "xterm", "", "auto"),
        (True, False, "dumb", "", "auto"),
        (True, False, "xterm", "1", "auto"),
        (True, False, "xterm", "", "never"),
    ):
        monkeypatch.setenv("TERM", kind)
        monkeypatch.setenv("NO_COLOR", no_color)
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal, raising=False)
        reporter = TerminalReporter(Settings(quiet=quiet, color=color))
        reporting = ReportingUpstream(source, reporter)
        reporting.set_remaining_time(60)
        reporting.version(Cloud.CHINA)
        reporting.state(Cloud.CHINA)
        reporting.changes(Cloud.CHINA, "2026081000")
        reporter.progress("")
        err = capsys.readouterr().err
        if (terminal, quiet, kind, no_color, color) == (True, False, "xterm", "", "auto"):
            assert err.startswith("\r\033[Kchina: asking for the version\r\033[Kchina: reading the list\r\033[K")
            assert err.endswith("\r\033[K")
        else:
            assert err == ""
