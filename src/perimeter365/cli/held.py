"""`perimeter365 held`: the held states and the decisions about them."""

from pathlib import Path
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
    """List, admit or reject what is held.

    A sync holds suspicious changes until a person decides. A suspicious entry is held alone: its old value stays in force,
    and the rest of the list comes into force. Some changes hold the whole list; the last good one stays in force then.
    Without a subcommand, list what is held; exit code 4 if there is anything.

    Examples:
        perimeter365 held
        perimeter365 held admit 3
        perimeter365 held admit 3 --except '11:*.example.net'
        perimeter365 held reject 3
        perimeter365 held feeds
    """


@command.command("list", cls=Command)
@click.option("--rejected", is_flag=True, help="List the rejected entries instead.")
@json_option
@pass_settings
def show(settings: Settings, rejected: bool, json: bool) -> int:
    """List held entries and lists with the reasons.

    Single entries come first. Exit code 4 if something is held.

    Examples:
        perimeter365 held list
        perimeter365 held list --rejected --json
    """
    with open_store(settings, create=False) as store:
        return list_held(settings, store, json, rejected=rejected)


@command.command("admit", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@click.option("--except", metavar="ID", multiple=True, help="Keep this entry held; repeatable.")
@notify_options
@json_option
@pass_settings
def admit(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Put what is held into force.

    HELD is the number that `perimeter365 held` prints; it also prints the ID of each entry. Feeds and notifications follow,
    as after a sync. Entries that were rejected can be admitted by their number, too (`held list --rejected`).
    A whole list is admitted with its suspicious entries; --except keeps some out. Exit code 4 if entries stay held; they get
    a new number.

    Examples:
        perimeter365 held admit 3
        perimeter365 held admit 3 --except '11:*.example.net' --except 11:ports
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"])
    with open_store(settings, create=False) as store:
        from perimeter365.follow.round import admit
        from perimeter365.history.sync import exit_code

        code = exit_code([admit(store, number, reporter, leave=given["except"], profiles=job.profiles)])
        after = finish(job, store, reporter)
        return code or after


@command.command("reject", cls=Command)
@click.argument("number", metavar="HELD", type=int)
@notify_options
@json_option
@pass_settings
def reject(settings: Settings, /, *, number: int, **given: Any) -> int:
    """Reject what is held.

    HELD is the number that `perimeter365 held` prints. The old values, or the last good list, stay in force. The same change
    is not held again. To admit a part of the entries, `held admit HELD --except ID`, then reject the rest.

    Examples:
        perimeter365 held reject 3
    """
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    with open_store(settings, create=False) as store:
        reject_held(settings, store, number, given["json"])
        return finish(job, store, TerminalReporter(settings))


profiles_option = click.option(
    "--profiles",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of profiles, as of `serve`.",
)


@command.command("feeds", cls=Command)
@click.argument("path", metavar="[PATH]...", nargs=-1)
@profiles_option
@json_option
@pass_settings
def feeds(settings: Settings, path: tuple[str, ...], profiles: Path | None, json: bool) -> int:
    """List lists of the service without entries.

    `serve` keeps serving the last bytes of such a list until a person admits it. PATH is the path or URL of a list or
    target; without it, those of each cloud's whole selection and of each profile in DIR are listed. Exit code 4 if a list
    waits.

    Examples:
        perimeter365 held feeds
        perimeter365 held feeds --profiles profiles
        perimeter365 held feeds '/feeds/text?cloud=worldwide&areas=exchange'
    """
    from perimeter365.cli._held_feeds import list_feeds

    return list_feeds(settings, path, profiles, as_json=json)


@command.command("admit-feed", cls=Command)
@click.argument("path", metavar="PATH")
@profiles_option
@json_option
@pass_settings
def admit_feed(settings: Settings, path: str, profiles: Path | None, json: bool) -> int:
    """Admit that a list of the service is empty.

    PATH is a path that `perimeter365 held feeds` or the service names, or its URL. The service then serves the comment
    `# empty`, and an entry that nothing matches where a device needs one. If the list has entries again, they are served.

    Examples:
        perimeter365 held admit-feed /p/contoso/text/teams.txt --profiles profiles
    """
    from perimeter365.cli._held_feeds import admit_one

    return admit_one(settings, path, profiles, as_json=json)
