"""`perimeter365 config show`: every setting with its value and origin."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from perimeter365.cli._command import (
    OTHER,
    Command,
    SecretOption,
    declare_group,
    json_option,
    pass_settings,
    shared_options,
)
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._variables import commands, variable
from perimeter365.errors import UnknownNameError

SOURCES = {
    click.ParameterSource.COMMANDLINE: "flag",
    click.ParameterSource.ENVIRONMENT: "env",
    click.ParameterSource.DEFAULT: "default",
}

_PASSWORD = re.compile(r"(://[^\s/:@]*):\S*@")
_IN_QUERY = re.compile(r"([?&](?:ssl)?password=)[^\s&]*")
"""Places in the URL of a store or upstream that may contain a password."""


@declare_group("config", OTHER)
def command() -> None:
    """Show the settings in force.

    Examples:
        perimeter365 config show
    """


@command.command("show", cls=Command)
@click.argument("names", metavar="[SETTING]...", nargs=-1)
@click.option("--profile", type=click.Path(path_type=Path), help="List the targets' values of a profile, too.")
@json_option
@pass_settings
@click.pass_context
def show(ctx: click.Context, settings: Settings, names: tuple[str, ...], profile: Path | None, json: bool) -> None:
    """List every setting with its value and origin.

    SETTING is a name of the list, such as plan.format; without one, all are listed.

    The origin is a flag, the environment or the default. The environment variable of each setting is also listed.

    A PERIMETER365_… variable that no option reads is reported on stderr, as by every command; it is probably misspelled.

    Examples:
        perimeter365 config show
        perimeter365 config show store plan.format
        perimeter365 config show --json
    """
    found = [*settings_in_force(ctx), *(target_settings(settings, profile) if profile else ())]
    for name in names:
        if name not in (known := [setting["setting"] for setting in found]):
            raise UnknownNameError("setting", name, known)
    found = [setting for setting in found if not names or setting["setting"] in names]
    if json:
        print_json(found)
    else:
        from perimeter365.show.tables import Table

        columns = ("setting", "value", "from", "environment variable")
        rows = tuple((s["setting"], s["value"], s["from"], s["variable"]) for s in found)
        settings.print_tables([Table(title="Settings in force", columns=columns, rows=rows)])


def settings_in_force(ctx: click.Context) -> Iterator[Mapping[str, str]]:
    """Yield all options as `{"setting", "value", "from", "variable"}`."""
    root = ctx.find_root()
    for option in shared_options():
        name = str(option.name)
        after = ctx.get_parameter_source(name) is click.ParameterSource.COMMANDLINE
        source = (ctx if after else root).get_parameter_source(name) or click.ParameterSource.DEFAULT
        value = getattr(ctx.ensure_object(Settings), name)
        yield _setting(name, value, SOURCES[source], variable(root, option))
    for path, each in commands(root):
        for own in each.command.params:
            if isinstance(own, click.Option) and not own.hidden:
                by_variable = own.resolve_envvar_value(each) is not None
                value = own.value_from_envvar(each) if by_variable else own.get_default(each)
                value = "(not shown)" if by_variable and value and isinstance(own, SecretOption) else value
                yield _setting(f"{path}.{own.name}", value, "env" if by_variable else "default", variable(each, own))


def target_settings(settings: Settings, profile: Path) -> Iterator[Mapping[str, str]]:
    """Yield the settings of targets in a profile.

    They have the form of `settings_in_force`. Raises ProfileError.
    """
    from perimeter365.targets.settings import option_text
    from perimeter365.workspace import check_profile

    own = settings.load_profile(profile)
    check_profile(own)
    for name, each in own.targets.items():
        for key, value in each.values.items():
            yield {"setting": f"targets.{name}.{key}", "value": option_text(value), "from": "profile", "variable": ""}


def _setting(name: str, value: object, source: str, variable: str) -> Mapping[str, str]:
    if value is None or value is False or repr(value) == "Sentinel.UNSET" or value == ():
        text = ""
    elif isinstance(value, tuple | list):
        text = " ".join(map(str, value))
    else:
        text = "yes" if value is True else str(value)
    text = _IN_QUERY.sub(r"\1…", _PASSWORD.sub(r"\1:…@", text))
    return {"setting": name, "value": text, "from": source, "variable": variable}
