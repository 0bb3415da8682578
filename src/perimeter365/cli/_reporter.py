"""Output of a sync round: progress and outcomes on stderr, JSON or diff on stdout."""

import json
import sys
from collections.abc import Mapping, Sequence

from perimeter365.cli._notify import print_delivery
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._streams import print_styled
from perimeter365.errors import Perimeter365Error
from perimeter365.follow.round import Reporter, RoundReport
from perimeter365.history.diff import summary, to_dict
from perimeter365.history.report import report_text
from perimeter365.history.sync import FAILED, Outcome
from perimeter365.model.finding import printable
from perimeter365.model.quantity import quantity
from perimeter365.show.findings import held_entry_lines, reason_lines

SHOWN = 10
"""The maximum number of held entries of a cloud that are printed; `perimeter365 held` prints all."""


class TerminalReporter(Reporter):
    """The reporter of the command line."""

    def __init__(self, settings: Settings, *, as_json: bool = False, lines: bool = False, dry: bool = False) -> None:
        """Create a reporter.

        Args:
            settings: The shared options; --quiet suppresses output on stderr.
            as_json: Print the outcomes as JSON.
            lines: Print one JSON document per line, for a command that runs many rounds.
            dry: Nothing is stored, so report what would be done.
        """
        self._settings = settings
        self._json, self._lines, self._dry = as_json, lines, dry
        self.shown = sys.stderr.isatty() and not settings.quiet and settings.may_escape(sys.stderr)
        """True if progress is shown, on one line of the terminal that is overwritten."""

    def progress(self, text: str) -> None:
        """Show a progress text in place of the previous one."""
        if self.shown:
            print_styled(f"\r\033[K{printable(text)}", sys.stderr, end="")

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Print the outcome for each cloud."""
        if self._json and self._lines:
            print(json.dumps([outcome.to_dict() for outcome in outcomes]), flush=True)
        elif self._json:
            print_json([self._to_json(outcome) for outcome in outcomes])
        for outcome in outcomes:
            lines = outcome_lines(outcome, dry=self._dry)
            needs_person = outcome.status == FAILED or outcome.held  # printed with --quiet, too
            if needs_person and self._settings.quiet:
                print(*lines, sep="\n", file=sys.stderr)
            else:
                self._settings.log(*lines)
        if self._dry and not self._json and (diffs := [outcome.diff for outcome in outcomes if outcome.diff]):
            print(report_text(diffs), end="")

    def finished(self, report: RoundReport) -> None:
        """Print the feeds that were written and the result of the delivery."""
        for path in report.feeds:
            self._settings.log(f"wrote {path}")
        if report.delivery:
            print_delivery(self._settings, report.delivery)

    def note(self, text: str) -> None:
        """Print a note."""
        self._settings.log(f"note: {text}")

    def problem(self, error: Perimeter365Error | OSError) -> None:
        """Print a warning."""
        text = error.message if isinstance(error, Perimeter365Error) else f"{error.filename}: {error.strerror}"
        print(f"warning: {text}", file=sys.stderr)

    def _to_json(self, outcome: Outcome) -> Mapping[str, object]:
        made = outcome.to_dict()
        return {**made, "diff": to_dict([outcome.diff]) if outcome.diff is not None else None} if self._dry else made


def outcome_lines(outcome: Outcome, *, dry: bool = False) -> list[str]:
    """Format the outcome for a cloud as text."""
    status = {"committed": "would be committed", "held": "would be held"}.get(outcome.status) if dry else None
    title = f"{outcome.cloud}: {status or outcome.status}" + (f" {outcome.version}" if outcome.version else "")
    made = [f"{title}: {summary(outcome.diff)}" if outcome.diff else title]
    if outcome.held:
        held = outcome.held
        made += reason_lines(held.reasons, "  ", entries=False)
        if held.entries:
            waiting = "would be held" if dry else "held; old values are in force"
            title = "suspicious entries" if held.whole else waiting
            made.append(f"  {quantity(len(held.entries), 'entry')} {waiting}:" if not held.whole else f"  {title} in it:")
            made += held_entry_lines(held.entries, "    ", SHOWN)
        if held.id:
            force = "the last good list" if held.whole else "the rest of the list"
            made.append(f"  help: perimeter365 held admit {held.id}, or held reject {held.id}; {force} is in force")
    made += [f"  {number} {'would have ' * dry}healed: upstream withdrew the change" for number in outcome.healed]
    made += [f"  note: {note}" for note in outcome.notes]
    if outcome.error:
        made.append(f"  {outcome.error.code}: {outcome.error.message}; the last good list is in force")
        made.append(f"  help: {outcome.error.help or f'`perimeter365 explain {outcome.error.code}`'}")
    return made
