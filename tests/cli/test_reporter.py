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
    for terminal, quiet, kind in (
        (True, False, "xterm"),
        (False, False, "xterm"),
        (True, True, "xterm"),
        (True, False, "dumb"),
    ):
        monkeypatch.setenv("TERM", kind)
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal, raising=False)
        reporter = TerminalReporter(Settings(quiet=quiet))
        reporting = ReportingUpstream(source, reporter)
        reporting.set_remaining_time(60)
        reporting.version(Cloud.CHINA)
        reporting.state(Cloud.CHINA)
        reporting.changes(Cloud.CHINA, "2026081000")
        reporter.progress("")
        err = capsys.readouterr().err
        if terminal and not quiet and kind != "dumb":
            assert err.startswith("\r\033[Kchina: asking for the version\r\033[Kchina: reading the list\r\033[K")
            assert err.endswith("\r\033[K")
        else:
            assert err == ""
