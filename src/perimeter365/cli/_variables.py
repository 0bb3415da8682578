"""The environment variables that perimeter365 reads, and those that look like one.

`known_variables` is the only list of them: `config show`, the warning before each command and docs/reference/settings.md
use it.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import cast

import click

from perimeter365.cli._command import PREFIX, shared_options
from perimeter365.errors import nearest

OTHER_VARIABLES = {
    f"{PREFIX}_DEBUG": "Save a traceback to a file if a defect occurs.",
    f"{PREFIX}_CONSTRAINTS": "File with the operator's constraints, which no artifact exceeds.",
    f"{PREFIX}_UPSTREAM": "URL of the web service or of a mirror.",
    "NO_COLOR": "Disable color.",
}
"""Environment variables without an option."""

# Kubernetes sets these in each container of a namespace with a service `perimeter365`. Matches PERIMETER365_SERVICE_HOST and
# PERIMETER365_PORT_8365_TCP_ADDR, not PERIMETER365_PORTS.
_SERVICE = re.compile(
    rf"{PREFIX}_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_[0-9]+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?)"
)


def commands(root: click.Context) -> Iterator[tuple[str, click.Context]]:
    """Yield name (such as `config.show`) and context of every command, except groups."""
    app = cast("click.Group", root.command)
    for name in app.list_commands(root):
        found = app.get_command(root, name)
        if found is None:
            continue
        context = click.Context(found, parent=root, info_name=name)
        if isinstance(found, click.Group):
            for inner in found.commands.values():
                yield f"{name}.{inner.name}", click.Context(inner, parent=context, info_name=inner.name)
        else:
            yield name, context


def variable(ctx: click.Context, option: click.Option) -> str:
    """Return the environment variable of an option (see `perimeter365.cli._command`)."""
    return str(option.envvar) if option.envvar else f"{ctx.auto_envvar_prefix}_{str(option.name).upper()}"


def known_variables(root: click.Context) -> Iterator[str]:
    """Yield every environment variable that perimeter365 reads.

    Those that do not belong to a command come first.
    """
    yield from OTHER_VARIABLES
    yield from (variable(root, option) for option in shared_options())
    for _, each in commands(root):
        yield from (variable(each, own) for own in each.command.params if isinstance(own, click.Option))


def unknown_variables(root: click.Context, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the PERIMETER365_… variables that nothing reads, with the nearest name.

    The nearest name is "" if none is similar.
    """
    left = {name for name in environment if name.startswith(f"{PREFIX}_") and not _SERVICE.fullmatch(name)}
    known = []
    for name in known_variables(root):
        if not left:  # the commands need not be imported
            return {}
        left.discard(name)
        known.append(name)
    return {name: nearest(name.lower(), [k.lower() for k in known]).upper() for name in sorted(left)}


def warn_of_unknown(root: click.Context) -> None:
    """Print a warning on stderr for each unknown variable, with --quiet too.

    A misspelled PERIMETER365_CONSTRAINTS would otherwise remove a limit without a message.
    """
    for name, near in unknown_variables(root, os.environ).items():
        print(f"warning: no option reads {name}" + (f"; did you mean {near}?" if near else ""), file=sys.stderr)
