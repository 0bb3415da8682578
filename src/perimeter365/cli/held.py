"""`perimeter365 held`: the states that wait for a person, and what is decided about them."""

from typing import Any

import click

from perimeter365.cli._command import KEEP, Command, json_option, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import opened
from perimeter365.cli._sync import finish, job_of, list_held, reject_held, telling_options


class DefaultList(click.Group):
    """A group whose options alone, or nothing at all, mean its subcommand `list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; `--json` is `list --json`."""
        asks = bool(args) and args[0] in ("-h", "--help")
        return super().parse_args(ctx, args if asks or (args and not args[0].startswith("-")) else ["list", *args])


@click.group("held", cls=DefaultList)
def command() -> None:
    """List, admit or reject held states.

    A sync holds what is stranger than honest changes are; the last good list stays in force meanwhile. Without a
    subcommand, list what waits: exit code 4 if there is something.
    """


command.section = KEEP  # type: ignore[attr-defined]


@command.command("list", cls=Command)
@json_option
@pass_settings
def show(settings: Settings, json: bool) -> int:
    """List the held states, with the reasons.

    Exit code 4 if there is one.
    """
    with opened(settings, create=False) as store:
        return list_held(settings, store, json)


@command.command("admit", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@telling_options
@json_option
@pass_settings
def admit(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Put a held state into force, by its number.

    It is then what a sync would have committed: feeds and notifications follow.
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"])
    with opened(settings, create=False) as store:
        from perimeter365.follow.round import admit
        from perimeter365.history.sync import exit_code

        code = exit_code([admit(store, number, reporter)])
        after = finish(job, store, reporter)
        return code or after


@command.command("reject", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@telling_options
@json_option
@pass_settings
def reject(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Drop a held state, by its number.

    The last good list stays in force. The same content is not held again.
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    with opened(settings, create=False) as store:
        reject_held(settings, store, number, given["json"])
        return finish(job, store, TerminalReporter(settings))
