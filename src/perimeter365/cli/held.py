"""`perimeter365 held`: the held states and the decisions about them."""

from typing import Any

import click

from perimeter365.cli._command import VERSIONS, Command, Group, declare_group, json_option, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import open_store
from perimeter365.cli._sync import finish, job_of, list_held, notify_options, reject_held


class DefaultList(Group):
    """A group that runs its subcommand `list` if no subcommand is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; `--json` alone means `list --json`."""
        help = bool(args) and args[0] in ("-h", "--help")
        return super().parse_args(ctx, args if help or (args and not args[0].startswith("-")) else ["list", *args])


@declare_group("held", VERSIONS, DefaultList)
def command() -> None:
    """List, admit or reject held states.

    A sync holds a list with suspicious changes until a person decides; the last good list stays in force. Without a
    subcommand, list the held states; exit code 4 if there are any.

    Examples:
        perimeter365 held
        perimeter365 held admit 3
        perimeter365 held reject 3
    """


@command.command("list", cls=Command)
@json_option
@pass_settings
def show(settings: Settings, json: bool) -> int:
    """List the held states and the reasons.

    Exit code 4 if there is a held state.

    Examples:
        perimeter365 held list
        perimeter365 held list --json
    """
    with open_store(settings, create=False) as store:
        return list_held(settings, store, json)


@command.command("admit", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@notify_options
@json_option
@pass_settings
def admit(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Admit a held state and put it into force.

    HELD is the number of the held state. Feeds and notifications follow, as after a sync.

    Examples:
        perimeter365 held admit 3
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"])
    with open_store(settings, create=False) as store:
        from perimeter365.follow.round import admit
        from perimeter365.history.sync import exit_code

        code = exit_code([admit(store, number, reporter)])
        after = finish(job, store, reporter)
        return code or after


@command.command("reject", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@notify_options
@json_option
@pass_settings
def reject(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Reject a held state.

    HELD is the number of the held state. The last good list stays in force. The same content is not held again.

    Examples:
        perimeter365 held reject 3
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    with open_store(settings, create=False) as store:
        reject_held(settings, store, number, given["json"])
        return finish(job, store, TerminalReporter(settings))
